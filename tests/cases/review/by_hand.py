"""The same totals, counted slowly: minute by minute and list by list, from the stories alone.

Nothing of the service is used here: no clock, no wait, no percentile. What both ways find is right.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .detentions import Story

LONDON = ZoneInfo("Europe/London")
Spans = dict[str, tuple[int | None, int | None]]


def spans(story: Story) -> Spans:
    """Where each leg begins and ends, in minutes after the decision."""
    told = None if story.amhp_told is None else max(story.amhp_told, story.arrived)
    moved = None
    if story.bed_found is not None:
        moved = story.ended
    return {
        "amhp_told": (story.arrived, told),
        "amhp_arrives": (story.amhp_told, story.amhp_arrived),
        "doctor_arrives": (story.doctor_told, story.doctor_arrived),
        "assessment_begins": (story.arrived, story.began),
        "assessment_lasts": (story.began, story.finished),
        "bed_found": (story.bed_asked, story.bed_found),
        "moved": (story.bed_found, moved),
        "whole": (story.arrived, story.ended),
    }


def lengths(stories: list[Story], leg: str) -> list[int]:
    """The finished lengths of one leg in minutes, shortest first."""
    found = []
    for story in stories:
        begins, ends = spans(story)[leg]
        if begins is not None and ends is not None:
            found.append(ends - begins)
    return sorted(found)


def middle(numbers: list[int]) -> float:
    while len(numbers) > 2:
        numbers = numbers[1:-1]
    return sum(numbers) / len(numbers)


def nine_in_ten(numbers: list[int]) -> int:
    for number in numbers:
        if sum(each <= number for each in numbers) * 10 >= len(numbers) * 9:
            return number
    raise AssertionError("no numbers")


def lapses(story: Story) -> int:
    """The minute in which the permitted period lapses."""
    return story.arrived + 24 * 60 + 60 * (story.extended or 0)


def breaches(stories: list[Story], at: datetime) -> list[str]:
    """The records in which somebody was held past the lapse."""
    found = []
    for story in stories:
        ended = story.ended
        held_until = story.decided + timedelta(minutes=ended) if ended is not None else at
        due = story.decided + timedelta(minutes=lapses(story))
        if held_until > due or (ended is None and held_until >= due):
            found.append(story.record)
    return sorted(found)


def minutes_waited(story: Story, until: int) -> dict[str, int]:
    """Minutes by code, walking through the detention minute by minute."""
    waits = {
        "amhp.waiting_to_arrive": (story.amhp_told, _first(story.amhp_arrived, story.began)),
        "doctor.waiting_to_arrive": (story.doctor_told, _first(story.doctor_arrived, story.began)),
        "bed.none_found_yet": (story.bed_asked, story.bed_found),
        "conveyance.on_the_way": (story.removal, story.arrived),
        "place_of_safety.handover": (story.offered, story.accepted),
        "place_of_safety.refused": (story.refused, story.arrived),
    }
    counted = dict.fromkeys([*waits, "unattributed.gap"], 0)
    for minute in range(until):
        free = True
        for code, (since, ends) in waits.items():
            if since is not None and since <= minute < (
                until if ends is None else min(ends, until)
            ):
                counted[code] += 1
                free = False
        counted["unattributed.gap"] += free
    return {code: minutes for code, minutes in counted.items() if minutes}


def _first(*minutes: int | None) -> int | None:
    return min((minute for minute in minutes if minute is not None), default=None)


def london_hour(story: Story) -> int:
    return (story.decided + timedelta(minutes=story.arrived)).astimezone(LONDON).hour


def london_monday(story: Story) -> str:
    day = (story.decided + timedelta(minutes=story.arrived)).astimezone(LONDON).date()
    while day.isoweekday() != 1:
        day -= timedelta(days=1)
    return day.isoformat()


def is_adult(story: Story) -> bool | None:
    if story.born is None:
        return None
    day = story.decided.astimezone(LONDON).date()
    return (day.year - story.born.year, day.month, day.day) >= (
        18, story.born.month, story.born.day,
    )  # fmt: skip
