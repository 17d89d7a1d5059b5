"""The short night is clean; and each bug that is planted in the service breaks it.

A proof that cannot fail proves nothing: these are the twins of the simulated month.
"""

import re
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.simulation.night import Broken, Night
from tests.simulation.world import quick_folder
from triage.casework import (
    alert_acts,
    alerts,
    calling,
    chains,
    held_letters,
    holding,
    jumps,
    letters,
    passes,
    raising,
    sending,
    stays,
)
from triage.casework.outcomes import Ending, Outcome
from triage.channels import messages
from triage.domain.cover import Cover
from triage.domain.ladder import Chain
from triage.record import Record, Writing
from triage.record.deliveries import DeliveryState


@pytest.fixture
def folder():
    """Where a night keeps its record: in memory, since no power is cut here."""
    made = quick_folder()
    yield made
    shutil.rmtree(made)


@pytest.mark.parametrize("complete", [False, True])
def test_a_night_with_everything_that_goes_wrong_breaks_no_invariant(folder, complete):
    Night(folder, complete=complete).run()


def sent_is_marked_before_it_is_sent(patch):
    real = sending._try

    def marks_first(send, letter):
        return real(send, letter)

    claim = Writing.claim_deliveries

    def claims_as_sent(self, *args, **named):
        claimed = claim(self, *args, **named)
        for each in claimed:
            self.record_delivery(each.key, DeliveryState.SENT)
        return claimed

    patch.setattr(sending, "_try", marks_first)
    patch.setattr(Writing, "claim_deliveries", claims_as_sent)


def messages_are_not_planned_with_the_alert(patch):
    patch.setattr(raising, "call", lambda *args, **named: None)


def nobody_looks_again_before_raising(patch):
    real = passes._raise_batch

    def twice(service, keys, now):
        with service.record.reading() as reading:
            planned = [reading.alert(key) for key in keys]
        patch.setattr(passes, "_still", lambda writing, keys, state: planned)
        real(service, keys, now)
        return real(service, keys, now)

    patch.setattr(passes, "_raise_batch", twice)


def planning_again_lowers_what_was_raised(patch):
    _after_planning(patch, "update alerts set level = 'A4' where stay = ? and state <> 'planned'")


def planning_again_moves_the_due_time(patch):
    _after_planning(
        patch,
        "update alerts set due_at = '2026-10-21T07:00:00Z' where stay = ? and state <> 'planned'",
    )


def _after_planning(patch, statement):
    real = Writing.plan

    def plans(self, stay, wanted, **named):
        change = real(self, stay, wanted, **named)
        self._connection.execute(statement, (stay,))
        return change

    patch.setattr(Writing, "plan", plans)


def an_acknowledgement_of_the_police_stops_the_clinical_chain(patch):
    patch.setattr(chains, "is_held", lambda addressees, *, police, clinical: police or clinical)


def quiet_hours_hold_what_is_urgent(patch):
    real = raising.who_now

    def asleep(service, reading, alert, roles, now):
        if alert.level == "A2":
            return Cover((), {}, ())
        return real(service, reading, alert, roles, now)

    patch.setattr(raising, "who_now", asleep)


def a_message_that_may_wait_wakes_whoever_sleeps(patch):
    patch.setattr(calling, "held_until", lambda *args, **named: None)
    patch.setattr(holding, "held_until", lambda *args, **named: None)


def what_was_held_for_the_morning_is_forgotten(patch):
    patch.setattr(holding, "_changes", lambda *args: iter(()))


def quiet_hours_hold_a_limit_of_law(patch):
    patch.setattr(holding, "may_wait", lambda ladder, level, source: level == "A3")


def the_heart_beats_before_the_pass(patch):
    real = passes._plan_missing

    def beats_first(service, now, memory):
        with service.record.writing(now=now) as writing:
            writing.heartbeat()
        return real(service, now, memory)

    patch.setattr(passes, "_plan_missing", beats_first)


def one_poisoned_record_ends_the_pass(patch):
    def aborts(service, stay, now):
        passes._differs(service, stay, now)
        return 0, True

    patch.setattr(passes, "_plan_one", aborts)


def lateness_is_not_marked(patch):
    _in_each_event(patch, "alert_raised", late_seconds=0)


def a_step_is_left_out_and_nobody_says_so(patch):
    real = Chain.crossed
    patch.setattr(Chain, "crossed", lambda *args: real(*args) + 1)
    _in_each_event(patch, "alert_climbed", skipped=0)


def _in_each_event(patch, kind, **said):
    real = raising.NewEvent

    def made(what, *args, header, **named):
        told = {**header, **said} if what == kind else header
        return real(what, *args, header=told, **named)

    patch.setattr(raising, "NewEvent", made)


def an_alert_is_closed_without_an_outcome(patch):
    patch.setattr(alerts, "ending", lambda *args, **named: Ending(Outcome.OTHER, ""))
    patch.setattr(alert_acts, "check_fits", lambda *args: None)


def one_person_cancels_an_emergency(patch):
    patch.setattr(alerts, "_two_people", lambda *args: None)


def somebody_of_another_suite_may_acknowledge(patch):
    patch.setattr(alert_acts, "allow_suite", lambda actor, suite: None)


def the_wrong_role_may_acknowledge(patch):
    patch.setattr(alerts, "allow", lambda actor, verb: None)


def leases_never_end(patch):
    patch.setattr(Writing, "expire_claims", lambda self: 0)


def a_repeat_does_not_say_so(patch):
    real = letters.letter_of

    def silent(service, reading, delivery, now):
        return real(service, reading, replace(delivery, tries=1), now)

    patch.setattr(sending, "letter_of", silent)


def acknowledging_stops_the_timer_for_good(patch):
    patch.setattr(alert_acts, "act_due", lambda writing, alert, *, now: None)


def the_chain_ends_after_its_last_step(patch):
    def due(chain, step, began):
        after = chain.after(step)
        return None if after is None or step > 2 else began + after

    patch.setattr(Chain, "due", due)


def a_message_names_somebody(patch):
    real = letters._words

    def tells(*args, **named):
        subject, words = real(*args, **named)
        return subject, f"{words} Canary Secretname"

    patch.setattr(letters, "_words", tells)


def waits_that_a_wrong_clock_has_set_are_left(patch):
    patch.setattr(jumps, "_retime", lambda *args, **named: None)


def what_the_timers_know_of_their_clock_dies_with_them(patch):
    patch.setattr(jumps, "keep_clock", lambda *args: None)
    patch.setattr(passes, "keep_clock", lambda *args: None)


def the_repeats_of_an_emergency_end(patch):
    real = Chain.after
    patch.setattr(
        Chain, "after", lambda chain, step: real(chain, step) if step < 9 else timedelta(days=365)
    )


def looking_is_not_logged(patch):
    patch.setattr(Record, "log_access", lambda *args, **named: 0)


def a_look_is_logged_for_nobody(patch):
    real = Writing.log_access

    def without_the_stay(self, actor, what, stay=None, *more, **named):
        return real(self, actor, what, None, *more, **named)

    patch.setattr(Writing, "log_access", without_the_stay)


def police_read_clinical_notes(patch):
    patch.setattr(stays, "reads", lambda role, group: True)


def a_late_letter_leaves_one_out(patch):
    real = sending._digest

    def shorter(channel, to, rows, now):
        return real(channel, to, rows[:-1] or rows, now)

    patch.setattr(sending, "_digest", shorter)


def a_late_letter_is_never_sent(patch):
    real = sending._try

    def quietly(send, letter):
        together = letter is not None and "together" in letter.about
        return messages.Sent(messages.Outcome.SENT) if together else real(send, letter)

    patch.setattr(sending, "_try", quietly)


def an_emergency_waits_for_a_late_letter(patch):
    real = Writing.claim_deliveries

    def all_or_nothing(self, *args, stale=False, **named):
        if not stale:
            return ()
        return real(self, *args, **named) + real(self, *args, stale=True, **named)

    patch.setattr(Writing, "claim_deliveries", all_or_nothing)


def a_held_letter_leaves_one_out(patch):
    real = sending.held_message

    def shorter(service, reading, held, now):
        rows = held.rows[:-1] or held.rows
        return real(service, reading, replace(held, rows=rows), now)

    patch.setattr(sending, "held_message", shorter)


def what_was_held_for_one_reader_leaves_in_many_letters(patch):
    patch.setattr(held_letters, "_new", _one_letter_each)


def _one_letter_each(rows, addresses):
    for delivery, alert in rows:
        to = addresses(alert, delivery)
        key = f"{held_letters.HELD}{delivery.key}"
        yield held_letters.HeldLetter(key, delivery.channel, to, ((delivery, alert),))


PLANTED = [
    (a_held_letter_leaves_one_out, "I7"),
    (what_was_held_for_one_reader_leaves_in_many_letters, "N2"),
    (a_late_letter_leaves_one_out, "I7"),
    (a_late_letter_is_never_sent, "L4"),
    (an_emergency_waits_for_a_late_letter, "I11"),
    (looking_is_not_logged, "I17"),
    (a_look_is_logged_for_nobody, "I17"),
    (police_read_clinical_notes, "I14"),
    (waits_that_a_wrong_clock_has_set_are_left, "L1"),
    (what_the_timers_know_of_their_clock_dies_with_them, "L1|L4"),
    (the_repeats_of_an_emergency_end, "L1|L7"),
    (sent_is_marked_before_it_is_sent, "I7|L4"),
    (messages_are_not_planned_with_the_alert, "I11"),
    (nobody_looks_again_before_raising, "I1"),
    (planning_again_lowers_what_was_raised, "I9"),
    (planning_again_moves_the_due_time, "I6"),
    (an_acknowledgement_of_the_police_stops_the_clinical_chain, "I5|L1|L7"),
    (quiet_hours_hold_what_is_urgent, "I11"),
    (a_message_that_may_wait_wakes_whoever_sleeps, "I11"),
    (what_was_held_for_the_morning_is_forgotten, "L4"),
    (quiet_hours_hold_a_limit_of_law, "I11"),
    (the_heart_beats_before_the_pass, "W0"),
    (one_poisoned_record_ends_the_pass, "F28"),
    (lateness_is_not_marked, "I10"),
    (a_step_is_left_out_and_nobody_says_so, "I5"),
    (an_alert_is_closed_without_an_outcome, "I3"),
    (one_person_cancels_an_emergency, "I3"),
    (somebody_of_another_suite_may_acknowledge, "I4"),
    (the_wrong_role_may_acknowledge, "I4"),
    (leases_never_end, "L4"),
    (a_repeat_does_not_say_so, "I8"),
    (acknowledging_stops_the_timer_for_good, "L6"),
    (the_chain_ends_after_its_last_step, "L1|L7"),
    (a_message_names_somebody, "I14"),
]


@pytest.mark.parametrize(("bug", "broken"), PLANTED, ids=[bug.__name__ for bug, _ in PLANTED])
def test_a_planted_bug_breaks_the_night(folder, monkeypatch, bug, broken):
    bug(monkeypatch)

    with pytest.raises(Broken) as told:
        Night(folder).run()

    assert re.match(f"({broken}) ", str(told.value)), told.value


@pytest.mark.parametrize("bug", [bug for bug, _ in PLANTED], ids=lambda bug: bug.__name__)
def test_looking_at_what_has_changed_finds_what_looking_at_everything_finds(
    folder, monkeypatch, bug
):
    bug(monkeypatch)

    changed = _first_broken(folder / "changed", complete=False)
    everything = _first_broken(folder / "everything", complete=True)

    assert changed == everything


def _first_broken(folder, *, complete):
    """The first promise that broke, and where; after every event only what changed, or all."""
    folder.mkdir()
    night = Night(folder, complete=complete)
    with pytest.raises(Broken) as told:
        night.run()
    return str(told.value), night.ledger.seq, night.world.true
