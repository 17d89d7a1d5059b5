"""The screening as it stands on a glass of some size: lines of text, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from triage.desk.beside import about
from triage.desk.full import paint
from triage.desk.full.form_model import Form, Mode
from triage.desk.full.form_standing import State
from triage.desk.line import normal_looks
from triage.desk.steps import Option, Step, Takes
from triage.desk.typed import other_keys
from triage.present import screening_form as words

Lines = list[Text]
_INDENT = "   "
_ACT_ROWS = 3  # of what must be done now, while a question stands below it
_FEWEST_ACTS = 1
_LIST_ROWS = 8  # of everything, below all that must be done now
# How the question gets its room on a small glass: rows of acts, columns of answers.
_FITS = ((_ACT_ROWS, 1), (_ACT_ROWS, 2), (_FEWEST_ACTS, 1), (_FEWEST_ACTS, 2), (0, 1), (0, 2))
_WIDEST = 100  # of a row: further apart nobody sees which answer is whose
_ABOVE = 5  # answered questions above the one in focus


@dataclass(frozen=True)
class Around:
    """What stands around the form: who it is, when it is, where it is kept."""

    who: str
    clock: str = ""
    training: bool = False
    above: str = ""  # a new emergency of somebody else
    stale: str = ""  # that the timers do not run
    kept: str = ""
    loud: bool = False  # it is not kept by the service


def glass(form: Form, around: Around, width: int, height: int) -> Lines:
    """Exactly so many lines: who, how far, what must be done now, the middle, the keys."""
    head = head_of(around, width)
    foot = [paint.row(paint.cut(_keys(form), width).ljust(width), paint.BAR)]
    if form.mode is not Mode.NORMAL:  # all of that list has to stand on one glass
        kept = paint.LOUD if around.loud else paint.SOFT
        if form.mode is not Mode.END:
            head.append(paint.row(paint.cut(form.progress, width), paint.STRONG))
        head.append(paint.row(paint.cut(around.kept, width), kept))
    room = height - len(head) - len(foot)
    middle = _middle(form, around, width, room)[:room]
    return [*head, *middle, *[paint.row()] * (room - len(middle)), *foot]


def head_of(around: Around, width: int) -> Lines:
    """Who is screened, so that nobody screens the wrong person; and a new emergency elsewhere."""
    training = "TRAINING  " if around.training else ""
    lines = [paint.across(f"{training}SCREENING {around.who}", around.clock, width, paint.BAR)]
    if around.above:
        lines += paint.some(around.above, width, 2, first="! ", style=paint.LOUD)
    if around.stale:
        lines.append(paint.row(paint.cut(around.stale, width).ljust(width), paint.LOUD))
    return lines


def _keys(form: Form) -> str:
    match form.mode:
        case Mode.ASK:
            return words.KEYS_ASK
        case Mode.LIST:
            return words.KEYS_LIST
        case Mode.STOP:
            return words.KEYS_STOP
        case Mode.END:
            return words.KEYS_END
        case Mode.NORMAL:
            told = words.KEYS_NORMAL.format(len(form.answering.left_to_look()))
            return f"y: now Enter. {told}" if form.yes else told
    return words.KEYS_SURE


def _middle(form: Form, around: Around, width: int, room: int) -> Lines:
    match form.mode:
        case Mode.ASK:
            return _asking(form, width, room)
        case Mode.NORMAL:
            top = _acts(form, width, 0)[:1]
            return [*top, *_normal(form, width, room - len(top))]
        case Mode.STOP:
            return [*_acts(form, width, _ACT_ROWS), *_paragraph(words.STOP, width)]
        case Mode.LIST:
            return _everything(form, width, room)
        case Mode.SURE | Mode.SENDING:
            return _sure(form, around, width, room)
    return _ending(form, width, room)


def _paragraph(text: str, width: int, style: str = paint.STRONG) -> Lines:
    return [paint.row(), *paint.para(text, width, style=style)]


# What must be done now ---------------------------------------------------------------------------


def _acts(form: Form, width: int, most: int) -> Lines:
    """An emergency, loud and in words, until it is answered otherwise."""
    told = form.alarm
    if not told:
        return []
    acts = [[row.plain for row in paint.para(act, width, first="!! ")] for act in told[1:]]
    shown = list[str]()
    while acts and len(shown) + len(acts[0]) <= most:
        shown += acts.pop(0)
    if acts and not shown and most:  # the first act before all, even where it is cut
        shown = acts[0][:most]
    more = [words.MORE_ACTS] if acts and most else []
    return [paint.row(line.ljust(width), paint.LOUD) for line in (f"!! {told[0]}", *shown, *more)]


# One question ------------------------------------------------------------------------------------


def _asking(form: Form, width: int, room: int) -> Lines:
    step = form.at
    assert step is not None
    for acts, columns in _FITS:
        top, focus = _acts(form, width, acts), _focus(form, step, width, columns)
        left = room - len(top) - len(focus)
        if left >= 0:
            break
    order = form.visible
    here = order.index(step) if step in order else 0
    above = max(0, min(_ABOVE, (left + 1) // 2, here))
    before = [_neighbour(form, each, width) for each in order[here - above : here]]
    after = [_neighbour(form, each, width) for each in order[here + 1 : here + 1 + left - above]]
    return [*top, *before, *focus, *after]


def _neighbour(form: Form, step: Step, width: int) -> Text:
    """One line: what is asked, and what was answered; the answer is never cut off first."""
    width = min(width, _WIDEST)
    answer = paint.cut(form.said(step), width // 2)
    asked = paint.cut(f"{step.number:<4} {step.words}", width - len(answer) - 2)
    style = "" if form.state(step) is State.ANSWERED else paint.SOFT
    return paint.row(f"{asked:<{width - len(answer) - 1}}{answer}", style)


def _focus(form: Form, step: Step, width: int, columns: int) -> Lines:
    rule = f"{'-' * 2} {_title(form, step)} "
    lines = [paint.row(rule.ljust(width, "-"), paint.STRONG)]
    if step.private:
        lines += paint.para(words.PRIVATE, width, style=paint.LEVELS["urgent"])
    asked = f"{step.number} {step.words}".strip()
    lines += paint.para(asked, width, style=paint.STRONG)
    if differs := about(step, form.contested):
        lines += paint.para(differs, width, first=" ! ", style=paint.LEVELS["urgent"])
    lines += _options(form, step, width, columns)
    lines += _typed(form, step, width)
    if form.note:
        lines += paint.some(form.note, width, 3, first=" > ", style=paint.STRONG)
    lines += paint.para(other_keys(step), width, first=_INDENT, style=paint.SOFT)
    return [*lines, paint.row("-" * width, paint.STRONG)]


def _title(form: Form, step: Step) -> str:
    kind = "ASK" if step.is_question else "LOOK" if step.is_observation else "THE STAY"
    if form.state(step) is State.OPEN:
        differs = about(step, form.contested)
        return f"{kind}: {words.TWO_ANSWERS if differs else words.NOT_ASKED_YET}"
    return f"{kind}: now {form.said(step)}; Enter keeps it"


def _options(form: Form, step: Step, width: int, columns: int) -> Lines:
    if not step.options:
        return []
    marked = form.marked(step)
    each = (width - len(_INDENT)) // columns
    cells = [_cell(option, option.key in marked, each) for option in step.options]
    down = -(-len(cells) // columns)
    lines = []
    for row in range(down):
        beside = [cells[row + down * n] for n in range(columns) if row + down * n < len(cells)]
        for part in range(max(map(len, beside))):
            parts = [cell[part] if part < len(cell) else ("", "") for cell in beside]
            line = Text(_INDENT, no_wrap=True, end="")
            for text, style in parts:
                line.append(text.ljust(each), style)
            line.rstrip()
            lines.append(line)
    return lines


def _cell(option: Option, marked: bool, width: int) -> list[tuple[str, str]]:
    mark = "[x]" if marked else "[ ]"
    style = paint.STRONG if marked else ""
    first = f"{option.key} {mark} "
    return [(row.plain, style) for row in paint.para(option.words, width - 1, first=first)]


def _typed(form: Form, step: Step, width: int) -> Lines:
    if step.takes not in (Takes.NUMBER, Takes.TEXT):
        return []
    typed = form.half.get(step.id, "")
    if not typed and form.state(step) is State.ANSWERED:
        return [paint.row(f"{_INDENT}now {paint.cut(form.said(step), width - 10)}"),
                paint.row(f"{_INDENT}> _")]  # fmt: skip
    return paint.para(f"{typed}_", width, first=f"{_INDENT}> ")


# What is about to be said of many ----------------------------------------------------------------


def _normal(form: Form, width: int, room: int) -> Lines:
    looks = normal_looks(form.answering.rulebook, form.answering.left_to_look(), width)
    first = min(form.top, max(0, len(looks) - room))
    shown = [paint.row(line) for line in looks[first : first + room]]
    if first + room < len(looks):
        shown[-1] = paint.row("… more below: Down", paint.LOUD)
    return shown


# Everything ---------------------------------------------------------------------------------------


def _everything(form: Form, width: int, room: int) -> Lines:
    top = _acts(form, width, room - _LIST_ROWS)
    if form.note:
        top += paint.some(form.note, width, 3, first=" > ", style=paint.STRONG)
    if form.other:
        top += paint.some(words.replace_theirs(form.other), width, 2, style=paint.STRONG)
    rows, open_ = form.rows, len(form.open)
    sure = sum(form.so_far.applies(step) is True for step in form.open)
    top.append(paint.row(words.list_head(sure), paint.STRONG))
    fit = max(1, room - len(top))
    first = max(0, min(form.row - fit // 2, len(rows) - fit))
    lines = []
    for number, step in enumerate(rows[first : first + fit], first):
        line = _neighbour(form, step, width - 2)
        chosen = number == form.row
        mark = "> " if chosen else "? " if number < open_ else "  "
        lines.append(paint.row(f"{mark}{line.plain}", paint.CHOSEN if chosen else str(line.style)))
    return [*top, *lines]


def _sure(form: Form, around: Around, width: int, room: int) -> Lines:
    asked, in_all = form.asked
    lines = _acts(form, width, _ACT_ROWS)
    open_ = [step for step in form.visible if form.state(step) in (State.OPEN, State.SKIPPED)]
    lines += _paragraph(words.sure(around.who, asked, in_all), width)
    told = words.BEING_RECORDED if form.mode is Mode.SENDING else words.SURE
    lines += _paragraph(f"{told}{'   y' if form.yes else ''}", width)
    if form.note:
        lines += paint.some(form.note, width, 3, first=" > ", style=paint.STRONG)
    lines.append(paint.row())
    fit = max(0, room - len(lines))
    return [*lines, *(_neighbour(form, step, width) for step in open_[:fit])]


def _ending(form: Form, width: int, room: int) -> Lines:
    fit = max(1, room - len(_paragraph(words.RECORDED, width)) - 1)
    start = min(form.top, max(0, len(form.end) - fit))
    below = words.below(len(form.end) - start - fit)
    top = [*_paragraph(words.RECORDED, width), paint.row(below, paint.STRONG)]
    return [*top, *(_found(line) for line in form.end[start : start + fit])]


def _found(line: str) -> Text:
    loud = line.startswith("EMERGENCY")
    return paint.row(line, paint.LOUD if loud else "")


def page(around: Around, told: Sequence[str], keys: str, width: int, height: int) -> Lines:
    """A page of sentences around no form: what is asked before there is one."""
    lines = head_of(around, width)
    for paragraph in told:
        lines += _paragraph(paragraph, width, "")
    if len(lines) > height - 1:
        lines = [*lines[: height - 2], paint.row(paint.MORE)]
    foot = paint.row(paint.cut(keys, width).ljust(width), paint.BAR)
    return [*lines, *[paint.row()] * (height - 1 - len(lines)), foot]
