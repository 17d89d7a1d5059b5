"""What is against the law, in words; and by how much it came too late."""

from triage.domain.clocks import Unlawful
from triage.present import spans


def unlawful_words(one: Unlawful) -> str:
    """What is against the law, and by how much it came too late where that is what is wrong."""
    if one.over_seconds is None:
        return one.words
    under = " under the corrected time" if one.corrected else ""
    if one.over_seconds == 0:
        return f"{one.words} Authorised at the very moment of the lapse{under}."
    late = spans.span(one.over_seconds) if one.over_seconds >= 60 else f"{one.over_seconds} s"
    return f"{one.words} Authorised {late} too late{under}."
