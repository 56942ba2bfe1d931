"""No template is left out: each one is drawn by some state of `pages.py`, so each one has met the accessibility rules."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.conftest import Opens, Site, signed_in
from tests.browser.pages import STATES

ROOT = Path(__file__).resolve().parents[2] / "templates"
# By the beginning of the name: why no state draws it.
ELSEWHERE = {
    "mail/": "mails; tests/notifications reads them",
    "notifications/unsubscribe.html": "a signed address out of a mail; tests/notifications walks there",
    "account/email/": "mails; tests/people reads them",
    "mfa/email/": "mails; tests/people reads them",
    "mfa/messages/": "said once a device made a key or lost one; tests/people does both in a browser",
    "account/password_reset_from_key": "comes after a code from a mail; tests/people walks there",
    "allauth/layouts/entrance.html": "as the next",
    "allauth/elements/": "for pages of allauth that have no template of ours; no way of ours leads to one",
    "mfa/webauthn/reauthenticate.html": "asks a device that holds a key",
    "account/signup_closed.html": "no setting closes the sign-up",
}


def test_every_template_is_drawn_in_some_state(site: Site, chromium: Browser, opens: Opens) -> None:
    for state in STATES:
        if state.act:
            page = opens(state.path, who=state.who)
            state.act(page)
            page.context.close()
            continue
        context = chromium.new_context(storage_state=signed_in(site, state.who))
        for language in state.languages:
            asked = site.path(state.path, language)
            answer = context.request.get(asked)
            assert (state.name, answer.url, answer.status) == (state.name, asked, state.status)
        context.close()
    known = {str(file.relative_to(ROOT)) for file in ROOT.rglob("*.*") if file.suffix in {".html", ".txt"}}
    missing = [name for name in known - set(site.drawn.read_text().split()) if not name.startswith(tuple(ELSEWHERE))]
    assert missing == [], "no state draws " + ", ".join(sorted(missing))
