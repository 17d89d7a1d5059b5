"""What people do with alerts: take, act, close, cancel; one by one or for one person at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from triage import casework
from triage.casework import OUTCOMES, AckKind, AlertLine
from triage.domain.ending_alerts import Outcome
from triage.domain.errors import InputError, NotAllowed, Problem
from triage.domain.roles import CLINICAL_ROLES
from triage.present import alerts as words
from triage.present import endings
from triage.present import sign_in as sign_in_words
from triage.present import worklist as worklist_words
from triage.record import Actor
from triage.web import forms, sign_in
from triage.web.doors import actor, doors
from triage.web.errors import problems_of


def acknowledge() -> Response:
    """Take an alert: police or clinical, by the role."""
    kind = AckKind.CLINICAL if actor().role in CLINICAL_ROLES else AckKind.POLICE
    saved = casework.acknowledge(
        doors().service, _key(), kind=kind, actor=actor(), now=doors().now()
    )
    return _back("taken_second" if saved.notices else "taken")


def act() -> Response:
    """Say what was done about an alert."""
    done = forms.required("done", "what was done")
    casework.act(doors().service, _key(), done, actor=actor(), now=doors().now())
    return _back("acted")


def close() -> Response | str:
    """Say that one alert is over and how it ended; comes back with what was typed."""
    now = doors().now()
    try:
        said = _ending(now)
        casework.close(doors().service, _key(), **said, actor=actor(), now=now)
        return _back("closed")
    except (InputError, NotAllowed) as error:
        return _ending_page("", (), problems_of(error, call_at="call"), now)


def take_person() -> Response:
    """Take everything about one person that waits for this role."""
    stay = forms.required("stay", "the person")
    saved = casework.take_person(doors().service, stay, actor=actor(), now=doors().now())
    done = "taken_rest" if saved.notices else "taken"
    return redirect(url_for("pages.worklist", done=done), 303)


def act_for(stay: str) -> Response | str:
    """Say once what was done about one person."""
    problems: tuple[Problem, ...] = ()
    now, service = doors().now(), doors().service
    lines = _open_of(stay, now)
    if request.method == "POST":
        try:
            done, keys = forms.required("done", "what was done"), request.form.getlist("alerts")
            casework.act_on_person(service, stay, keys, done, actor=actor(), now=now)
            return _to_list("acted")
        except (InputError, NotAllowed) as error:
            problems = problems_of(error)
    return render_template(
        "act_for.html", stay=stay, who=_who(lines), alerts=_choices(lines),
        form=forms.filled(now=now), ticked=_ticked(lines, all_of_them=True), problems=problems,
        words=words,
    )  # fmt: skip


def close_for(stay: str) -> Response | str:
    """Say once how what waited for one person ended."""
    now, open_now = doors().now(), _open_of(stay, doors().now())
    lines = tuple(line for line in open_now if actor().role in line.may_close)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            keys, said = request.form.getlist("alerts"), _ending(now)
            casework.close_for_person(doors().service, stay, keys, **said, actor=actor(), now=now)
            return _to_list("closed")
        except (InputError, NotAllowed) as error:
            problems = problems_of(error, call_at="call")
    return _ending_page(stay, lines, problems, now, others=len(open_now) - len(lines))


def cancel() -> Response | str:
    """Say that an alert should never have been raised; an emergency needs a second person here."""
    if request.method == "GET":
        return _cancel_page(())
    now, second = doors().now(), None
    try:
        reason = forms.required("reason", "why it should never have been raised")
        if forms.optional("account"):
            second = _second_person()
        casework.cancel(
            doors().service, _key(), reason=reason, actor=actor(), second_actor=second, now=now
        )
    except (InputError, NotAllowed) as error:
        return _cancel_page(problems_of(error))
    return _back("cancelled")


class _Said(TypedDict):
    outcome: str
    words: str
    call_at: datetime | None


def _ending(now: datetime) -> _Said:
    """How it ended, as typed; the time of a call only where one was agreed."""
    call = forms.moment("call", now=now) if forms.optional("call") else None
    return {
        "outcome": forms.option("outcome", OUTCOMES, "how it ended"),
        "words": forms.text("words"),
        "call_at": call,
    }


def _ending_page(
    stay: str,
    lines: Iterable[AlertLine],
    problems: tuple[Problem, ...],
    now: datetime,
    others: int = 0,
) -> str:
    listed, alert = tuple(lines), forms.text("alert")
    about = listed if stay else _lines_of(alert)
    offered = endings.endings(about, role=actor().role)
    left = any(id == Outcome.RELEASED_BEFORE_SEEN for id, _ in offered)
    return render_template(
        "ending.html", stay=stay, who=_who(listed) or _about(alert),
        endings=offered, not_endings=endings.not_endings(about, role=actor().role),
        asks_call=left or any(each.field.startswith("call") for each in problems),
        others=words.others_end(others, listed=bool(listed)),
        alerts=_choices(listed), alert=alert,
        form=forms.filled(now=now, moments=("call",), empty=("call",)),
        ticked=_ticked(listed, all_of_them=False), problems=problems, words=words,
    )  # fmt: skip


def _open_of(stay: str, now: datetime) -> tuple[AlertLine, ...]:
    """The open alerts of one person, those of this role first."""
    view = casework.stay_view(doors().service, stay, actor=actor(), now=now, purpose="alerts")
    mine = [line for line in view.alerts if actor().role in line.to_roles]
    return (*mine, *(line for line in view.alerts if line not in mine))


def _choices(lines: Iterable[AlertLine]) -> tuple[tuple[str, str], ...]:
    return tuple((line.key, worklist_words.other(line)) for line in lines)


def _ticked(lines: Iterable[AlertLine], *, all_of_them: bool) -> list[str]:
    """What is ticked at first: what waits for this role. What ends is chosen, unless it is one."""
    if request.method == "POST":
        return request.form.getlist("alerts")
    role = actor().role
    mine = [each.key for each in lines if role in each.to_roles and each.level != "A4"]
    return mine if all_of_them or len(mine) == 1 else []


def _who(lines: tuple[AlertLine, ...]) -> str:
    return worklist_words.of_alert(lines[0]) if lines else ""


def _cancel_page(problems: tuple[Problem, ...]) -> str:
    form = forms.filled(now=doors().now(), alert=request.args.get("alert", ""))
    return render_template(
        "cancel.html", form=form, problems=problems, about=_about(form["alert"]),
    )  # fmt: skip


def _about(key: str) -> str:
    """Which alert it is, in words: nobody cancels or closes what they cannot see."""
    said = [
        f"{worklist_words.of_alert(line)}. {worklist_words.other(line)} Code {line.code}."
        for line in _lines_of(key)
    ]
    return said[0] if said else ""


def _lines_of(key: str) -> tuple[AlertLine, ...]:
    """The one open alert with this key, as far as it stands on the list of whoever looks."""
    if not key:
        return ()
    found = casework.alert_list(doors().service, actor().suites, actor=actor(), now=doors().now())
    return tuple(each for each in found.lines if each.key == key)


def _second_person() -> Actor:
    """The colleague who agrees, with their own name and password; not whoever is signed in."""
    try:
        account = sign_in.checked(
            doors().service.record, forms.text("account"), forms.text("password"),
            now=doors().wall(),
        )  # fmt: skip
    except sign_in.TooSoon as error:
        raise InputError.at("password", str(error)) from error
    if account is None:
        raise InputError.at("password", sign_in_words.WRONG)
    return Actor(account.account, account.name, account.role, None, account.suites)


def _key() -> str:
    return forms.required("alert", "the alert")


def _to_list(done: str) -> Response:
    """Back to the list that this role works from."""
    page = "pages.worklist" if actor().role in CLINICAL_ROLES else "pages.alerts"
    return redirect(url_for(page, done=done), 303)


def _back(done: str) -> Response:
    """Back to the page where the button stood, which is one of ours by name, never by address."""
    stay = forms.text("stay")
    if forms.text("from") == "stay" and stay:
        return redirect(url_for("pages.stay", stay=stay, done=done), 303)
    worklist = forms.text("from") == "worklist"
    return redirect(url_for("pages.worklist" if worklist else "pages.alerts", done=done), 303)
