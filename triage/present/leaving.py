"""Words of the release."""

PLACES = (
    ("home", "Home"),
    ("court", "Court"),
    ("hospital", "Hospital"),
    ("health_place", "Another place of health care"),
    ("prison", "Prison"),
    ("other", "Somewhere else"),
)
NO_GAPS = "Nothing is known to be open."
GAPS = (
    "These things are still open. They do not make the detention any longer: if the person leaves "
    "now, record it at its true time and say why they were left open."
)
