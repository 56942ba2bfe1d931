"""Officials need a passkey or an authenticator app; nobody is locked in a circle on the way to it."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from tests.cast import PASSWORD
from tests.people.doors import signed_in
from tests.security.addresses import addresses

pytestmark = pytest.mark.django_db
LOGIN, SETUP, PROOF = "/accounts/login/", "/accounts/2fa/totp/activate/", "/accounts/2fa/authenticate/"
AGAIN = "/accounts/2fa/reauthenticate/"


@pytest.fixture(autouse=True)
def outside_the_demo(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = True
    settings.ACCOUNT_RATE_LIMITS = False


def app_code(secret: str, later: int = 0) -> str:
    """What an authenticator app shows now, or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def set_up(browser: Client) -> str:
    """Through the pages, as an official does; answers with the secret."""
    if browser.get(SETUP).status_code == 302:
        assert browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": SETUP}).url == SETUP
    secret = browser.get(SETUP).context["form"].secret
    answer = browser.post(SETUP, {"code": app_code(secret)})
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/recovery-codes/")
    return secret


@pytest.fixture
def with_app(mod) -> str:
    """mod has an authenticator app; answers with its secret."""
    browser = Client()
    browser.force_login(mod)
    return set_up(browser)


def test_without_one_a_staff_account_opens_nothing_but_its_account_pages(client, mod):
    client.post(LOGIN, {"login": "mod@example.org", "password": PASSWORD})
    closed = {path for path in addresses() if not path.startswith(("/accounts/", "/language/"))}
    ways = {path: client.get(path) for path in closed}
    assert {
        path: (answer.status_code, answer.headers.get("Location")) for path, answer in ways.items()
    } == dict.fromkeys(closed, (302, "/accounts/2fa/"))
    assert client.post("/drafts/", {"draft_key": "x"}).url == "/accounts/2fa/"
    assert client.get("/groups/", headers={"HX-Request": "true"})["HX-Redirect"] == "/accounts/2fa/"
    page = client.get("/accounts/2fa/")
    assert page.status_code == 200
    assert "it needs a passkey or an authenticator app" in page.content.decode()


def test_whoever_sets_it_up_comes_in_after_one_more_code(client, mod):
    client.post(LOGIN, {"login": "mod@example.org", "password": PASSWORD})
    secret = set_up(client)
    answer = client.get("/groups/?q=x")
    assert (answer.status_code, answer.url) == (302, f"{AGAIN}?next=%2Fgroups%2F%3Fq%3Dx")
    answer = client.post(AGAIN, {"code": app_code(secret, later=1), "next": "/groups/?q=x"})
    assert (answer.status_code, answer.url) == (302, "/groups/?q=x")
    assert client.get("/groups/?q=x").status_code == 200


def test_a_password_alone_does_not_sign_in_any_more(client, mod, with_app):
    answer = client.post(LOGIN, {"login": "mod@example.org", "password": PASSWORD, "next": "/groups/"})
    assert (answer.status_code, answer.url, signed_in(client)) == (302, PROOF, None)
    assert client.get("/groups/").status_code == 200, "as somebody who is not signed in"
    assert client.post(PROOF, {"code": "000000"}).status_code == 422
    answer = client.post(PROOF, {"code": app_code(with_app, later=1)})
    assert (answer.status_code, answer.url, signed_in(client)) == (302, "/groups/", mod)
    assert client.get("/groups/").status_code == 200


def test_a_code_of_the_app_is_good_once(client, client_of, mod, with_app):
    code = app_code(with_app, later=1)
    for browser, comes_in in ((client, True), (client_of(), False)):
        browser.post(LOGIN, {"login": "mod@example.org", "password": PASSWORD})
        browser.post(PROOF, {"code": code})
        assert (signed_in(browser) == mod) is comes_in


def test_a_recovery_code_lets_in_once(client, client_of, mod, with_app):
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for browser, comes_in in ((client, True), (client_of(), False)):
        browser.post(LOGIN, {"login": "mod@example.org", "password": PASSWORD})
        browser.post(PROOF, {"code": code})
        assert (signed_in(browser) == mod) is comes_in


def test_guessing_the_apps_code_ends_after_five(client, mod, with_app, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,5/300s/key"}
    client.post(LOGIN, {"login": "mod@example.org", "password": PASSWORD})
    for guess in range(5):
        client.post(PROOF, {"code": f"{guess:06}"})
    client.post(PROOF, {"code": app_code(with_app, later=1)})
    assert signed_in(client) is None


def test_a_session_from_before_the_app_needs_it_now_and_every_way_ends_at_a_page(client, mod, with_app):
    """The circle to look for: reauthentication that asks for the password, which is not the proof that is missing."""
    client.force_login(mod)
    for path in ("/", "/admin/", "/groups/", "/hi/groups/", "/profile/"):
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        assert answer.redirect_chain[-1][0].partition("?")[0].endswith(AGAIN), path
    answer = client.post(AGAIN, {"code": app_code(with_app, later=1), "next": "/profile/"}, follow=True)
    assert answer.redirect_chain == [("/profile/", 302)]
    assert answer.status_code == 200


def test_a_passkey_alone_is_asked_for_as_a_passkey(client, mod):
    Authenticator.objects.create(
        user=mod, type="webauthn", data={"name": "my phone", "passwordless": True, "credential": {}}
    )
    client.force_login(mod)
    assert client.get("/groups/").url == "/accounts/2fa/webauthn/reauthenticate/?next=%2Fgroups%2F"


def test_another_persons_proof_in_the_same_browser_does_not_count(client, mod, meera, with_app):
    client.post(LOGIN, {"login": "mod@example.org", "password": PASSWORD})
    client.post(PROOF, {"code": app_code(with_app, later=1)})
    assert client.get("/groups/").status_code == 200
    client.post("/accounts/logout/")
    client.post(LOGIN, {"login": "meera@example.org", "password": PASSWORD})
    assert client.get("/groups/").url == "/accounts/2fa/"


def test_a_citizen_may_have_one_and_need_not(client, client_of, asha, bilal):
    client.post(LOGIN, {"login": "asha@example.org", "password": PASSWORD})
    set_up(client)
    assert client.get("/groups/").status_code == 200
    other = client_of()
    other.post(LOGIN, {"login": "asha@example.org", "password": PASSWORD})
    assert signed_in(other) is None
    other.post("/accounts/start-again/")
    other.post(LOGIN, {"login": "bilal@example.org", "password": PASSWORD})
    assert other.get("/groups/").status_code == 200


def test_the_demo_asks_nobody(client, mod, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    client.post(LOGIN, {"login": "mod@example.org", "password": PASSWORD})
    assert client.get("/groups/").status_code == 200
