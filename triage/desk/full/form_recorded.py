"""The end of a screening on the full screen: sent to the record once, refused, or on the record."""

import copy
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from triage.desk.client import Client, Done
from triage.desk.full.form_kept import KeptScreen
from triage.desk.full.form_model import Form
from triage.desk.steps import Document
from triage.desk.unfinished import Screenings
from triage.domain.errors import InputError, NotAllowed, Unreachable
from triage.present import screening_form as words
from triage.present.screening_words import in_words


class RecordedScreen(KeptScreen):
    """A screen whose form goes to the record, once, and which says what was found by it."""

    def __init__(
        self, client: Client, stay: str, who: str, files: Screenings, now: Callable[[], datetime]
    ) -> None:
        super().__init__(stay, files, now)
        self.client, self.stay, self.who = client, stay, who

    def _record(self) -> None:
        form, typed = self._form, self._typed
        assert form is not None
        document: Document = copy.deepcopy({"person": {}} | form.document)
        if document != typed.sent:  # another one than nobody knows of: a key of its own
            typed.sent, typed.key = document, secrets.token_urlsafe(16)
        self._write()
        key, keeper, made_on = typed.key, self._keeper, typed.version
        assert keeper is not None

        def send() -> Done:
            with keeper.instead():
                return self.client.record_screening(self.stay, document, key, made_on)

        self._ask(send, self._recorded)

    def _recorded(self, found: Any) -> None:
        form = self._form
        assert form is not None
        match found:
            case Unreachable():
                form.not_recorded(f"{found} {words.NOT_KNOWN_WHETHER}")
            case InputError():
                first = found.problems[0].field if found.problems else ""
                why = " ".join(each.problem for each in found.problems)
                form.not_recorded(words.REFUSED.format(why), about=first)
            case NotAllowed():
                form.not_recorded(words.REFUSED.format(found))
                if refused := getattr(self.app, "refused", None):
                    self.call_later(refused, found)
            case Done():
                self.files.drop(self.stay)
                self._state(" ".join((*found.notices, words.on_record(found.seq))))
                form.recorded(tuple(self._found(form)))
            case _:
                raise found
        self.paint()

    def _found(self, form: Form) -> list[str]:
        width = max(60, self.app.size.width)
        markers = form.so_far.details.record.markers
        told = in_words(
            form.so_far.findings, width=width, rulebook=form.so_far.rulebook, who=self.who,
            markers=markers,
        )  # fmt: skip
        return [*told.splitlines(), "", words.WITH_PAST]
