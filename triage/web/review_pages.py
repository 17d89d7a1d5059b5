"""The review as files: a pack that stands alone, CSV and workbook."""

from collections.abc import Sequence
from pathlib import Path

from flask import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from triage.present import review_words
from triage.present.figure_cells import Sheet
from triage.present.pack import Pack

_HERE = Path(__file__).parent
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pack_document(pack: Pack) -> str:
    """The pack as one file of HTML with its styles inside, to print or to send."""
    return _alone("review_pack_alone.html", pack=pack)


def sheets_document(sheets: Sequence[Sheet], *, leaving: bool) -> str:
    """Some tables as one file of HTML with its styles inside."""
    note = review_words.LEAVING if leaving else review_words.INSIDE
    return _alone("review_sheets_alone.html", sheets=sheets, note=note)


def _alone(template: str, **values: object) -> str:
    words = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    sheet = (_HERE / "static" / "review.css").read_text(encoding="utf-8")
    styles = Markup("<style>{}</style>").format(Markup(sheet))  # ours alone, nothing typed
    return words.get_template(template).render(styles=styles, **values)


def csv_answer(text: str, name: str) -> Response:
    """A CSV file to keep."""
    return _file(text.encode("utf-8"), "text/csv; charset=utf-8", name)


def xlsx_answer(data: bytes, name: str) -> Response:
    """A workbook to keep."""
    return _file(data, _XLSX, name)


def _file(data: bytes, kind: str, name: str) -> Response:
    answer = Response(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
