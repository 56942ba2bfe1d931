"""Pages for when something went wrong: one sentence that helps, one thing to do, and never a second error."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, RequestFactory

from mygov.pages import errors


@pytest.mark.parametrize("htmx", [{}, {"headers": {"HX-Request": "true"}}])
def test_an_unknown_page_offers_what_its_address_may_have_meant(client, discussion, make_discussion, htmx) -> None:
    make_discussion("rivers")
    answer = client.get("/discussions/about-midday-mails/", **htmx)
    assert answer.status_code == 404
    page = answer.content.decode()
    assert 'value="about midday mails"' in page
    assert 'href="/discussions/midday-meals/"' in page


def test_it_offers_nothing_that_is_not_published_and_searches_for_no_short_or_empty_words(
    client, make_discussion
) -> None:
    make_discussion("secret-plans", state="draft", published_at=None)
    page = client.get("/secret/").content.decode()
    assert "About secret-plans" not in page
    assert errors.like("") == []
    assert errors.like("a bc 12345") == []


@pytest.mark.parametrize("address", ["/%00/", "/nothing/%ED%A0%80/", "/" + "x" * 3000 + "/", "/a%2Fb%25/", "/हिन्दी/"])
def test_whatever_the_address_there_is_an_answer(client, db, address: str) -> None:
    assert client.get(address).status_code in {400, 404}


def test_the_page_for_what_broke_asks_nothing_of_the_database_or_the_session(rf: RequestFactory) -> None:
    answer = errors.broken(rf.get("/"))  # no `db`: a query would raise
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Something broke on our side" in page
    assert "हमारी ओर कुछ गड़बड़ हुई है" in page


def test_refusals_say_what_to_do(rf: RequestFactory, asha) -> None:
    for view, error, status in (
        (errors.forbidden, PermissionDenied(), 403),
        (errors.bad_request, SuspiciousOperation(), 400),
    ):
        request = rf.get("/")
        request.user = asha
        request._messages = []  # type: ignore[attr-defined]
        answer = view(request, error)
        assert answer.status_code == status
        assert 'href="/"' in answer.content.decode()


def test_a_form_without_its_token_gets_the_typed_text_back_and_a_way_to_the_page(asha, discussion) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(asha)
    answer = client.post(
        "/comments/of/midday-meals/",
        {"body": "What I <b>typed</b>"},
        headers={"Referer": "http://testserver/discussions/midday-meals/"},
    )
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "What I &lt;b&gt;typed&lt;/b&gt;</textarea>" in page
    assert 'href="/discussions/midday-meals/"' in page


def test_the_way_back_never_leads_elsewhere(asha, discussion) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(asha)
    answer = client.post("/comments/of/midday-meals/", {"body": "x"}, headers={"Referer": "https://evil.example/"})
    assert "evil.example" not in answer.content.decode()


def test_the_offline_page_is_the_same_for_everybody(client, asha) -> None:
    stranger = client.get("/offline/").content
    client.force_login(asha)
    assert client.get("/offline/").content == stranger
    assert "Asha" not in stranger.decode()
