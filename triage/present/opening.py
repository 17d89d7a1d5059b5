"""Words of the forms that open a stay."""

KINDS = (("custody", "Under arrest, with a custody record"), ("voluntary", "Of their own will"))
SEXES = (
    ("female", "Female"),
    ("male", "Male"),
    ("other", "Other"),
    ("unknown", "Not known"),
)
HEALTH_PLACES = (
    ("a_and_e", "A&E department"),
    ("health_based_place_of_safety", "Health-based place of safety"),
    ("home", "A home"),
    ("other", "Somewhere else"),
)
CONSULTED = (
    ("no", "Nobody"),
    ("paramedic", "Paramedic"),
    ("nurse", "Nurse"),
    ("doctor", "Doctor"),
    ("amhp", "AMHP"),
    ("occupational_therapist", "Occupational therapist"),
)
OFFENCES = (
    ("theft", "Theft"),
    ("violence", "Violence"),
    ("domestic", "Domestic abuse"),
    ("homicide_fatal", "Homicide or fatal collision"),
    ("sexual", "Sexual offence"),
    ("child_sexual", "Sexual offence against a child, or images of one"),
    ("robbery", "Robbery"),
    ("burglary_dwelling", "Burglary of a home"),
    ("burglary_other", "Other burglary"),
    ("drugs_possess", "Drugs, possession"),
    ("drugs_supply", "Drugs, supply"),
    ("weapons", "Weapons"),
    ("criminal_damage", "Criminal damage"),
    ("harassment", "Harassment or stalking"),
    ("breach_of_peace", "Breach of the peace"),
    ("driving", "Driving"),
    ("public_order", "Public order"),
    ("fraud", "Fraud"),
    ("other", "Another offence"),
    ("none", "No offence"),
)


def ids(options: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The ids of some options."""
    return tuple(id for id, _ in options)
