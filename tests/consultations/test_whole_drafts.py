"""Asha writes a long response to the whole document: over days, on two devices, in two tabs, through an expired session."""

import threading

import pytest
from django.db import connections
from django.test import Client

from commons.people import drafts
from commons.people.models import Draft
from consultations.models import Submission
from tests.cast import PASSWORD
from tests.consultations.conftest import closed

WORDS = {"by": "person", "organisation": "", "interest": "", "body": "Serve the meal at noon."}


@pytest.fixture
def page(consultation) -> str:
    return f"{consultation.get_absolute_url()}submission/"


@pytest.fixture
def desk(client, asha) -> Client:
    client.force_login(asha)
    return client


@pytest.fixture
def phone(asha) -> Client:
    """Another device of the same person."""
    other = Client()
    other.force_login(asha)
    return other


def seen(client: Client, page: str) -> str:
    return client.get(page).context["seen"]


def autosave(client: Client, page: str, seen: str = "", **typed: str):
    return client.post(f"{page}draft/", {**WORDS, **typed, "seen": seen}, headers={"HX-Request": "true"})


def test_what_is_typed_is_kept_and_found_on_another_device(desk, phone, page):
    answer = autosave(desk, page, body="A first sentence.")
    assert answer.status_code == 200
    assert "Draft saved" in answer.content.decode()
    shown = phone.get(page).content.decode()
    assert "A first sentence." in shown
    assert "Your draft is still here." in shown


def test_one_goes_on_typing_without_loading_the_page_anew(desk, page):
    first = autosave(desk, page, body="One.").context["seen"]
    second = autosave(desk, page, first, body="One. Two.").context["seen"]
    assert first != second
    assert autosave(desk, page, second, body="One. Two. Three.").context["kept"]
    assert Draft.objects.get().fields["body"] == "One. Two. Three."


def test_fifty_thousand_characters_are_kept_whole(desk, page):
    autosave(desk, page, body="म" * 50_000)
    assert Draft.objects.get().fields["body"] == "म" * 50_000


def test_without_a_script_a_button_saves_the_draft(desk, page):
    answer = desk.post(f"{page}draft/", {**WORDS, "seen": ""}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    shown = answer.content.decode()
    assert "Draft saved" in shown
    assert "Serve the meal at noon." in shown
    assert f'formaction="{page}draft/"' in shown


def test_another_tabs_text_is_not_overwritten_and_both_are_shown(desk, phone, page):
    mine = seen(desk, page)
    autosave(phone, page, seen(phone, page), body="Written on the phone.")
    told = autosave(desk, page, mine, body="Written at the desk.")
    assert "another tab or device" in told.content.decode()
    assert Draft.objects.get().fields["body"] == "Written on the phone."
    both = desk.post(f"{page}draft/", {**WORDS, "body": "Written at the desk.", "seen": mine})
    assert both.status_code == 409
    shown = both.content.decode()
    assert "Written at the desk." in shown
    assert "Written on the phone." in shown
    # Who has seen both decides; the other one is not thrown away.
    marks = {"seen": both.context["seen"], "replaced": both.context["replaced"]}
    again = desk.post(f"{page}draft/", {**WORDS, "body": "Written at the desk.", **marks})
    assert again.status_code == 302
    row = Draft.objects.get()
    assert (row.fields["body"], row.earlier["body"]) == ("Written at the desk.", "Written on the phone.")
    assert "Written on the phone." in desk.get(page).content.decode()


def test_the_same_text_from_two_tabs_is_no_quarrel(desk, phone, page):
    autosave(phone, page)
    assert autosave(desk, page).context["kept"]


@pytest.mark.parametrize("stale", ["", "yesterday", "2026-13-45", "2020-01-01T00:00:00+00:00", "\x00"])
def test_an_odd_or_old_mark_overwrites_nothing(desk, page, stale):
    autosave(desk, page, body="First.")
    answer = autosave(desk, page, stale, body="Second.")
    assert answer.status_code in {200, 400}  # a null byte is refused at the door
    assert Draft.objects.get().fields["body"] == "First."


def test_an_expired_session_loses_nothing(client, page, asha):
    """The page is still open, the session is over: what is typed waits in the browser's session for the sign-in."""
    answer = autosave(client, page, body="Typed after the session ended.")
    assert "Sign in" in answer.content.decode()
    assert "HX-Redirect" not in answer.headers  # nobody is led away while typing
    sent = client.post(page, {**WORDS, "body": "Typed after the session ended."})
    assert sent.status_code == 302
    client.post("/accounts/login/", {"login": asha.email, "password": PASSWORD})
    assert Draft.objects.get(person=asha).fields["body"] == "Typed after the session ended."
    assert "Typed after the session ended." in client.get(page).content.decode()


def test_signing_in_with_a_text_keeps_the_draft_that_was_there(client, phone, page, asha):
    autosave(phone, page, body="Written on the phone.")
    autosave(client, page, body="Typed before signing in.")
    client.post("/accounts/login/", {"login": asha.email, "password": PASSWORD})
    shown = client.get(page).content.decode()
    assert "Typed before signing in." in shown
    assert "Written on the phone." in shown


def test_once_sent_neither_draft_is_left(desk, phone, page):
    autosave(phone, page, body="Written on the phone.")
    desk.post(f"{page}draft/", {**WORDS, "seen": seen(desk, page)})
    assert desk.post(page, WORDS).status_code == 302
    assert not Draft.objects.exists()
    assert Submission.objects.get().body == WORDS["body"]


def test_after_the_deadline_the_draft_is_kept_all_the_same(desk, page, consultation):
    closed(consultation)
    assert autosave(desk, page).context["kept"]


def test_of_what_one_may_not_see_nothing_is_kept(desk, make_consultation):
    hidden = make_consultation("not-yet", state="draft")
    assert autosave(desk, f"{hidden.get_absolute_url()}submission/").status_code == 404
    assert not Draft.objects.exists()


def test_its_address_leads_to_the_form(desk, page):
    """A reload, or another language, after both texts were shown."""
    assert desk.get(f"{page}draft/").url == page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_of_ten_tabs_at_once_one_is_saved_and_nine_are_told(asha, monkeypatch, guarded):
    """Without comparing what each has seen, each overwrites the others and says that it is saved."""
    if not guarded:
        monkeypatch.setattr(drafts, "seen_at", lambda row, mark: True)
    before = drafts.keep_unless_changed(asha, "k", {"body": "Before."}, "")
    saved, start = [], threading.Barrier(10)

    def tab(number: int) -> None:
        try:
            start.wait()
            if drafts.keep_unless_changed(asha, "k", {"body": f"Tab {number}."}, drafts.mark_of(before)):
                saved.append(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tab, args=[number]) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = Draft.objects.get().fields["body"]
    if guarded:
        assert [f"Tab {number}." for number in saved] == [kept]
    else:
        assert len(saved) == 10  # nine of them are gone, and were told that they are kept
