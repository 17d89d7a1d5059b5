"""THE LIST OF WHAT WE DO: each verb reads, decides and writes in one transaction.

``now`` is always handed in; the role of ``actor`` is checked before anything else.
"""

from triage.casework.administering import (
    COMMAND_LINE,
    change_account,
    keep_account,
    keep_link,
    keep_password,
    make_account,
    make_token,
    revoke_tokens,
    switch_account,
)
from triage.casework.alert_acts import AckKind
from triage.casework.alerts import AlertSaved, acknowledge, act, cancel, close
from triage.casework.begun import Begun, begun, draft_version, known_here
from triage.casework.corrections import (
    Corrected,
    Correction,
    correct,
    link_person,
    unlink_person,
)
from triage.casework.departure import Gap, Release, release_of
from triage.casework.detained136 import section136_list
from triage.casework.detentions import (
    AUTHORITIES,
    EventSaved,
    Visit,
    authorise,
    record_event,
    record_rousing,
    record_visit,
)
from triage.casework.draft_saving import DraftSaved, save_draft
from triage.casework.drafts import Contested, TypedBy
from triage.casework.duty import drop_duty, free_again, set_duty, with_somebody
from triage.casework.expecting import Expected, expected
from triage.casework.explanations import why
from triage.casework.filed import Filed
from triage.casework.filing import (
    LONGEST_PASTE,
    SYSTEMS,
    FiledSaved,
    Summary,
    file_summary,
    paste_block,
    summary,
)
from triage.casework.handovers import handover, sign_handover
from triage.casework.jumps import caught_up, note_clock_step
from triage.casework.leaving import Released, release, release_check
from triage.casework.lines import (
    AlertLine,
    AlertList,
    Board,
    BoardRow,
    Change,
    DecisionLine,
    Handover,
    HeldFor,
    Holder,
    ScreenAgain,
    ScreeningLine,
    StayView,
    TimelineEntry,
    Timers,
)
from triage.casework.lines_136 import Section136Line, Section136List
from triage.casework.moving import move_to_right_person
from triage.casework.opening import (
    Identity,
    Move,
    Opened,
    Opening,
    StayKind,
    check_suite,
    move_stay,
    open_stay,
    record_identity,
)
from triage.casework.papers import drop_in
from triage.casework.passes import Memory, Pass, tick
from triage.casework.permissions import Permission
from triage.casework.person_alerts import AlertsSaved, act_on_person, close_for_person, take_person
from triage.casework.recomputing import recompute
from triage.casework.review import ReturnView, Review
from triage.casework.review_acts import (
    Explanation,
    Sampled,
    attribute_gap,
    explain_breach,
    reasons,
    record_return_details,
    record_sampled,
)
from triage.casework.review_case import ByHand, Case, Handed, Passed, Told
from triage.casework.review_handover import hand_over, receivers, take_over
from triage.casework.review_live import LiveLine
from triage.casework.review_pace import ReviewDone, ReviewDue
from triage.casework.review_published import Published, let_pack_leave, let_return_leave
from triage.casework.review_sample import SampleLine
from triage.casework.rotas import Rota, put_on_rota, rota
from triage.casework.routes import (
    Consent,
    DecisionSaved,
    RouteDecision,
    RouteOutcome,
    consent,
    decide_route,
    note,
)
from triage.casework.screenings import ScreeningSaved, record_screening
from triage.casework.sending import Send, mail
from triage.casework.service import (
    Service,
    adopt,
    own_suites,
    rulebook_texts,
    service,
    suites_of,
    suites_stamp,
)
from triage.casework.shifts import Shift, my_shift
from triage.casework.someone_else import wrong_person
from triage.casework.stays import stay_view
from triage.casework.timers_clock import kept_clock
from triage.casework.views import alert_list, board, timers
from triage.casework.work_lines import AgreedCall, WorkLine, Worklist
from triage.casework.worklists import worklist
from triage.domain.ending_alerts import OUTCOMES
from triage.present.leaving import REASONS

__all__ = [
    "AUTHORITIES",
    "COMMAND_LINE",
    "LONGEST_PASTE",
    "OUTCOMES",
    "REASONS",
    "SYSTEMS",
    "AckKind",
    "AgreedCall",
    "AlertLine",
    "AlertList",
    "AlertSaved",
    "AlertsSaved",
    "Begun",
    "Board",
    "BoardRow",
    "ByHand",
    "Case",
    "Change",
    "Consent",
    "Contested",
    "Corrected",
    "Correction",
    "DecisionLine",
    "DecisionSaved",
    "DraftSaved",
    "EventSaved",
    "Expected",
    "Explanation",
    "Filed",
    "FiledSaved",
    "Gap",
    "Handed",
    "Handover",
    "HeldFor",
    "Holder",
    "Identity",
    "LiveLine",
    "Memory",
    "Move",
    "Opened",
    "Opening",
    "Pass",
    "Passed",
    "Permission",
    "Published",
    "Release",
    "Released",
    "ReturnView",
    "Review",
    "ReviewDone",
    "ReviewDue",
    "Rota",
    "RouteDecision",
    "RouteOutcome",
    "SampleLine",
    "Sampled",
    "ScreenAgain",
    "ScreeningLine",
    "ScreeningSaved",
    "Section136Line",
    "Section136List",
    "Send",
    "Service",
    "Shift",
    "StayKind",
    "StayView",
    "Summary",
    "TimelineEntry",
    "Timers",
    "Told",
    "TypedBy",
    "Visit",
    "WorkLine",
    "Worklist",
    "acknowledge",
    "act",
    "act_on_person",
    "adopt",
    "alert_list",
    "attribute_gap",
    "authorise",
    "begun",
    "board",
    "cancel",
    "caught_up",
    "change_account",
    "check_suite",
    "close",
    "close_for_person",
    "consent",
    "correct",
    "decide_route",
    "draft_version",
    "drop_duty",
    "drop_in",
    "expected",
    "explain_breach",
    "file_summary",
    "free_again",
    "hand_over",
    "handover",
    "keep_account",
    "keep_link",
    "keep_password",
    "kept_clock",
    "known_here",
    "let_pack_leave",
    "let_return_leave",
    "link_person",
    "mail",
    "make_account",
    "make_token",
    "move_stay",
    "move_to_right_person",
    "my_shift",
    "note",
    "note_clock_step",
    "open_stay",
    "own_suites",
    "paste_block",
    "put_on_rota",
    "reasons",
    "receivers",
    "recompute",
    "record_event",
    "record_identity",
    "record_return_details",
    "record_rousing",
    "record_sampled",
    "record_screening",
    "record_visit",
    "release",
    "release_check",
    "release_of",
    "revoke_tokens",
    "rota",
    "rulebook_texts",
    "save_draft",
    "section136_list",
    "service",
    "set_duty",
    "sign_handover",
    "stay_view",
    "suites_of",
    "suites_stamp",
    "summary",
    "switch_account",
    "take_over",
    "take_person",
    "tick",
    "timers",
    "unlink_person",
    "why",
    "with_somebody",
    "worklist",
    "wrong_person",
]
