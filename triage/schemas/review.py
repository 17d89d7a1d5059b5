"""What a reader of the review asks for in the address."""

from marshmallow import fields, validate

from triage.schemas.fields import AwareUTC, Choice, DateField, SafeText, StrictSchema

_MOST_SUITES = 50


class ReviewAskedIn(StrictSchema):
    """Which suites and days, known at which moment, and whether the answer stays in the force."""

    class Meta(StrictSchema.Meta):
        """The names that Python keeps for itself."""

        include = {  # noqa: RUF012
            "from": DateField(metadata={"description": "First day; else thirteen weeks back"}),
        }

    to = DateField(metadata={"description": "Last day, included; else today"})
    suite = fields.List(
        SafeText(shortest=1, longest=60),
        validate=validate.Length(max=_MOST_SUITES),
        metadata={"description": "Only this suite; may be given more than once"},
    )
    as_known_at = AwareUTC(metadata={"description": "Nothing that was typed later is in it"})
    inside = Choice(
        ("yes", "no"),
        metadata={"description": "yes: exact, with record numbers; not to leave the force"},
    )
