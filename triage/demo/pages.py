"""The pages of the night: a bar on every page that moves the clock, and the story so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from triage.demo import folder as folders
from triage.demo.channel import last_lines
from triage.demo.stage import Stage
from triage.demo.telling import scene_lines, scene_words
from triage.domain import london
from triage.domain.errors import InputError
from triage.domain.roles import role_words
from triage.present.pages import first_page
from triage.web import sessions
from triage.web.access import Access, Door
from triage.web.doors import acting, doors
from triage.web.training import Training

_STEPS = {"1": timedelta(minutes=1), "15": timedelta(minutes=15)}
_MESSAGES, _WIDE = 40, 100
_LISTS = ("board", "alerts", "worklist", "section136")
_ROUTES: Mapping[str, Access] = MappingProxyType(
    {
        "night.story": Door.SIGNED_IN,
        "night.step": Door.SIGNED_IN,
        "night.look": Door.SIGNED_IN,
        "night.become": Door.SIGNED_IN,
    }
)


@dataclass(frozen=True)
class Bar:
    """What stands on every page: the moment, the beat, and how to go on."""

    at: str
    beat: str
    look: str
    following: str
    show: str
    back: str
    me: str
    staff: tuple[tuple[str, str], ...]


def training(stage: Stage) -> Training:
    """The pages of this stage, for the application that serves it."""
    blueprint = Blueprint("night", __name__, template_folder="templates", url_prefix="/night")
    blueprint.add_url_rule("", "story", lambda: _story(stage))
    blueprint.add_url_rule("/step", "step", lambda: _step(stage), methods=["POST"])
    blueprint.add_url_rule("/look", "look", lambda: _look(stage), methods=["POST"])
    blueprint.add_url_rule("/as", "become", lambda: _become(stage), methods=["POST"])
    return Training(blueprint, _ROUTES, lambda: {"night": _bar(stage)})


def _bar(stage: Stage) -> Bar:
    scene, following = stage.scene, stage.next_scene
    account = acting().account
    names = [
        (staff.id, f"{staff.name}, {role_words(staff.role)}")
        for staff in stage.night.staff.values()
    ]
    seen_by = stage.night.staff[scene.who].name if scene else ""
    return Bar(
        at=london.text(stage.now()),
        beat=scene_words(stage.night, scene),
        look=scene.look if scene else "",
        following=london.short(following.at) if following else "",
        show=f"Show me, as {seen_by}" if scene else "",
        back=request.path if request.method == "GET" else url_for("pages.home"),
        me=account.account if account else "",
        staff=tuple(names) if account else (),
    )


def _story(stage: Stage) -> str:
    begun = stage.scene.number if stage.scene else 0
    scenes: list[dict[str, Any]] = [
        {
            "at": london.text(scene.at),
            "beat": scene_words(stage.night, scene),
            "look": scene.look,
            "begun": scene.number <= begun,
            "here": scene.number == begun,
        }
        for scene in stage.night.scenes
    ]
    left = [
        f"{london.text(each.act.at)}: {stage.night.staff[each.act.by].name}, "
        f"{each.act.do.replace('_', ' ')}. {each.why}"
        for each in stage.player.left
    ]
    messages = last_lines(stage.folder / folders.MESSAGES, _MESSAGES)
    lines = tuple(scene_lines(stage, _WIDE))
    return render_template(
        "night/story.html", told=lines, scenes=scenes, left=left, messages=messages
    )


def _step(stage: Stage) -> Response:
    """Move the clock: to the next scene, or by a minute or a quarter of an hour."""
    to = request.form.get("to", "")
    if to == "scene":
        stage.play_scene()
    elif to in _STEPS:
        stage.play_on(_STEPS[to])
    else:
        raise InputError.at("to", "Is not a step of the night.", ("scene", *_STEPS))
    return redirect(_own(request.form.get("back", "")), 303)


def _look(stage: Stage) -> Response:
    """Go to the page that shows this scene best, as the person who sees it best."""
    scene = stage.scene
    if scene is None:
        return redirect(url_for("pages.home"), 303)
    return _as(scene.who, _address(stage, scene.page))


def _become(stage: Stage) -> Response:
    """See it as somebody else: all the staff of the night are the viewer's."""
    account = request.form.get("account", "")
    if account not in stage.night.staff:
        raise InputError.at("account", "Does not work this night.", tuple(stage.night.staff))
    return _as(account, url_for(first_page(stage.night.staff[account].role)))


def _as(account: str, address: str) -> Response:
    """End the session of before and begin one for this member of the training staff."""
    answer = redirect(address, 303)
    here, record, now = acting(), doors().service.record, doors().wall()
    if here.account is not None and here.account.account == account:
        return answer
    known = record.reading().account(account)
    if known is None:
        raise InputError.at("account", "Has no pass-word yet: start the night again.")
    if here.session is not None:
        with record.writing(now=now) as writing:
            writing.end_session(here.session.id_hash, now)
    secret, _ = sessions.begin(record, known, terminal=None, now=now)
    sessions.hand_out(answer, secret)
    return answer


def _address(stage: Stage, page: str) -> str:
    """The address of a page that the night names, such as ``stay:denise``."""
    name, *about = page.split(":")
    if name in _LISTS:
        return url_for(f"pages.{name}")
    stay = stage.player.stay(about[0])
    if name == "event":
        return url_for("pages.event", stay=stay, kind=about[1])
    return url_for(f"pages.{name}", stay=stay)


def _own(path: str) -> str:
    """A path of this site to go back to; never the address of another."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if plain and path.isprintable() else url_for("pages.home")
