"""Reading a page as a person and a browser do: its words, its headings, its fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    words: str = ""


@dataclass
class Page(HTMLParser):
    """One parsed page; every element with the words inside it."""

    source: str
    elements: list[Element] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words += data

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def words(self, tag: str = "main") -> str:
        return " ".join(" ".join(each.words.split()) for each in self.all(tag))

    @property
    def faults(self) -> list[str]:
        """What a person with a screen reader or a keyboard would stumble over."""
        return [*self._headings(), *self._fields(), *self._ids()]

    def _headings(self) -> list[str]:
        ones = [" ".join(each.words.split()) for each in self.all("h1")]
        titles = [" ".join(each.words.split()) for each in self.all("title")]
        found = [] if len(ones) == 1 and ones[0] else [f"{len(ones)} headings of the first level"]
        if titles != [f"{one} - Custody Triage" for one in ones]:
            found.append(f"title {titles} is not the heading {ones}")
        return found

    def _fields(self) -> list[str]:
        labelled = {each.attributes.get("for") for each in self.all("label")}
        inside = {"radio", "checkbox", "hidden"}
        return [
            f"{each.tag} {each.attributes.get('name')} has no label"
            for each in self.elements
            if each.tag in ("input", "select", "textarea")
            and each.attributes.get("type") not in inside
            and each.attributes.get("id") not in labelled
        ]

    def _ids(self) -> list[str]:
        ids = [each.attributes["id"] for each in self.elements if "id" in each.attributes]
        known = set(ids)
        twice = [f"id {each} stands twice" for each in known if ids.count(each) > 1]
        described = " ".join(each.attributes.get("aria-describedby", "") for each in self.elements)
        return twice + [
            f"nothing describes {each}" for each in described.split() if each not in known
        ]

    def form(self, **typed: str) -> dict[str, str | list[str]]:
        """What a browser would send from the last form: what it shows, and what is typed."""
        sent: dict[str, str | list[str]] = {}
        for each in self.elements:
            name, kind = each.attributes.get("name", ""), each.attributes.get("type")
            ticked = kind not in ("radio", "checkbox") or "checked" in each.attributes
            if each.tag == "input" and name and ticked and kind != "hidden":
                sent[name] = each.attributes.get("value", "")
        return {**sent, **typed}
