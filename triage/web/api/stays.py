"""Stays: opening, looking, drafts, screenings, what happened, authorities, the right person."""

from typing import Any

from flask import Response
from flask.views import MethodView

from triage import casework
from triage.casework import (
    Begun,
    Corrected,
    DraftSaved,
    EventSaved,
    Identity,
    Opened,
    Opening,
    ScreeningSaved,
    StayKind,
    StayView,
)
from triage.casework.in_force import require_rules
from triage.domain.errors import InputError
from triage.schemas.api import OpeningIn, RightPersonIn
from triage.schemas.clocks import EventIn, event_of
from triage.schemas.screen import DraftIn, ScreenIn, details_of, so_far
from triage.web.api.parts import (
    Part,
    answer,
    body,
    draft_version,
    if_match,
    if_none_match,
    in_state,
    key,
    saved,
)
from triage.web.doors import actor, doors
from triage.web.gate import renewing

blueprint = Part("stays", __name__, description="One person's time with us")


@blueprint.route("/stays")
class Stays(MethodView):
    """Opening a stay."""

    @blueprint.keyed
    @blueprint.takes(OpeningIn)
    @blueprint.answers(201, Opened)
    def post(self, given: dict[str, Any]) -> Response:
        """Open a stay: kind, suite, number and time are enough."""
        opening = Opening(
            **given
            | {
                "kind": StayKind(given["kind"]),
                "identity": Identity(**given.get("identity", {})),
                "training": doors().service.settings.training,
            }
        )
        now = doors().now()
        casework.check_suite(doors().service, opening.suite)
        return saved(
            casework.open_stay(doors().service, opening, actor=actor(), now=now, key=key())
        )


@blueprint.route("/stays/<stay>")
class Stay(MethodView):
    """One stay."""

    @blueprint.answers(200, StayView)
    def get(self, stay: str) -> Response:
        """Everything about it that your role may see."""
        now = doors().now()
        return answer(casework.stay_view(doors().service, stay, actor=actor(), now=now))


@blueprint.route("/stays/<stay>/draft")
class Draft(MethodView):
    """A half-finished screening."""

    @blueprint.renews_if_changed
    @blueprint.answers(200, Begun)
    def get(self, stay: str) -> Response:
        """What is kept of it, by whom and since when, and what is known without asking."""
        service, who, now = doors().service, actor(), doors().now()
        if renewing() and (known := if_none_match()) is not None:
            version = casework.draft_version(service, stay, actor=who, now=now)
            if version == known:
                return in_state(Response(status=304), version)
        found = casework.begun(service, stay, actor=who, now=now, kept_open=renewing())
        return in_state(answer(found), found.version)

    @blueprint.matched
    @blueprint.takes(DraftIn)
    @blueprint.answers(200, DraftSaved)
    def put(self, given: dict[str, Any], stay: str) -> Response:
        """Keep it as typed and say what it means so far; an emergency is recorded at once.

        Nobody overwrites anybody: `draft` is what all have typed, question by question. The first
        look comes before all else: what is missing to evaluate it is taken from what is known of
        the stay, and is not kept as if it had been typed.
        """
        service, now = doors().service, doors().now()
        require_rules(service.trouble)
        known = casework.known_here(service, stay)
        details = details_of(so_far(body(), known), service.rulebook, now=now)
        only_on = if_match()
        kept = casework.save_draft(
            service, stay, body(), details=details, actor=actor(), now=now,
            made_on=draft_version() if only_on is None else only_on, strict=only_on is not None,
        )  # fmt: skip
        return in_state(answer(kept), kept.version)


@blueprint.route("/stays/<stay>/screenings")
class Screenings(MethodView):
    """Versions of the screening."""

    @blueprint.versioned
    @blueprint.keyed
    @blueprint.takes(ScreenIn)
    @blueprint.answers(201, ScreeningSaved)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Record one version, evaluated.

        What others typed that this does not hold stays a draft, and the notices say so.
        """
        service, now = doors().service, doors().now()
        require_rules(service.trouble)
        details = details_of(body(), service.rulebook, now=now)
        return saved(
            casework.record_screening(
                service,
                stay,
                details,
                actor=actor(),
                now=now,
                key=key(),
                sent=body(),
                made_on=draft_version(),
            )
        )


@blueprint.route("/stays/<stay>/events")
class Events(MethodView):
    """What happened."""

    @blueprint.keyed
    @blueprint.takes(EventIn)
    @blueprint.answers(201, EventSaved)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Record what happened at its true time; never refused for law, marked instead."""
        event, now = event_of(body(), id="new"), doors().now()
        return saved(
            casework.record_event(doors().service, stay, event, actor=actor(), now=now, key=key())
        )


@blueprint.route("/stays/<stay>/authorisations")
class Authorisations(MethodView):
    """What is authorised."""

    @blueprint.keyed
    @blueprint.takes(EventIn)
    @blueprint.answers(201, EventSaved)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Give an authority now; refused with the law (409) when it would be unlawful."""
        event, now = event_of(body(), id="new"), doors().now()
        return saved(
            casework.authorise(doors().service, stay, event, actor=actor(), now=now, key=key())
        )


@blueprint.route("/stays/<stay>/right-person")
class RightPerson(MethodView):
    """Entries made on the wrong person."""

    @blueprint.keyed
    @blueprint.takes(RightPersonIn)
    @blueprint.answers(201, Corrected)
    def post(self, given: dict[str, Any], stay: str) -> Response:
        """Move one entry of this stay to the stay that it belongs to."""
        service, now = doors().service, doors().now()
        entry = service.record.reading().event(given["seq"])
        if entry is None or entry.stay != stay:
            raise InputError.at("seq", "Is not an entry of this stay.")
        return saved(
            casework.move_to_right_person(
                service, given["seq"], given["to_stay"], reason=given["reason"],
                actor=actor(), now=now, key=key(),
            )
        )  # fmt: skip
