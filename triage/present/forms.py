"""Sentences about what was typed into a form."""

UNFIT = "This holds a character that is not text. Type it again."
ACCOUNT_NAME = "Use 3 to 40 small letters, digits, dots or dashes, beginning with a letter."
NOT_A_TIME = "Write the time with hours and minutes, for example 01:32."
NOT_A_DAY = "Write the day as year-month-day, for example 2026-10-25."
HAPPENED_TWICE = "This time happened twice, because the clocks went back. Say which one it was."
NEVER_EXISTED = "This time never existed, because the clocks went forward. Check it."


def too_long(most: int) -> str:
    """Why a text is refused for its length."""
    return f"Use at most {most:,} characters."


def missing(what: str) -> str:
    """What is missing."""
    return f"Enter {what}."


def choose(what: str) -> str:
    """What is still to be chosen."""
    return f"Choose {what}."


def whole_number(what: str, most: int) -> str:
    """What a number field takes."""
    return f"Enter {what} as a whole number from 0 to {most}."
