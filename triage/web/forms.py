"""Reading what was typed into a form: text that can be kept, London times as people write them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from flask import request

from triage.domain import london
from triage.domain.errors import InputError
from triage.present import forms as words

LONGEST = 4_000
_ACCOUNT_NAME = re.compile(r"[a-z][a-z0-9.-]{2,39}")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def text(name: str) -> str:
    """What was typed, without the spaces around it; empty when the field is absent."""
    typed = request.form.get(name, "").replace("\r\n", "\n")
    if name.startswith("password") or name == "again":
        return typed
    if len(typed) > LONGEST:
        raise InputError.at(name, words.too_long(LONGEST))
    if _UNFIT.search(typed):
        raise InputError.at(name, words.UNFIT)
    return typed.strip()


def optional(name: str) -> str | None:
    """What was typed, or nothing at all; never an empty text."""
    return text(name) or None


def required(name: str, what: str) -> str:
    """What was typed; raises InputError saying what is missing."""
    typed = text(name)
    if not typed:
        raise InputError.at(name, words.missing(what))
    return typed


def option(name: str, allowed: Iterable[str], what: str) -> str:
    """The option chosen; raises InputError when none was, or one that is not offered."""
    chosen, offered = text(name), tuple(allowed)
    if chosen not in offered:
        raise InputError.at(name, words.choose(what), offered)
    return chosen


def is_account_name(typed: str) -> bool:
    """Whether this can be the name of an account or a terminal."""
    return _ACCOUNT_NAME.fullmatch(typed) is not None


def account_name(name: str) -> str:
    """A name for a new account."""
    typed = text(name).casefold()
    if not is_account_name(typed):
        raise InputError.at(name, words.ACCOUNT_NAME)
    return typed


def whole(name: str, most: int, what: str) -> int | None:
    """A whole number from 0, or nothing when nothing was typed."""
    typed = text(name)
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 9 and int(typed) <= most):
        raise InputError.at(name, words.whole_number(what, most))
    return int(typed)


def moment(name: str, *, now: datetime) -> datetime:
    """The moment of a wall-clock time and a day in London; nothing typed means now.

    Raises InputError for a time that never existed, and for one that happened twice until it is
    said which.
    """
    typed = text(name)
    if not typed:
        return now
    found = london.wall_time(typed)
    if found is None:
        raise InputError.at(name, words.NOT_A_TIME)
    wall = datetime.combine(_day(name, now), found)
    try:
        return london.from_wall(wall, text(f"{name}_fold") or None)
    except london.RepeatedTime as error:
        raise InputError.at(name, words.HAPPENED_TWICE) from error
    except (london.SkippedTime, OverflowError) as error:
        raise InputError.at(name, words.NEVER_EXISTED) from error


def _day(name: str, now: datetime) -> date:
    typed = text(f"{name}_day")
    if not typed:
        return london.day_of(now)
    try:
        day = date.fromisoformat(typed)
    except ValueError as error:
        raise InputError.at(name, words.NOT_A_DAY) from error
    if not 1900 <= day.year <= 2200:
        raise InputError.at(name, words.NOT_A_DAY)
    return day


def calendar_day(name: str) -> date | None:
    """A day as the calendar field gives it, or nothing."""
    typed = text(name)
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise InputError.at(name, words.NOT_A_DAY) from error


class Filled(dict[str, str]):
    """What a form shows in its fields: as typed, or its first values; empty for the rest."""

    def __missing__(self, name: str) -> str:
        return ""


def filled(
    *, now: datetime, moments: Iterable[str] = (), empty: Iterable[str] = (), **first: str
) -> Filled:
    """The values to show: what was typed when the form came back, else first values and now.

    The moments in ``empty`` begin without a time, because they may not have happened.
    """
    shown = Filled(first)
    wall = london.to_wall(now)
    for name in moments:
        shown[f"{name}_day"] = wall.date().isoformat()
        shown[name] = "" if request.method == "POST" or name in empty else f"{wall:%H:%M}"
    if request.method == "POST":
        for name in request.form:
            shown[name] = request.form[name]
    for name in moments:
        shown[f"{name}_ask_fold"] = "yes" if _is_repeated(shown, name) else ""
        if shown[f"{name}_ask_fold"] and request.method == "GET":
            shown[f"{name}_fold"] = "second" if wall.fold else "first"
    return shown


def _is_repeated(shown: Mapping[str, str], name: str) -> bool:
    found = london.wall_time(shown[name].strip())
    try:
        day = date.fromisoformat(shown[f"{name}_day"])
        if found is not None:
            london.from_wall(datetime.combine(day, found))
    except london.RepeatedTime:
        return True
    except (ValueError, OverflowError):
        return False
    return False


def field_id(name: str) -> str:
    """The id of the field with this name, fit for a link and a style sheet."""
    return "f-" + re.sub(r"[^a-zA-Z0-9]+", "-", name)
