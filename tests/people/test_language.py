"""The language follows the address and the person: on every page, in every kind of request."""

import pytest
from django.test import Client

from commons.people.models import User
from tests.cast import PASSWORD
from tests.people.pages import Browser, Reader
from tests.security.addresses import addresses

pytestmark = pytest.mark.django_db


@pytest.fixture
def hindi(asha) -> Client:
    """asha's browser; she has chosen Hindi."""
    User.objects.filter(pk=asha.pk).update(language="hi")
    client = Client()
    client.post("/accounts/login/", {"login": "asha@example.org", "password": PASSWORD})
    return client


def lang(answer) -> str:
    return answer.content.decode().partition('<html lang="')[2][:2]


def test_a_reader_changes_the_language_by_a_link_that_keeps_the_page(client, discussion):
    page = f"{discussion.get_absolute_url()}?order=newest"
    browser = Browser(client).open(page)
    assert lang(browser.answer) == "en"
    browser.click("हिन्दी")
    assert (browser.url, lang(browser.answer)) == (f"/hi{page}", "hi")
    browser.click("English")
    assert (browser.url, lang(browser.answer)) == (page, "en")
    assert not client.cookies


def test_a_person_changes_it_by_a_button_and_it_stays(asha, discussion):
    page = f"{discussion.get_absolute_url()}?order=newest"
    client = Client(enforce_csrf_checks=True)
    client.force_login(asha)
    browser = Browser(client).open(page)
    form = next(form for form in Reader(browser.page).forms if form.action == "/language/")
    answer = client.post(form.action, {**form.fields, "language": "hi"})
    assert (answer.status_code, answer.url) == (302, f"/hi{page}")
    assert User.objects.get(pk=asha.pk).language == "hi"
    assert client.get("/groups/?q=x").url == "/hi/groups/?q=x"


def test_it_comes_along_to_the_next_device(hindi):
    assert hindi.get("/").url == "/hi/"


def test_every_page_without_a_language_in_its_address_leads_to_the_persons(hindi):
    unprefixed = [
        path
        for path in addresses()
        if not path.startswith(("/admin/", "/attachments/", "/webhooks/", "/.", "/robots", "/sw.js", "/favicon"))
    ]
    wrong = {path: hindi.get(path) for path in unprefixed}
    assert {path: (a.status_code, a.headers.get("Location")) for path, a in wrong.items()} == {
        path: (302, f"/hi{path}") for path in unprefixed
    }


@pytest.mark.parametrize("path", ["/robots.txt", "/.well-known/security.txt"])
def test_an_address_that_has_no_language_stays(hindi, path):
    assert hindi.get(path).status_code == 200


def test_an_official_reads_the_admin_in_their_language_at_its_one_address(admin):
    User.objects.filter(pk=admin.pk).update(language="hi")
    client = Client()
    client.post("/accounts/login/", {"login": "admin@example.org", "password": PASSWORD})
    answer = client.get("/admin/")
    assert (answer.status_code, lang(answer)) == (200, "hi")


def test_an_address_of_nothing_is_nothing_in_every_language(hindi):
    answer = hindi.get("/hi/no/such/page/")
    assert (answer.status_code, lang(answer)) == (404, "hi")
    assert hindi.get("/no/such/page/", follow=True).status_code == 404


def test_a_part_of_a_page_is_in_the_language_of_its_page(hindi):
    answer = hindi.get("/hi/profile/districts/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert hindi.get("/profile/districts/", headers={"HX-Request": "true"}).status_code == 200


def test_what_is_sent_in_hindi_is_answered_in_hindi(hindi):
    answer = hindi.post("/hi/profile/", {"display_name": "evil.com", "language": "hi"})
    assert (answer.status_code, lang(answer)) == (422, "hi")
    assert hindi.post("/profile/", {"display_name": "Asha", "language": "hi"}).url == "/hi/profile/"


def test_signing_in_leads_back_in_the_persons_language(client, asha):
    User.objects.filter(pk=asha.pk).update(language="hi")
    answer = client.post(
        "/accounts/login/", {"login": "asha@example.org", "password": PASSWORD, "next": "/groups/"}, follow=True
    )
    assert answer.redirect_chain == [("/groups/", 302), ("/hi/groups/", 302)]


@pytest.mark.parametrize("language", ["", "xx", "en-US", "../hi", "हिन्दी"])
def test_a_language_there_is_not_is_refused(client, asha, language):
    client.force_login(asha)
    assert client.post("/language/", {"language": language, "next": "/"}).status_code == 404
    assert User.objects.get(pk=asha.pk).language == "en"


def test_caches_can_tell_pages_apart(client):
    assert {"Cookie", "HX-Request"} <= {name.strip() for name in client.get("/groups/")["Vary"].split(",")}
    assert client.get("/hi/groups/")["Content-Language"] == "hi"


def test_without_a_choice_the_browsers_wish_changes_nothing(client):
    """The address decides, or a shared cache would hand one reader's language to another."""
    assert lang(client.get("/groups/", headers={"Accept-Language": "hi"})) == "en"
