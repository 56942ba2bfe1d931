"""Attachments come from a host of their own, by links that work for minutes, for one file and one person; nothing else is there."""

import time
from io import BytesIO

import pytest
from django.core import signing
from django.test import Client
from pypdf import PdfReader

from consultations import attachments, file_views, responding
from consultations.models import Submission, SubmissionFile
from tests.consultations.test_responding import ORGANISATION, WHOLE
from tests.consultations.test_sources import pdf

APART = {"HTTP_HOST": "files.example"}
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store", "Content-Type": "application/pdf", "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": "attachment; filename*=UTF-8''%E0%A4%AA%E0%A4%A4%E0%A5%8D%E0%A4%B0.pdf",
}  # fmt: skip


@pytest.fixture
def apart(settings):
    settings.ATTACHMENTS_ORIGIN = "https://files.example"
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "files.example", "files.example."]


@pytest.fixture
def attached(consultation, asha) -> Submission:
    file = attachments.clean("पत्र.pdf", pdf([["A response of many words"]]))
    return responding.submit(consultation, asha, **WHOLE, file=file)


def page_of(row: Submission) -> str:
    return f"{row.activity.get_absolute_url()}submissions/{row.pk}/file/"


def link(row: Submission, person=None) -> str:
    """The path on the files' host to which the portal leads a person."""
    browser = Client()
    if person:
        browser.force_login(person)
    response = browser.get(page_of(row))
    assert response.status_code == 302
    assert response["Cache-Control"] == "private, no-store"
    address = response["Location"]
    assert address.startswith("https://files.example/attachments/")
    return address.removeprefix("https://files.example")


def test_a_file_comes_from_its_own_host_as_a_download_that_may_do_nothing(attached, apart):
    response = Client().get(link(attached), **APART)
    assert response.status_code == 200
    assert "A response of many words" in PdfReader(BytesIO(response.content)).pages[0].extract_text()
    assert {name: response[name] for name in HEADERS} == HEADERS
    assert not response.cookies


def test_without_the_setting_it_comes_from_the_portal_in_the_same_way(attached):
    response = Client().get(page_of(attached), follow=True)
    assert response.redirect_chain[0][0].startswith("/attachments/")
    assert {name: response[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("host", ["testserver", "localhost"])
def test_the_portals_own_hosts_serve_no_file(attached, apart, host):
    path = link(attached)
    assert Client().get(path, HTTP_HOST=host).status_code == 404
    assert Client().get(path, HTTP_HOST="evil.example").status_code == 400


@pytest.mark.parametrize(
    "path", ["/", "/hi/", "/consultations/", "/accounts/login/", "/admin/", "/livez", "/readyz", "/static/portal.css", "/robots.txt",
             "/sw.js", "/attachments/", "/attachments/x/", "/hi/attachments/x/", "/attachments", "/?q=%00"],
)  # fmt: skip
@pytest.mark.parametrize("host", ["files.example", "FILES.example", "files.example.", "files.example:8443"])
def test_the_files_host_serves_nothing_else(consultation, apart, asha, path, host):
    browser = Client()
    browser.force_login(asha)
    for method in ("get", "post", "put"):
        response = getattr(browser, method)(path, HTTP_HOST=host)
        assert (response.status_code, response.content, response.cookies) == (404, b"Not found.", {})


def test_only_reading_is_answered_there(attached, apart):
    path = link(attached)
    assert Client().head(path, **APART).status_code == 200
    assert Client().post(path, **APART).status_code == 404


def test_no_cookie_is_read_there(attached, apart, asha, meera):
    """Asha's own, confidential file: a browser that is signed in as an official gets it no more than any other with a public link."""
    path = link(attached)  # for nobody in particular
    Submission.objects.update(confidential=True)
    for person in (asha, meera):
        browser = Client()
        browser.force_login(person)
        assert browser.get(path, **APART).status_code == 404
        assert browser.get(page_of(attached)).status_code == 302


def test_a_link_works_for_five_minutes(attached, apart, monkeypatch):
    path, now = link(attached), time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 290)
    assert Client().get(path, **APART).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + 302)
    assert Client().get(path, **APART).status_code == 404


def test_guessed_changed_and_foreign_links_lead_nowhere(attached, apart, asha, bilal):
    token = link(attached, asha).split("/")[2]
    row = SubmissionFile.objects.get().pk
    made = [
        str(row), "1", token[:-1], token.swapcase(), "x" + token, signing.dumps([row, asha.pk]), "%00", "-",
        signing.dumps([row, asha.pk], salt=file_views.SALT, key="another portal's key that is long enough"),
        signing.dumps([row + 1, asha.pk], salt=file_views.SALT), signing.dumps([row, 0], salt="consultations.other"),
    ]  # fmt: skip
    assert [Client().get(f"/attachments/{one}/", **APART).status_code for one in made] == [404] * len(made)
    assert Client().get(f"/attachments/{token}/", **APART).status_code == 200


def test_anothers_confidential_file_is_not_there(consultation, apart, asha, bilal, dev, meera):
    secret = {**ORGANISATION, "confidential": True}
    row = responding.submit(consultation, asha, **secret, file=attachments.clean("a.pdf", pdf([["Secret"]])))
    for person in (None, bilal, dev):
        browser = Client()
        if person:
            browser.force_login(person)
        assert browser.get(page_of(row)).status_code == 404
        token = signing.dumps([row.file.pk, person and person.pk], salt=file_views.SALT)  # even with our own signature
        assert Client().get(f"/attachments/{token}/", **APART).status_code == 404
    assert [Client().get(link(row, person), **APART).status_code for person in (asha, meera)] == [200, 200]


def test_a_link_ends_with_the_right_to_it(attached, apart, asha, bilal, meera):
    of_all, own, officials = link(attached), link(attached, asha), link(attached, meera)
    assert Client().get(of_all, **APART).status_code == 200
    Submission.objects.update(state="hidden")
    assert [Client().get(path, **APART).status_code for path in (of_all, own, officials)] == [404, 200, 200]
    meera.posts.all().delete()
    type(asha).objects.filter(pk=asha.pk).update(is_active=False)
    assert [Client().get(path, **APART).status_code for path in (of_all, own, officials)] == [404, 404, 404]


def test_an_older_link_does_not_lead_to_a_file_that_took_its_place(attached, consultation, apart, asha):
    path = link(attached)
    responding.submit(consultation, asha, **WHOLE, file=attachments.clean("b.pdf", pdf([["Another"]])))
    assert Client().get(path, **APART).status_code == 404


def test_a_download_costs_few_queries(attached, apart, asha, django_assert_max_num_queries):
    for person in (None, asha):
        path = link(attached, person)
        with django_assert_max_num_queries(4):
            assert Client().get(path, **APART).status_code == 200
