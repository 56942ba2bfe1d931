"""No template is left out: each one is drawn by some state of `pages.py`, so each one has met the accessibility rules."""

from __future__ import annotations

from pathlib import Path

from tests.browser.conftest import Opens, Site
from tests.browser.pages import STATES

ROOT = Path(__file__).resolve().parents[2] / "templates"
ELSEWHERE = {
    "mail/notification.html": "a mail; tests/notifications reads it",
    "mail/notification.txt": "a mail; tests/notifications reads it",
}


def test_every_template_is_drawn_in_some_state(site: Site, opens: Opens) -> None:
    for state in STATES:
        page = opens(who=state.who)
        for language in ("en", "hi") if state.who == "" and state.act is None else ("en",):
            page.goto(site.path(state.path, language))
        if state.act:
            state.act(page)
        page.context.close()
    known = {str(file.relative_to(ROOT)) for file in ROOT.rglob("*.*") if file.suffix in {".html", ".txt"}}
    assert known - set(site.drawn.read_text().split()) == set(ELSEWHERE)
