"""What stands around every page: who is here, where they may go, and whether the timers run."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request
from markupsafe import Markup, escape

from triage.present import pages as words
from triage.web.doors import acting, doors
from triage.web.forms import field_id
from triage.web.siren import Siren, siren_of


@dataclass(frozen=True)
class Chrome:
    """The frame of one page, in words."""

    service: str
    training: str
    timers: words.Timers
    who: str
    navigation: tuple[words.NavigationItem, ...]
    rulebook: str
    rules_trouble: str
    siren: Siren | None
    done: str


def frame(app: Flask) -> None:
    """Give every template of this application its frame, the token of forms, and field ids."""
    app.context_processor(_around)
    app.add_template_filter(field_id, "field_id")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _around() -> dict[str, Any]:
    return {"chrome": chrome(), "csrf": csrf_field}


def chrome() -> Chrome:
    """The frame of the page that is being made now."""
    service, account = doors().service, acting().account
    role, now = account.role if account else None, doors().now()
    last = service.record.reading().last_heartbeat()
    return Chrome(
        service=words.SERVICE,
        training=words.TRAINING if service.settings.training else "",
        timers=words.timers(last.at if last else None, now=now),
        who=words.signed_in_as(account.name, account.role) if account else "",
        navigation=words.navigation(role, request.endpoint) if role else (),
        rulebook=words.rulebook(service.rulebook.fingerprint, signed=service.rulebook.signed),
        rules_trouble=service.trouble.words if service.trouble else "",
        siren=siren_of(now),
        done=words.DONE.get(request.args.get("done", ""), ""),
    )


def csrf_field() -> Markup:
    """The hidden field without which no form of ours is believed."""
    session = acting().session
    if session is None:
        return Markup("")
    return Markup('<input type="hidden" name="csrf" value="{}">').format(escape(session.csrf))
