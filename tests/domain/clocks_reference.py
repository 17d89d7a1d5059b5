"""A slow second reading of station checks and PACE clocks, minute by minute, from the law alone.

It shares no code with the service and reads none of its data. Times are whole minutes, counted from
the first one; every number stands here as the law has it. It knows one stay, in one place.
"""

CHECK, HOUR, THREE_HOURS = 30, 60, 180  # SI 2017/1036 regs 4, 5, 6
DAY, FIRST, NEXT = 24 * 60, 6 * 60, 9 * 60  # PACE ss40, 41

Fact = tuple[int, str, dict]  # the minute, what happened, what was said of it
Round = tuple[int, bool]  # when it was due, whether that passed without the act


def health_checks(facts: list[Fact], arrived: int, now: int) -> list[Round]:
    """The rounds of regulation 4 that passed, and the one that runs; sleep changes nothing."""
    done = {minute for minute, kind, _ in facts if kind == "health_check"}
    rounds, waited, last = [], 0, arrived
    for minute in range(arrived + 1, now + 1):
        waited += 1
        if minute in done:
            if waited > CHECK:
                rounds.append((last + CHECK, True))
            waited, last = 0, minute
    return [*rounds, (last + CHECK, waited > CHECK)]


def behaviour_reviews(facts: list[Fact], arrived: int, now: int) -> list[Round]:
    """The rounds of regulation 5; three hours in sleep that the last check found untroubled."""
    happened = {minute: (kind, said) for minute, kind, said in facts}
    rounds: list[Round] = []
    asleep = untroubled = False
    waited, last, due = 0, arrived, None
    for minute in range(arrived + 1, now + 1):
        waited += 1
        relieved_before = asleep and untroubled
        kind, said = happened.get(minute, ("", {}))
        if kind == "fell_asleep":
            asleep = True
        elif kind == "woke":
            asleep = False
        elif kind == "health_check":
            untroubled = said["waking"] == "not_needed"
        relieved = asleep and untroubled
        if due is None and waited >= HOUR:
            held_off = relieved and (relieved_before or waited > HOUR)
            if not held_off or waited == THREE_HOURS:
                due = minute
        if kind == "behaviour_review":
            if due is not None and minute > due:
                rounds.append((due, True))
            waited, last, due = 0, minute, None
    if due is not None:
        return [*rounds, (due, now > due)]
    return [*rounds, (last + (THREE_HOURS if asleep and untroubled else HOUR), False)]


def counted(facts: list[Fact], since: int, length: int, now: int) -> int:
    """The minute in which so many minutes of detention have been counted (PACE s41(6)).

    In hospital none is, except while the person is questioned about an offence; what has not
    happened yet is taken to count.
    """
    happened: dict[int, list[tuple[str, dict]]] = {}
    for minute, kind, said in facts:
        happened.setdefault(minute, []).append((kind, said))
    hospital, questioned_until, left, minute = False, -1, length, min([since, *happened])
    while True:
        if minute >= since and left == 0:
            return minute
        if minute < now:
            for kind, said in happened.get(minute, ()):
                if kind == "left_for_hospital":
                    hospital = True
                elif kind == "back_from_hospital":
                    hospital = False
                elif kind == "questioned":
                    questioned_until = max(questioned_until, said["until"])
        paused = minute < now and hospital and minute >= questioned_until
        if minute >= since and not paused:
            left -= 1
        minute += 1


def reviews(facts: list[Fact], authorised: int, now: int) -> list[tuple[int, bool]]:
    """When each section 40 review was or is due, and whether it came late (s40(3), (6))."""
    found, since, length = [], authorised, FIRST
    for minute in sorted(minute for minute, kind, _ in facts if kind == "pace_review_done"):
        due = counted(facts, since, length, now)
        found.append((due, minute > due))
        since, length = (due if minute > due else minute), NEXT
    due = counted(facts, since, length, now)
    return [*found, (due, now >= due)]
