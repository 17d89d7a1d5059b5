"""The night told as text in a terminal: Enter for the next scene, b for the one before."""

from collections.abc import Callable, Iterable, Iterator

from triage.demo.looking import Looking
from triage.demo.night import Night, Scene
from triage.demo.stage import Stage
from triage.demo.views import shown
from triage.domain import london
from triage.present import spans
from triage.present.lines import usable, wrapped, wrapped_lines

TRAINING = "TRAINING"  # stands on every line: nobody mistakes it for a real suite
_KEEP = 2  # lines of the screen that the question needs
BEGIN_AGAIN = "The night is told. To begin it again: triage demo --reset"
_HELP = "Enter: next   b: back   q: stop"

Ask = Callable[[str], str]
Say = Callable[[str], None]
Back = Callable[[Stage, Scene | None], Stage]


def told(stage: Stage, *, width: int) -> tuple[str, ...]:
    """The scene at which the night stands, as lines of plain text, every one of them marked."""
    wide = usable(width) - len(TRAINING) - 2
    return tuple(f"{TRAINING}  {line}".rstrip() for line in ("", *scene_lines(stage, wide)))


def tell(stage: Stage, *, ask: Ask, say: Say, back: Back, size: tuple[int, int]) -> Stage:
    """Tell the night from where it stands until the viewer stops or it ends.

    ``back`` builds the night again at an earlier scene. ``size`` is columns and rows.
    """
    width, rows = size
    while True:
        answer = _pages(told(stage, width=width), ask, say, rows, _question(stage, width))
        if answer.startswith("q"):
            return stage
        if answer.startswith("b"):
            stage = back(stage, _before(stage))
        elif stage.next_scene is None:
            return stage
        else:
            stage.play_scene()


def _before(stage: Stage) -> Scene | None:
    """The scene before the one that is shown; the first has none."""
    scene = stage.scene
    if scene is None or scene.number < 2:
        return None
    return stage.night.scenes[scene.number - 2]


def _pages(lines: tuple[str, ...], ask: Ask, say: Say, rows: int, question: str) -> str:
    """Show the lines without letting any run off the screen; the answer to the last question."""
    each = max(6, rows - _KEEP)
    pages = [lines[begin : begin + each] for begin in range(0, len(lines), each)]
    for number, page in enumerate(pages, 1):
        for line in page:
            say(line)
        last = number == len(pages)
        more = f"{TRAINING}  Enter: go on reading ({number} of {len(pages)})   b: back   q: stop > "
        answer = ask(question if last else more).strip().casefold()
        if last or answer[:1] in ("b", "q"):
            return answer
    return ""


def _question(stage: Stage, width: int) -> str:
    following = stage.next_scene
    if following is None:
        return f"{TRAINING}  The night is told. Enter: stop   b: back > "
    return f"{TRAINING}  Next: {london.short(following.at)}.  {_HELP} > "


def scene_lines(stage: Stage, width: int) -> Iterator[str]:
    """What there is to see at this scene, as plain text, for a page that is marked already."""
    scene = stage.scene
    yield from _heading(stage, scene, width)
    if scene is None:
        return
    yield from wrapped(scene.look, width)
    look = Looking(stage.night, stage.service, stage.player, stage.now())
    for what in scene.show:
        yield ""
        for line in shown(look, what):
            yield from wrapped_lines(line, width)


def _heading(stage: Stage, scene: Scene | None, width: int) -> Iterable[str]:
    title = f"{london.text(stage.now())}  {scene_words(stage.night, scene)}"
    return (*wrapped(title, width), "-" * min(width, len(title)))


def stands(stage: Stage) -> Iterator[str]:
    """Where the night stands; at its end also how to see it from the beginning."""
    yield f"It stands at {london.text(stage.now())}. {scene_words(stage.night, stage.scene)}"
    if stage.next_scene is None:
        yield BEGIN_AGAIN


def scene_words(night: Night, scene: Scene | None) -> str:
    """Which beat this is, of how many, and its name."""
    if scene is None:
        return "Before the first beat"
    beats = max(each.beat for each in night.scenes)
    again = " (it goes on)" if scene.continued else ""
    return spans.capital(f"beat {scene.beat} of {beats}: {scene.title}{again}")
