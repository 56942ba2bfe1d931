"""Reads a page's form as a browser would send it back: names and values of every field, nothing made up."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class FormReader(HTMLParser):
    """Fields of the form with this id, or of the last form when none is named."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[dict[str, str], list[tuple[str, str]]]] = []
        self.select: tuple[str, bool] | None = None
        self.chosen: list[str] = []
        self.first: str | None = None
        self.area: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in given}
        if tag == "form":
            self.forms.append((attrs, []))
        if not self.forms or (tag not in {"option"} and not attrs.get("name")):
            return
        if tag == "input":
            kind, ticked = attrs.get("type", "text"), "checked" in attrs
            if kind not in {"submit", "button", "checkbox", "radio"} or (kind in {"checkbox", "radio"} and ticked):
                self.add(attrs["name"], attrs.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "textarea":
            self.area, self.text = attrs["name"], ""
        elif tag == "select":
            self.select, self.chosen, self.first = (attrs["name"], "multiple" in attrs), [], None
        elif tag == "option" and self.select:
            self.first = attrs.get("value", "") if self.first is None else self.first
            if "selected" in attrs:
                self.chosen.append(attrs.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.add(self.area, self.text.removeprefix("\n"))
            self.area = None
        if tag == "select" and self.select:
            name, many = self.select
            for value in self.chosen or ([] if many or self.first is None else [self.first]):
                self.add(name, value)
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text += data

    def add(self, name: str, value: str) -> None:
        self.forms[-1][1].append((name, value))


def fields_of(response: Any, form_id: str = "") -> dict[str, Any]:
    """What a browser would post from the page: a list where a name comes more than once."""
    reader = FormReader()
    reader.feed(response.content.decode())
    wanted = [fields for attrs, fields in reader.forms if attrs.get("id") == form_id] if form_id else []
    posted: dict[str, Any] = {}
    for name, value in (wanted or [fields for _attrs, fields in reader.forms])[-1]:
        posted.setdefault(name, []).append(value)
    posted.pop("csrfmiddlewaretoken", None)
    return {name: values if len(values) > 1 else values[0] for name, values in posted.items()}
