"""The end of a release on the full screen: sent to the record, refused, or overtaken by another."""

from enum import StrEnum

from triage.desk.client import Left, SignedOut
from triage.desk.full.release_box import Asked
from triage.desk.parts import PARTS
from triage.desk.releases import overtaken
from triage.desk.steps import Document
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import desk_screens as desk_words
from triage.present import leaving as said
from triage.present import leaving_form as words

_CREDIBLE = 1.0  # seconds in which nobody has read that somebody else was first


class Stage(StrEnum):
    """What stands in the middle of the glass."""

    OPEN = "open"  # what is open now, before anything is asked
    ASK = "ask"
    WHY = "why"  # why anything stays open
    OVER = "over"  # read over, before it is recorded
    OVERTAKEN = "overtaken"  # somebody else was first


class Recording(Asked):
    """A release that is recorded once, by two deliberate keys, after it was read over."""

    def __init__(self, stay: str, draft: Document) -> None:
        super().__init__(draft)
        self.stay = stay
        self.stage = Stage.OPEN
        self.yes = False  # the first of the two deliberate keys was pressed
        self.ended = ""  # who was first
        self._sends = False
        self._unknown = False  # nobody knows whether what was sent is on the record
        self._shown = 0.0  # when it stood there that somebody else was first

    @property
    def breaks_off(self) -> tuple[str, ...]:
        """Nobody waits for a service that is slow; but what is on its way is waited for."""
        return () if self._sends else ("escape",)

    def to_be_read_over(self) -> None:
        """All of it stands on the glass."""
        self.stage, self.notice, self.yes = Stage.OVER, "", False
        self.unread()

    def unread(self) -> None:
        """What stands here now was not there to be read when earlier keys were typed."""
        self.pane.go_to(0)
        self.desk.only_from_now()
        if self.desk.forget_held():
            self.notice = desk_words.UNUSED

    def record(self, key: str) -> None:
        """Two deliberate keys: y, then Enter."""
        if key != "enter":
            self.yes, self.notice = True, ""
        elif self.yes:
            self.yes, self._sends, self.busy = False, True, True
            document, sent_as = self.release.sending()
            self.save()
            self.notice = desk_words.SENDING
            self.desk.run_worker(self._sending(document, sent_as))
        else:
            self.notice = words.NOT_SENT

    async def _sending(self, document: Document, key: str) -> None:
        """Send it, and go back with what came of it; or stay with what was wrong about it."""
        client = self.desk.client
        try:
            left = await self.desk.ask(lambda: client.release(self.stay, document, key))
        except Unreachable as error:
            self._unknown = True
            self.stays(f"{error} {said.NOT_KNOWN_WHETHER}")
        except InputError as error:
            self._answered_for()
            self.stays("")
            self.mend(error)
        except NotAllowed as error:
            self._answered_for()
            await self._refused(error)
        else:
            await self._went_well(left)
        self.paint()
        await self.desk.go_on()

    def _answered_for(self) -> None:
        self._unknown = False
        self.release.answered_for()
        self.save()

    def stays(self, why: str) -> None:
        """Nothing typed is lost; what was typed ahead for what comes after is not used here."""
        self._sends = self.busy = False
        unused = f" {desk_words.UNUSED}" if self.desk.forget_held() else ""
        self.notice = f"{why}{unused}".strip()

    async def _went_well(self, left: Left) -> None:
        self.desk.drafts.drop(self.stay)
        self._sends = self.busy = False
        below = self.desk.below(self)
        await self.desk.close(self)
        stays = [said.left_open(len(left.gaps))] if left.gaps else []
        below.say(" ".join([said.on_record(left.seq), *left.notices, *stays]))

    async def _refused(self, error: NotAllowed) -> None:
        self.stays(f"{desk_words.NOT_RECORDED} {error}")
        if isinstance(error, SignedOut):
            await self.desk.refused(error)
            return
        found = await self.desk.ask(lambda: overtaken(self.desk.client, self.stay))
        if found is None:
            self.notice += f" {said.KEPT_ALL_THE_SAME}"
        else:
            self.ended = str(error)
            self.show_overtaken()

    def mend(self, error: InputError) -> None:
        """Go to the part that a fault is about."""
        try:
            at, told = self.release.mend(error)
        except InputError:
            problems = " ".join(each.problem for each in error.problems)
            self.notice = f"{desk_words.NOT_RECORDED} {problems}"
            return
        self.save()
        if at < len(PARTS):
            self.ask(at)
            self.fault = " ".join(told)
        else:
            self.finish()
            self.notice = " ".join(told)

    def show_overtaken(self) -> None:
        """Who was first, with all that was typed here in vain."""
        self.stage, self.notice = Stage.OVERTAKEN, ""
        self._shown = self.desk.running()
        self.unread()

    async def take_away(self) -> None:
        """Keep it no longer; never by a key that was pressed before anybody could read it."""
        if self.desk.typed() - self._shown < _CREDIBLE:
            self.notice = words.READ_FIRST
            return
        typed = bool(self.release.typed())
        self.desk.drafts.drop(self.stay)
        below = self.desk.below(self)
        await self.desk.close(self)
        if typed:
            below.say(words.TAKEN_AWAY)

    def hear_ended(self, ended: str) -> None:
        """Nothing is taken from under somebody's keys: it stands on top until they enter."""
        if self.ended or self._sends or self._unknown:  # then it may well be our own release
            return
        self.ended = ended
        if self.stage is not Stage.ASK:
            self.show_overtaken()
