"""The addresses and numbers of an account: adding, proving, choosing the main one, removing, forgetting."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from commons.people.jobs import forget_sign_ups
from commons.people.models import User
from tests.cast import PASSWORD
from tests.people.doors import PHONE, TYPED, mailed_code, sign_up, texted, texted_code

pytestmark = pytest.mark.django_db
EMAIL, CONFIRM, NUMBER, VERIFY = (
    "/accounts/email/",
    "/accounts/confirm-email/",
    "/accounts/phone/change/",
    "/accounts/phone/verify/",
)
FURTHER = "further@example.org"


@pytest.fixture
def inside(client, asha):
    client.post("/accounts/login/", {"login": "asha@example.org", "password": PASSWORD})
    mail.outbox.clear()
    return client


def add(client, address):
    client.post(EMAIL, {"email": address, "action_add": "1"})
    client.post(CONFIRM, {"code": mailed_code()})


def test_a_further_address_counts_once_it_is_proved(inside, asha):
    inside.post(EMAIL, {"email": FURTHER, "action_add": "1"})
    assert not EmailAddress.objects.filter(email=FURTHER).exists()
    inside.post(CONFIRM, {"code": mailed_code()})
    assert EmailAddress.objects.get(email=FURTHER).verified
    inside.post("/accounts/logout/")
    assert inside.post("/accounts/login/", {"login": FURTHER, "password": PASSWORD}).status_code == 302


def test_the_main_address_is_chosen_and_both_owners_are_told(inside, asha):
    add(inside, FURTHER)
    mail.outbox.clear()
    inside.post(EMAIL, {"email": FURTHER, "action_primary": "1"})
    asha.refresh_from_db()
    assert asha.email == FURTHER
    assert [message.to for message in mail.outbox] == [["asha@example.org"]]


def test_the_last_address_cannot_be_removed(inside, asha):
    answer = inside.post(EMAIL, {"email": "asha@example.org", "action_remove": "1"}, follow=True)
    assert answer.status_code == 200
    assert EmailAddress.objects.filter(user=asha).count() == 1
    assert "Remove it" not in answer.content.decode()


def test_with_a_proved_mobile_it_can_and_twice_is_no_clash(client, client_of, asha, bilal):
    for person, number in ((asha, PHONE), (bilal, "+919876543211")):
        User.objects.filter(pk=person.pk).update(phone=number, phone_verified_at=timezone.now())
        browser = client_of()
        address = person.email
        browser.post("/accounts/login/", {"login": address, "password": PASSWORD})
        browser.post(EMAIL, {"email": address, "action_remove": "1"})
        person.refresh_from_db()
        assert (person.email, person.emailaddress_set.count()) == (None, 0)


def test_a_number_is_added_by_the_code_sent_to_it(inside, asha):
    assert inside.post(NUMBER, {"phone": TYPED}).url == VERIFY
    asha.refresh_from_db()
    assert asha.phone is None
    inside.post(VERIFY, {"code": texted_code()})
    asha.refresh_from_db()
    assert (asha.phone, asha.phone_verified_at is not None) == (PHONE, True)


def test_a_number_of_another_account_is_not_taken_even_with_its_code(inside, asha, bilal):
    User.objects.filter(pk=bilal.pk).update(phone=PHONE, phone_verified_at=timezone.now())
    inside.post(NUMBER, {"phone": TYPED})
    answer = inside.post(VERIFY, {"code": texted_code()})
    assert answer.status_code == 422
    asha.refresh_from_db()
    assert asha.phone is None


def test_a_number_taken_in_the_very_moment_is_a_message_not_an_error(inside, asha, bilal, monkeypatch):
    from commons.people import code_forms

    inside.post(NUMBER, {"phone": TYPED})
    clean = code_forms.PhoneCodeForm.clean_code

    def taken_meanwhile(form):
        code = clean(form)
        User.objects.filter(pk=bilal.pk).update(phone=PHONE, phone_verified_at=timezone.now())
        return code

    monkeypatch.setattr(code_forms.PhoneCodeForm, "clean_code", taken_meanwhile)
    answer = inside.post(VERIFY, {"code": texted_code()}, follow=True)
    assert answer.status_code == 200
    assert "This number belongs to another account." in answer.content.decode()


@pytest.mark.parametrize(("path", "data"), [
    (NUMBER, {"phone": TYPED}), (EMAIL, {"email": FURTHER, "action_add": "1"}),
    (EMAIL, {"email": "asha@example.org", "action_remove": "1"}),
])  # fmt: skip
def test_after_a_while_a_change_needs_a_fresh_proof_and_then_goes_on(inside, asha, path, data):
    """A browser left open is not enough to take an account over."""
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        answer = inside.post(path, data)
        assert answer.url == f"/accounts/reauthenticate/?next={path.replace('/', '%2F')}"
        assert (texted(), mail.outbox, EmailAddress.objects.count()) == ([], [], 1)
        answer = inside.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path})
        assert answer.status_code == 302
        assert "reauthenticate" not in answer.url
        assert len(texted()) + len(mail.outbox) == (0 if "action_remove" in data else 1)


@pytest.mark.parametrize("contact", ["new@example.org", TYPED])
def test_a_sign_up_nobody_finished_is_forgotten_after_a_day(client, asha, contact):
    sign_up(client, contact)
    assert forget_sign_ups() == 0
    User.objects.exclude(pk=asha.pk).update(joined_at=timezone.now() - timedelta(hours=25))
    assert forget_sign_ups() == 1
    assert list(User.objects.all()) == [asha]


def test_who_finished_or_was_made_by_somebody_is_not_forgotten(client, asha, meera, admin):
    sign_up(client, "new@example.org")
    client.post(CONFIRM, {"code": mailed_code()})
    User.objects.create_user("imported@example.org")  # as an import does: a guest nobody has been, without a sign-up
    User.objects.update(joined_at=timezone.now() - timedelta(days=400))
    assert forget_sign_ups() == 0
    assert User.objects.count() == 5


@pytest.mark.parametrize(
    "path", [EMAIL, NUMBER, "/accounts/password/change/", "/accounts/password/set/", "/accounts/2fa/"]
)
def test_the_account_pages_need_a_person_and_lead_back(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/accounts/login/")
    assert answer.url.endswith(f"next={path}")
