"""A slow second reading of the permitted period, minute by minute, from the Act alone.

It shares no code with the service. It knows one use of section 136 after 2017, times on whole
minutes, and nothing contested. It walks through the minutes with a pencil: what happened in this
minute, is the period running, how many minutes of it are left.
"""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
ARRIVALS = {"arrived_site", "entered_building", "arrived"}
DAY, MOST = 24 * 60, 12


def lapse(facts: list[tuple[datetime, str, dict]]) -> datetime:
    """When the authority to hold the person runs out, for facts (when, kind, what was said)."""
    by_minute: dict[datetime, list[tuple[str, dict]]] = {}
    for when, kind, said in facts:
        by_minute.setdefault(when, []).append((kind, said))
    decided, limb = next((when, s["limb"]) for when, kind, s in facts if kind == "s136_decided")
    arrived = [when for when, kind, _ in facts if kind in ARRIVALS and when >= decided]
    begins = decided if limb == "keep" or not arrived else min(arrived)

    now, left = min(by_minute), DAY
    place, away, approved = None, False, False
    waiting: list[int] = []  # hours, for which a superintendent has not approved yet
    standing: list[int] = []
    while left > 0:
        for kind, said in by_minute.get(now, ()):
            if kind in ARRIVALS or kind == "transferred":
                place = said["place"]
            elif kind == "left_place":
                place = None
            elif kind == "absconded":
                place, away = None, True
            elif kind == "retaken":
                away = False
            elif kind == "superintendent_approved" and now >= decided:
                approved, waiting, standing = True, [], standing + waiting
            elif kind == "extension_authorised" and begins <= now and not away:
                lawful = said["role"] == "doctor" and said["ground"] == "condition"
                lawful = lawful and said["hours"] is not None and 1 <= said["hours"] <= MOST
                here = place == said["place"] == "police_station"
                if lawful and here and not approved:
                    waiting.append(said["hours"])
                elif lawful:
                    standing.append(said["hours"])
        if now >= begins:
            left -= 1
        now += MINUTE
    # The 24 hours are counted out. Only what stood before this minute lengthens them.
    for _ in range(60 * (standing[0] if standing else 0)):
        now += MINUTE
    return now
