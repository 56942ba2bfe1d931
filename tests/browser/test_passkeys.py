"""Passkeys in a real browser under our content policy, with an authenticator that Chromium plays itself."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.test_journeys import signs_in

KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def with_authenticator(page: Page) -> str:
    """Gives the browser a phone's own authenticator; answers with its id."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    return tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]


def add_passkey(page: Page) -> None:
    page.goto("/accounts/2fa/")
    page.get_by_role("main").get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("my phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(re.compile("/recovery-codes/|/2fa/$"))


def test_a_passkey_is_made_signs_in_alone_and_is_removed(opens: Opens) -> None:
    page = opens("/accounts/login/")
    with_authenticator(page)
    signs_in(page, "lonely")
    add_passkey(page)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("heading", name="my phone")).to_be_visible()
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()

    page.goto("/accounts/login/?next=/groups/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/groups/")
    expect(page.get_by_role("link", name="Notifications")).to_be_visible()

    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("You have no passkey yet.")).to_be_visible()


def test_after_the_password_it_is_the_second_proof(opens: Opens) -> None:
    page = opens("/accounts/login/")
    with_authenticator(page)
    signs_in(page, "naya")
    add_passkey(page)
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/?next=/groups/")
    signs_in(page, "naya")
    expect(page.get_by_role("heading", name="One more proof")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/groups/")
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()


def test_a_passkey_that_fails_is_said_on_the_page(opens: Opens) -> None:
    page = opens("/accounts/login/")
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    known = tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": known, "isUserVerified": False})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("The passkey could not be used. Try again, or choose another way.")


def test_without_javascript_no_button_promises_a_passkey(opens: Opens) -> None:
    page = opens("/accounts/login/", java_script_enabled=False)
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
