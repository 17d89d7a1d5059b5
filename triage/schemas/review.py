"""What a reader of the review asks for in the address."""

from typing import Any

from marshmallow import fields, validate

from triage.schemas.fields import AwareUTC, Choice, DateField, SafeText, StrictSchema

_MOST_SUITES = 50


def _suites() -> Any:
    return fields.List(
        SafeText(shortest=1, longest=60),
        validate=validate.Length(max=_MOST_SUITES),
        metadata={"description": "Only this suite; may be given more than once"},
    )


class PublishIn(StrictSchema):
    """The whole weeks whose figures are to leave, Monday to Sunday, and the suites."""

    class Meta(StrictSchema.Meta):
        """The names that Python keeps for itself."""

        include = {"from": DateField(required=True)}  # noqa: RUF012

    to = DateField(required=True)
    suite = _suites()


class PublishReturnIn(StrictSchema):
    """Any day of the year whose counts are to leave, and the suites."""

    day = DateField(required=True)
    suite = _suites()


class ReviewAskedIn(StrictSchema):
    """Which suites and days, known at which moment, and whether the answer stays in the force."""

    class Meta(StrictSchema.Meta):
        """The names that Python keeps for itself."""

        include = {  # noqa: RUF012
            "from": DateField(
                metadata={"description": "First day; else thirteen weeks to the last"}
            ),
        }

    to = DateField(metadata={"description": "Last day, included; else today"})
    suite = _suites()
    as_known_at = AwareUTC(metadata={"description": "Nothing that was typed later is in it"})
    inside = Choice(
        ("yes", "no"),
        metadata={"description": "yes: exact, with record numbers; not to leave the force"},
    )
