"""Whoever is sent to sign in comes back to the same page, with the typed text still there."""

import pytest
from django.test import Client

from commons.comments import writing
from commons.comments.models import Comment
from commons.people.models import Draft
from tests.cast import PASSWORD
from tests.people.doors import mailed_code, signed_in, texted_code
from tests.people.pages import Browser

pytestmark = pytest.mark.django_db
TEXT = "पानी का पाइप टूटा है।\nSince March & nobody came. <b>"


def by_password(browser):
    return browser.send("password", login="asha@example.org", password=PASSWORD)


def by_code(browser):
    browser.click("Send me a code instead").send("login", login="asha@example.org")
    return browser.send("code", code=mailed_code())


def by_signing_up(browser):
    browser.click("Make an account").send("contact", contact="new@example.org")
    return browser.send("code", code=mailed_code())


def by_signing_up_with_a_mobile(browser):
    browser.click("Make an account").send("contact", contact="98765 43210")
    return browser.send("code", code=texted_code())


def by_a_detour(browser):
    """A mistyped address, a wrong password, then a code."""
    browser.click("Send me a code instead").send("login", login="wrong@example.org")
    start_again = next(form for form in forms_of(browser) if form.action.endswith("start-again/"))
    browser.arrived(start_again.action, browser.client.post(start_again.action, start_again.fields, follow=True))
    browser.send("password", login="asha@example.org", password="not the one")
    return by_code(browser)


def forms_of(browser):
    from tests.people.pages import Reader

    return Reader(browser.page).forms


WAYS = [by_password, by_code, by_signing_up, by_signing_up_with_a_mobile, by_a_detour]


@pytest.fixture
def browser(asha) -> Browser:
    return Browser(Client(enforce_csrf_checks=True))


@pytest.mark.parametrize("way", WAYS)
def test_a_comment(browser, discussion, way):
    browser.open(discussion.get_absolute_url()).send("body", body=TEXT)
    way(browser)
    assert browser.url == f"{discussion.get_absolute_url()}#comment"
    assert browser.form("body").fields["body"] == TEXT
    browser.send("body")
    assert [comment.body for comment in Comment.objects.all()] == [TEXT]
    assert not Draft.objects.exists()
    assert browser.open(discussion.get_absolute_url()).form("body").fields["body"] == ""


@pytest.mark.parametrize("way", WAYS)
def test_an_idea(browser, make_discussion, way):
    make_discussion("open-forum", is_forum=True, closes_at=None)
    browser.open("/ideas/new/").send("title", title="Shade at bus stops", ask=TEXT, detail="It is hot.")
    way(browser)
    assert browser.url == "/ideas/new/"
    fields = browser.form("title").fields
    assert (fields["title"], fields["ask"], fields["detail"]) == ("Shade at bus stops", TEXT, "It is hot.")


@pytest.mark.parametrize("way", [by_password, by_code])
def test_a_reply_whose_session_ended_while_it_was_typed(browser, bilal, discussion, way):
    parent = writing.write(discussion, bilal, "More teachers, please.")
    by_password(browser.open(f"/accounts/login/?next=/comments/{parent.pk}/reply/"))
    form = browser.form("body")
    browser.client.session.flush()
    answer = browser.client.post(form.action, {**form.fields, "body": TEXT}, follow=True)
    browser.arrived(form.action, answer)
    way(browser)
    assert browser.url == f"/comments/{parent.pk}/reply/"
    assert browser.form("body").fields["body"] == TEXT


def test_a_reply_under_htmx_whose_session_ended_leads_the_whole_page_away(browser, bilal, discussion):
    parent = writing.write(discussion, bilal, "More teachers, please.")
    by_password(browser.open(f"/accounts/login/?next=/comments/{parent.pk}/reply/"))
    form = browser.form("body")
    browser.client.session.flush()
    answer = browser.client.post(form.action, {**form.fields, "body": TEXT}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (200, b"")
    by_password(browser.open(answer["HX-Redirect"]))
    assert browser.url == f"/comments/{parent.pk}/reply/"
    assert browser.form("body").fields["body"] == TEXT


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", ["/groups/", "/hi/groups/?q=%E0%A4%AA%E0%A4%BE%E0%A4%A8%E0%A5%80&order=newest"])
def test_the_page_one_was_reading(browser, way, path):
    browser.open(f"/accounts/login/?{encoded(path)}")
    way(browser)
    assert browser.url == path
    assert browser.answer.status_code == 200


def encoded(path: str) -> str:
    from urllib.parse import urlencode

    return urlencode({"next": path})


def test_ten_drafts_wait_and_the_eleventh_takes_the_place_of_the_oldest(client, asha):
    for n in range(11):
        client.post("/drafts/", {"draft_key": f"comment:{n}:", "next": "/", "body": f"text {n}"})
    client.force_login(asha)  # as signing in does: the same session goes on
    assert sorted(Draft.objects.values_list("fields__body", flat=True)) == sorted(f"text {n}" for n in range(1, 11))
    assert signed_in(client) == asha


def test_a_draft_from_another_site_is_refused(client):
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert client.post("/drafts/", {"draft_key": "comment:1:", "body": "x"}, headers=headers).status_code == 403
    assert (
        client.post(
            "/drafts/", {"draft_key": "comment:1:", "body": "x"}, headers={"Origin": "http://testserver"}
        ).status_code
        == 302
    )
