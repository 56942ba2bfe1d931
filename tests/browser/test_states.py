"""Every page in every state, in both languages, narrow and wide, light and dark: no rule of WCAG A and AA is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opens, Site
from tests.browser.looking import sticking_out
from tests.browser.pages import STATES, State

AXE = (Path(__file__).parent / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Each language meets both widths and both colours; together they meet all four.
LOOKS = {"en": [(320, "light"), (1280, "dark")], "hi": [(320, "dark"), (1280, "light")]}
# WCAG 1.4.12: a reader may set letters, words and lines apart as far as this.
SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"

# Colours fade. An animation may be called off, and one that repeats never ends.
FADED = (
    "Promise.race([Promise.allSettled(document.getAnimations().map(one => one.finished)),"
    " new Promise(done => setTimeout(done, 1000))]).then(() => true)"
)


def violations(page: Page) -> list[str]:
    """What axe finds, each as one line that says where."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] })", RULES
    )
    return [f"{rule['id']}: {node['html'][:150]} {node['failureSummary'][-200:]}" for rule in found["violations"] for node in rule["nodes"]]  # fmt: skip


def set_apart(page: Page) -> None:
    """By a constructed sheet: the content policy refuses a style element, as it should."""
    page.evaluate("rules => { const sheet = new CSSStyleSheet(); sheet.replaceSync(rules); document.adoptedStyleSheets = [sheet]; }", SPACING)  # fmt: skip


@pytest.mark.parametrize(
    ("state", "language"),
    [pytest.param(state, language, id=f"{state.name}-{language}") for state in STATES for language in state.languages],
)
def test_no_rule_is_broken_and_nothing_sticks_out(state: State, language: str, site: Site, opens: Opens) -> None:
    page = opens(who=state.who, width=320, height=640)
    answer = page.goto(site.path(state.path, language))
    assert answer is not None
    assert answer.status == state.status
    if state.act:
        state.act(page)
    page.evaluate("document.querySelectorAll('.filters').forEach(part => { part.open = true; })")
    found: dict[str, list[str]] = {}
    if not state.path.startswith("/admin/"):
        found["beyond 320 px"] = sticking_out(page)
    for width, colours in LOOKS[language]:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        page.evaluate(FADED)
        found[f"{width} {colours}"] = violations(page)
    if not state.path.startswith("/admin/"):
        page.set_viewport_size({"width": 320, "height": 640})
        set_apart(page)
        found["beyond 320 px, set apart"] = sticking_out(page)
    assert {where: what for where, what in found.items() if what} == {}
