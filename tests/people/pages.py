"""Forms as a browser without JavaScript sees and sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    """The forms of a page, with what is typed in them already."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside: Form | None = None
        self.area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        if tag == "form":
            self.inside = Form(of.get("action") or "", (of.get("method") or "get").lower())
            self.forms.append(self.inside)
        elif self.inside and tag == "input" and of.get("name"):
            if of.get("type") not in {"checkbox", "radio"} or "checked" in of:
                self.inside.fields[of["name"]] = of.get("value") or ""
        elif self.inside and tag == "textarea" and of.get("name"):
            self.area = of["name"]
            self.inside.fields[self.area] = ""
        elif self.inside and tag == "select" and of.get("name"):
            self.inside.fields.setdefault(of["name"], "")

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            self.inside.fields[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.inside and self.area:
            self.inside.fields[self.area] = self.inside.fields[self.area].removeprefix("\n")
            self.area = None
        elif tag == "form":
            self.inside = None


class Browser:
    """Follows redirects and sends the forms it was shown, tokens and all."""

    def __init__(self, client: Any) -> None:
        self.client, self.url, self.page = client, "/", ""

    def open(self, url: str) -> Browser:
        return self.arrived(url, self.client.get(url, follow=True))

    def arrived(self, url: str, answer: Any) -> Browser:
        self.answer, self.page = answer, answer.content.decode()
        self.url = answer.redirect_chain[-1][0] if answer.redirect_chain else url
        return self

    def form(self, having: str) -> Form:
        return next(form for form in Reader(self.page).forms if having in form.fields and form.method == "post")

    def send(self, having: str, **typed: str) -> Browser:
        form = self.form(having)
        url = urljoin(self.url, form.action) if form.action else self.url
        return self.arrived(url, self.client.post(url, {**form.fields, **typed}, follow=True))

    def click(self, words: str) -> Browser:
        """Follows the first link with these words."""
        before = self.page[: self.page.index(f">{words}</a>")]
        href = before[before.rindex('href="') + 6 :].partition('"')[0].replace("&amp;", "&")
        return self.open(href)
