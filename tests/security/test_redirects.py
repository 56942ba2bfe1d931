"""Nobody is led away from the portal by one of its own addresses."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from commons.core.language import in_language
from commons.people.drafts import own_path
from tests.cast import PASSWORD
from tests.people.doors import mailed_code, sign_up

pytestmark = pytest.mark.django_db
ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example/", "/\\evil.example", "\\\\evil.example", "/\\/evil.example",
    "https:evil.example", "https://evil.example", "http:///evil.example", "HTTPS://evil.example", "ftp://testserver/x",
    "javascript:alert(1)", "data:text/html,x", " //evil.example", "\t//evil.example", "/\t/evil.example", "/%0d%0a//evil.example",
    "%0d%0aLocation: https://evil.example", "\r\nLocation: https://evil.example", "//evil.example%2f@testserver",
    "https://testserver@evil.example", "https://testserver.evil.example", "https://evil.example#testserver", "//[::1",
    "http://testserver//evil.example", "http://testserver/\\evil.example", "/hi//evil.example", "/hi/\\evil.example",
    "/hi///evil.example/", "/hi/hi//evil.example", "http://testserver/hi//evil.example", "//evil。example",
    "https://evil.example\\@testserver", "http://testserver:80@evil.example",
]  # fmt: skip


def leads_to(answer) -> str:
    """The host a browser goes to, as the URL standard reads addresses: backslashes are slashes, controls are nothing."""
    place = answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""
    read = "".join(sign for sign in place.strip() if sign not in "\t\r\n").replace("\\", "/")
    return urlsplit(urljoin("http://testserver/somewhere/", read)).netloc


@pytest.mark.parametrize("place", ELSEWHERE)
def test_no_door_leads_elsewhere(asha, place):
    answers = {}
    signed, htmx = Client(), {"HX-Request": "true"}
    signed.force_login(asha)
    answers["language"] = signed.post("/language/", {"language": "en", "next": place})
    answers["language in Hindi"] = signed.post("/hi/language/", {"language": "hi", "next": place})
    answers["draft"] = Client().post("/drafts/", {"draft_key": "x", "next": place})
    answers["draft, signed in"] = signed.post("/drafts/", {"draft_key": "x", "next": place})
    answers["vote"] = signed.post("/comments/1/vote/", {"value": "1", "next": place})
    answers["vote, not signed in"] = Client().post("/comments/1/vote/", {"value": "1", "next": place}, headers=htmx)
    answers["signed in already"] = signed.get("/accounts/login/", {"next": place})
    answers["password"] = Client().post(
        "/accounts/login/", {"login": "asha@example.org", "password": PASSWORD, "next": place}
    )
    by_code = Client()
    answers["code"] = by_code.post("/accounts/login/code/", {"login": "asha@example.org", "next": place})
    answers["start again"] = by_code.post("/accounts/start-again/", {"next": place})
    by_code.post("/accounts/login/code/", {"login": "asha@example.org", "next": place})
    answers["code typed"] = by_code.post("/accounts/login/code/confirm/", {"code": mailed_code(), "next": place})
    new = Client()
    sign_up(new, "new@example.org", next=place)
    answers["signed up"] = new.post("/accounts/confirm-email/", {"code": mailed_code()})
    answers["sign out"] = signed.post("/accounts/logout/", {"next": place})
    assert {name: leads_to(answer) for name, answer in answers.items() if answer.status_code < 400} == {
        name: "testserver" for name, answer in answers.items() if answer.status_code < 400
    }
    assert max(answer.status_code for answer in answers.values()) < 500


@pytest.mark.parametrize("place", ELSEWHERE)
@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_link_to_the_other_language_stays_here(rf, place, language):
    page = in_language("/hi/" + place, language)
    assert page.startswith("/")
    assert not page.startswith(("//", "/\\"))
    kept = own_path(rf.get("/"), place)
    assert kept.startswith("/")
    assert not kept.startswith(("//", "/\\"))


def test_our_own_addresses_are_kept_whole(rf):
    for place in ("/groups/?q=x&order=newest#c5", "/hi/groups/", "/"):
        assert own_path(rf.get("/"), place) == place
    assert own_path(rf.get("/"), "http://testserver/groups/?q=x") == "/groups/?q=x"
