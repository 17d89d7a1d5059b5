"""One alert, two engines, one channel: every state that a crash between any two steps can reach.

Written from the alert semantics alone (levels, states, chain, deliveries), never from the code of
the service, so that the two can be held against each other. Time is a choice: whenever a timer
runs, it may run out now or later. So every speed of every engine is covered.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

TOP = 2  # the last step of the chain: it repeats
ROUNDS = 1  # the alert opens again at most so often in the model
TRIES = 2  # two tries stand for two or more

PLANNED, CLAIMED, SENT, UNKNOWN, FAILED = "planned", "claimed", "sent", "unknown", "failed"
OPEN = ("raised", "acknowledged", "in_hand")
OVER = ("closed", "cancelled", "withdrawn")


class Delivery(NamedTuple):
    """One message: its row in the record, and what arrived outside."""

    step: int
    round: int
    state: str = PLANNED
    tries: int = 0
    arrived: int = 0
    unmarked: bool = False  # somebody got it twice, and the second did not say so
    unplanned: bool = False  # it was sent while no committed row said that it would be


class Engine(NamedTuple):
    """What an engine holds in its head; a crash loses it."""

    doing: str = "idle"  # idle | saw_due | saw_step | claimed | tried
    delivery: int = 0
    outcome: str = ""


class Alert(NamedTuple):
    """The row of the alert; ``rows`` counts how many stand under the one key."""

    state: str = "none"
    rows: int = 0
    level: int = 1
    due: int = 0  # which due time: only a correction may change it
    step: int = 0
    round: int = 0
    running: bool = False  # a timer runs: to the next step, or to the end of "act in time"
    ran_out: bool = False
    police: bool = False
    clinical: bool = False
    acted: bool = False


class World(NamedTuple):
    """Everything; ``messages`` is how many messages of the chain are followed to their end."""

    alert: Alert = Alert()
    deliveries: tuple[Delivery, ...] = ()
    engines: tuple[Engine, ...] = (Engine(), Engine())
    crashes: int = 2  # how many are still to come
    corrections: int = 1
    messages: int = 1


@dataclass(frozen=True)
class Rules:
    """The semantics; each planted bug turns one of them off."""

    one_row_per_key: bool = True
    look_again: bool = True  # inside the transaction, before raising or climbing
    one_transaction: bool = True  # the alert and its deliveries together
    claim_compares: bool = True
    send_then_mark: bool = True
    leases_end: bool = True
    repeats_are_marked: bool = True
    only_the_right_kind_holds: bool = True
    open_again_without_act: bool = True
    steps_in_order: bool = True
    replan_keeps_raised: bool = True
    cancel_by_two: bool = True
    plan_before_send: bool = True
    sooner_by_asking_again: bool = False  # a second acknowledgement winds the timer up again
    needs_clinician: bool = True


def held(rules: Rules, alert: Alert) -> bool:
    """Whether an acknowledgement stands that stops the chain."""
    if not rules.only_the_right_kind_holds:
        return alert.police or alert.clinical
    return alert.clinical if rules.needs_clinician else alert.police or alert.clinical


def acknowledge(rules: Rules, alert: Alert, kind: str) -> Alert:
    """A person takes it; the time to act begins with the first acknowledgement that holds."""
    before = held(rules, alert)
    alert = alert._replace(**{kind: True})
    if alert.state == "raised":
        alert = alert._replace(state="acknowledged")
    first = held(rules, alert) and not before and not alert.acted
    if first or (held(rules, alert) and rules.sooner_by_asking_again and alert.running):
        runs = rules.open_again_without_act
        alert = alert._replace(running=runs, ran_out=False)
    return alert


def act(rules: Rules, alert: Alert, kind: str) -> Alert:
    """A person did something; it is in hand for good once the right kind holds it or acted."""
    right = kind == "clinical" or not rules.needs_clinician or held(rules, alert)
    alert = alert._replace(state="in_hand", acted=alert.acted or right)
    return alert._replace(running=False, ran_out=False) if right else alert


def step_on(rules: Rules, alert: Alert) -> Alert:
    """The timer ran out: climb, or open again when it was taken and nothing was done."""
    if held(rules, alert) and alert.state in ("acknowledged", "in_hand"):
        return alert._replace(
            state="raised", round=min(alert.round + 1, ROUNDS), step=0, running=True, ran_out=False,
            police=False, clinical=False, acted=False,
        )  # fmt: skip
    jump = 1 if rules.steps_in_order else 2
    return alert._replace(step=min(alert.step + jump, TOP), running=True, ran_out=False)


Move = tuple[str, World]


def moves(rules: Rules, world: World) -> Iterator[Move]:
    """Everything that can happen next, by name."""
    yield from _facts(rules, world)
    yield from _people(rules, world)
    yield from _time(rules, world)
    for number in range(len(world.engines)):
        yield from _engine(rules, world, number)


def _facts(rules: Rules, world: World) -> Iterator[Move]:
    alert = world.alert
    if alert.state == "none":
        yield "fact", world._replace(alert=alert._replace(state="planned", rows=1))
    if world.corrections and alert.state == "planned":
        moved = world._replace(alert=alert._replace(due=1), corrections=0)
        yield "correct the time", moved
    if world.corrections and alert.state in OPEN:
        gone = alert._replace(state="withdrawn", running=False, ran_out=False)
        yield "withdraw by correction", _ended(world._replace(alert=gone, corrections=0))
    if alert.state in OPEN and not rules.replan_keeps_raised:
        yield "plan again", world._replace(alert=alert._replace(level=2))


def _people(rules: Rules, world: World) -> Iterator[Move]:
    alert = world.alert
    if alert.state not in OPEN:
        return
    for kind in ("police", "clinical"):
        yield f"{kind} acknowledges", world._replace(alert=acknowledge(rules, alert, kind))
        yield f"{kind} acts", world._replace(alert=act(rules, alert, kind))
    over = alert._replace(running=False, ran_out=False)
    yield "close with an outcome", _ended(world._replace(alert=over._replace(state="closed")))
    two = _ended(world._replace(alert=over._replace(state="cancelled")))
    yield "two people cancel", two
    if not rules.cancel_by_two:
        yield "one person cancels", two


def _ended(world: World) -> World:
    """What was planned and never tried is not sent any more; who had it does not matter here."""
    over = world.alert._replace(step=0, round=0, police=False, clinical=False, acted=False)
    world = world._replace(alert=over)
    left = tuple(d for d in world.deliveries if not (d.state == PLANNED and d.tries == 0))
    if len(left) == len(world.deliveries):
        return world
    # The places of the others move; an engine that held one of those dropped held nothing.
    places = {world.deliveries.index(d): n for n, d in enumerate(left)}
    engines = tuple(
        e._replace(delivery=places.get(e.delivery, 0)) if e.doing in ("claimed", "tried") else e
        for e in world.engines
    )
    return world._replace(deliveries=left, engines=engines)


def _time(rules: Rules, world: World) -> Iterator[Move]:
    alert = world.alert
    if alert.state in OPEN and alert.running and not alert.ran_out:
        yield "time passes", world._replace(alert=alert._replace(ran_out=True))
    for place, each in enumerate(world.deliveries):
        if each.state == CLAIMED and rules.leases_end:
            lapsed = each._replace(state=UNKNOWN)
            yield "a lease ends", _with(world, place, lapsed)


def _engine(rules: Rules, world: World, number: int) -> Iterator[Move]:
    engine, alert = world.engines[number], world.alert
    if engine.doing != "idle" and world.crashes:
        dead = _think(world, number, Engine())
        yield f"engine {number} dies", dead._replace(crashes=world.crashes - 1)
    match engine.doing:
        case "idle":
            if alert.state == "planned":
                yield f"engine {number} sees it due", _think(world, number, Engine("saw_due"))
            if alert.state in OPEN and alert.ran_out:
                yield f"engine {number} sees a step due", _think(world, number, Engine("saw_step"))
            yield from _claims(rules, world, number)
        case "saw_due":
            yield f"engine {number} raises", _raised(rules, _think(world, number, Engine()))
        case "saw_step":
            yield f"engine {number} climbs", _climbed(rules, _think(world, number, Engine()))
        case "claimed":
            yield from _tries(rules, world, number)
        case "tried":
            yield f"engine {number} settles", _settled(rules, world, number)


def _raised(rules: Rules, world: World) -> World:
    alert = world.alert
    if alert.state != "planned":
        if rules.look_again or alert.state in OVER:
            return world
        if rules.one_row_per_key:
            return world
        return world._replace(alert=alert._replace(rows=2))
    world = world._replace(alert=alert._replace(state="raised", running=True))
    return _call(world) if rules.one_transaction else world


def _climbed(rules: Rules, world: World) -> World:
    alert = world.alert
    if alert.state not in OPEN or (rules.look_again and not alert.ran_out):
        return world
    return _call(world._replace(alert=step_on(rules, alert)))


def _call(world: World) -> World:
    """Plan the message of this step, once: the same step of the same round is one message."""
    alert = world.alert
    known = any((d.step, d.round) == (alert.step, alert.round) for d in world.deliveries)
    if known or len(world.deliveries) >= world.messages:
        return world
    return world._replace(deliveries=(*world.deliveries, Delivery(alert.step, alert.round)))


def _claims(rules: Rules, world: World, number: int) -> Iterator[Move]:
    for place, each in enumerate(world.deliveries):
        free = each.state in (PLANNED, UNKNOWN)
        if free or (not rules.claim_compares and each.state == CLAIMED):
            first = CLAIMED if rules.send_then_mark else SENT
            row = each._replace(state=first, tries=min(each.tries + 1, TRIES))
            mind = Engine("claimed", place)
            yield f"engine {number} claims", _think(_with(world, place, row), number, mind)
    if not rules.plan_before_send and world.alert.state in OPEN and not world.deliveries:
        sent = Delivery(world.alert.step, world.alert.round, SENT, 1, arrived=1, unplanned=True)
        yield f"engine {number} sends unplanned", world._replace(deliveries=(sent,))


def _tries(rules: Rules, world: World, number: int) -> Iterator[Move]:
    place = world.engines[number].delivery
    row = world.deliveries[place]
    if world.alert.state in OVER:
        yield f"engine {number} lets it be", _think(world, number, Engine("tried", place, FAILED))
        return
    marked = row.tries > 1 and rules.repeats_are_marked
    got = row._replace(
        arrived=min(row.arrived + 1, TRIES),
        unmarked=row.unmarked or (row.arrived > 0 and not marked),
    )
    took = _with(world, place, got)
    yield f"engine {number} is accepted", _think(took, number, Engine("tried", place, SENT))
    yield f"engine {number} hears nothing", _think(took, number, Engine("tried", place, UNKNOWN))
    yield f"engine {number} is turned away", _think(world, number, Engine("tried", place, UNKNOWN))


def _settled(rules: Rules, world: World, number: int) -> World:
    engine = world.engines[number]
    row = world.deliveries[engine.delivery]
    after = _with(world, engine.delivery, row._replace(state=engine.outcome))
    return _think(after, number, Engine())


def _with(world: World, place: int, row: Delivery) -> World:
    rows = (*world.deliveries[:place], row, *world.deliveries[place + 1 :])
    return world._replace(deliveries=rows)


def _think(world: World, number: int, mind: Engine) -> World:
    engines = (*world.engines[:number], mind, *world.engines[number + 1 :])
    return world._replace(engines=engines)


# ---------------------------------------------------------------------------- what must hold
Flaw = tuple[str, str]


def flaws_of_state(rules: Rules, world: World) -> Iterator[Flaw]:
    """What is wrong about a state, whatever led to it."""
    alert = world.alert
    if alert.rows > 1:
        yield "I1", "two alerts stand under one key"
    if alert.state in OPEN and not world.deliveries:
        yield "I7", "an alert was raised and no message was planned with it"
    for each in world.deliveries:
        if each.unplanned:
            yield "I7", "a message left that no committed row had planned"
        if each.unmarked:
            yield "I8", "a message was repeated and did not say so"
    if alert.state in OPEN and not alert.running and not _in_hand(rules, alert):
        yield "L6", "nobody has it, and no timer runs any more"


def _in_hand(rules: Rules, alert: Alert) -> bool:
    return alert.state == "in_hand" and alert.acted


def flaws_of_move(rules: Rules, before: World, name: str, after: World) -> Iterator[Flaw]:
    """What is wrong about one move."""
    old, new = before.alert, after.alert
    if new.state in OVER and old.state not in OVER and name not in _ENDS:
        yield "I3", f"an alert ended by: {name}"
    for kind in ("police", "clinical"):
        taken = getattr(new, kind) and not getattr(old, kind)
        if taken and (name != f"{kind} acknowledges" or old.state not in OPEN):
            yield "I4", f"an acknowledgement came from: {name}"
    if new.state in OVER:
        return
    if new.step not in (old.step, min(old.step + 1, TOP), 0):
        yield "I5", f"the chain went from step {old.step} to {new.step}"
    if new.step < old.step and new.round == old.round and old.round < ROUNDS:
        yield "I5", "the chain went back without a new round"
    if new.due != old.due and name != "correct the time":
        yield "I6", f"the due time was moved by: {name}"
    for was, now in zip(before.deliveries, after.deliveries, strict=False):
        if name.endswith("claims") and was.state == CLAIMED and now.tries > was.tries:
            yield "I8", "a message was claimed while another engine's lease ran"
    if new.level > old.level:
        yield "I9", f"the level fell by: {name}"
    truly = held(replace(rules, only_the_right_kind_holds=True), old)
    if name.endswith("climbs") and old.state in OPEN[1:] and new.state == OPEN[0] and not truly:
        yield "I5", "the chain began again as if the right kind had taken it"
    if name.endswith("acknowledges") and old.ran_out and not new.ran_out and held(rules, old):
        yield "L6", "acknowledging again wound up the time to act"


_ENDS = ("close with an outcome", "two people cancel", "withdraw by correction")


@dataclass
class Explored:
    """Every state that can be reached, how, and what was wrong on the way."""

    states: int = 0
    moves: int = 0
    flaws: dict[Flaw, tuple[str, ...]] = field(default_factory=dict)
    stuck: int = 0


def explore(rules: Rules, *, start: World | None = None, until: str | None = None) -> Explored:
    """Visit every state breadth first; the first way to each flaw is the shortest.

    With ``until`` it is over as soon as that invariant was seen to break.
    """
    start = start or World()
    found = Explored()
    came: dict[World, tuple[World | None, str]] = {start: (None, "")}
    leads: dict[World, list[World]] = {}
    queue = deque([start])
    while queue and until not in {name for name, _ in found.flaws}:
        world = queue.popleft()
        for flaw in flaws_of_state(rules, world):
            found.flaws.setdefault(flaw, _way(came, world))
        for name, after in moves(rules, world):
            found.moves += 1
            for flaw in flaws_of_move(rules, world, name, after):
                found.flaws.setdefault(flaw, (*_way(came, world), name))
            if _is_fair(name):
                leads.setdefault(after, []).append(world)
            if after not in came:
                came[after] = (world, name)
                queue.append(after)
    found.states = len(came)
    for world in _never_delivered(came, leads) if not queue else ():
        found.stuck += 1
        flaw = ("L4", "a message can never leave any more")
        found.flaws.setdefault(flaw, _way(came, world))
    return found


def _is_fair(name: str) -> bool:
    """What happens by itself once faults have ended: no person, no crash, a channel that works."""
    own = ("claims", "is accepted", "settles", "raises", "climbs")
    return name == "a lease ends" or name.endswith(own)


def _never_delivered(came: dict[World, object], leads: dict[World, list[World]]) -> list[World]:
    """Open alerts with a message from which no fair future arrives anywhere."""
    good = [world for world in came if _all_arrived(world)]
    reach = set(good)
    queue: deque[World] = deque(good)
    while queue:
        for before in leads.get(queue.popleft(), ()):
            if before not in reach:
                reach.add(before)
                queue.append(before)
    return [w for w in came if w.alert.state in OPEN and w.deliveries and w not in reach]


def _all_arrived(world: World) -> bool:
    return all(each.arrived and each.state == SENT for each in world.deliveries)


def _way(came: dict[World, tuple[World | None, str]], world: World) -> tuple[str, ...]:
    names: list[str] = []
    here: World | None = world
    while here is not None:
        here, name = came[here]
        if name:
            names.append(name)
    return tuple(reversed(names))
