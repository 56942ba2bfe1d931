"""No other site can act through a visitor's browser, and looking at a page changes nothing."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import resolve

from tests.security.addresses import addresses

pytestmark = pytest.mark.django_db
WITHOUT_TOKEN = {
    "/drafts/",  # keeps text in the visitor's own session; judged by where the form came from
    "/webhooks/sms/receipts/",  # a gateway presses it; its signature is the proof
    "/notifications/unsubscribe/schools/",  # mail programs press it; the signed address is the proof (RFC 8058)
}
UNSAFE = ["POST", "PUT", "PATCH", "DELETE"]


def test_every_unsafe_request_without_a_token_is_refused(world, asha, mod, undone):
    answers = {}
    for person in (None, asha, mod):
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if person:
            client.force_login(person)
        for path in addresses():
            for method in UNSAFE:
                with undone():
                    status = client.generic(method, path).status_code
                answers.setdefault(path, set()).add(status)
    open_to_all = {path for path, statuses in answers.items() if statuses != {403}}
    assert open_to_all == WITHOUT_TOKEN


def test_only_what_is_known_to_need_none_is_exempt():
    exempt = {path for path in addresses() if getattr(resolve(path).func, "csrf_exempt", False)}
    assert exempt == WITHOUT_TOKEN


def test_a_token_in_a_header_counts_as_one_in_the_form(asha):
    client = Client(enforce_csrf_checks=True)
    client.force_login(asha)
    client.get("/profile/")
    token = client.cookies["csrftoken"].value
    assert client.post("/language/", {"language": "hi"}).status_code == 403
    assert client.post("/language/", {"language": "hi"}, headers={"X-CSRFToken": token}).status_code == 302


def test_nobody_is_signed_in_by_a_form_of_another_site(asha):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "asha@example.org", "password": "mygov-demo"})
    assert (answer.status_code, "_auth_user_id" in client.session) == (403, False)


def test_a_refused_form_shows_what_was_typed(asha):
    client = Client(enforce_csrf_checks=True)
    client.force_login(asha)
    answer = client.post("/ideas/new/", {"title": "Typed for <minutes>", "ask": "And more."})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Typed for &lt;minutes&gt;" in page
    assert "And more." in page


OWN_SESSION = (
    "django_session",
    "account_emailaddress",
)  # allauth keeps its list of addresses in step when it is looked at


def test_looking_at_a_page_writes_nothing(world, asha, mod, admin, undone):
    """Every address with GET and HEAD, as everybody; sessions aside, no row is inserted, changed or deleted."""
    written = []

    def watch(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) and not any(t in sql for t in OWN_SESSION):
            written.append(f"{where}: {sql[:100]}")
        return execute(sql, params, many, context)

    for person in (None, asha, mod, admin):
        client = Client(raise_request_exception=False)
        if person:
            client.force_login(person)
        for path in addresses():
            for method in ("GET", "HEAD"):
                where = f"{method} {path} as {person}"
                with undone(), connection.execute_wrapper(watch):
                    client.generic(method, path)
    assert written == []
