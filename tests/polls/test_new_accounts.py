"""Nobody votes twice in a poll by way of a new account: an account never lets go of its last address.

Accounts are not deleted, only closed, and a closed one keeps its number and e-mail address. Who moves to another number
frees the old one and has used up the new one: there are never more ballots than addresses that somebody proved.
"""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from commons.people.models import User
from polls.models import Ballot
from tests.cast import PASSWORD
from tests.people.doors import PHONE, TYPED, mailed_code, sign_up, signed_in, texted, texted_code

pytestmark = pytest.mark.django_db
SECOND, TYPED_SECOND = "+919876543211", "98765 43211"


@pytest.fixture(autouse=True)
def unused_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False
    cache.clear()


@pytest.fixture
def poll(make_poll):
    return make_poll()


def came_by_phone(typed: str = TYPED) -> Client:
    """A browser in which somebody signed up with this number, and typed the code."""
    browser = Client()
    sign_up(browser, typed)
    browser.post("/accounts/phone/verify/", {"code": texted_code()})
    return browser


def votes(browser: Client, poll, choice: str = "1") -> int:
    return browser.post(f"/polls/{poll.slug}/ballot/", {"choice": choice}).status_code


def test_a_closed_account_keeps_its_number_and_its_ballot(poll):
    browser = came_by_phone()
    assert votes(browser, poll) == 302
    User.objects.filter(phone=PHONE).update(is_active=False)

    again = Client()
    sign_up(again, TYPED)
    assert "already" in texted()[-1]
    again.post("/accounts/login/code/", {"login": TYPED})
    again.post("/accounts/login/code/confirm/", {"code": "123456"})

    assert (signed_in(again), User.objects.filter(phone=PHONE).count()) == (None, 1)
    assert votes(again, poll, "2") == votes(browser, poll, "2") == 302  # both are sent to sign in
    assert [ballot.choice for ballot in Ballot.objects.all()] == ["1:1"]


def test_and_its_e_mail_address(poll, asha):
    browser = Client()
    browser.post("/accounts/login/", {"login": asha.email, "password": PASSWORD})
    assert votes(browser, poll) == 302
    User.objects.filter(pk=asha.pk).update(is_active=False)
    mail.outbox.clear()

    again = Client()
    sign_up(again, asha.email)
    (told,) = mail.outbox
    assert not any(line.strip().isdecimal() for line in told.body.splitlines()), "no code: the address is taken"
    again.post("/accounts/login/", {"login": asha.email, "password": PASSWORD})

    assert (signed_in(again), User.objects.filter(email=asha.email).count()) == (None, 1)
    assert Ballot.objects.count() == 1


def test_nobody_deletes_an_account(admin, asha, client):
    """Not even an administrator: the admin answers no, and the person has no such page."""
    client.force_login(admin)
    answer = client.post(reverse("admin:people_user_delete", args=[asha.pk]), {"post": "yes"})
    assert answer.status_code == 403
    assert User.objects.filter(pk=asha.pk).exists()


def test_who_frees_a_number_has_used_up_another(poll):
    """Two numbers, two ballots, whatever is moved from one account to the other and back."""
    first = came_by_phone()
    votes(first, poll, "1")
    first.post("/accounts/phone/change/", {"phone": TYPED_SECOND})
    first.post("/accounts/phone/verify/", {"code": texted_code()})
    second = came_by_phone()  # with the number that is free now
    votes(second, poll, "2")

    third = Client()
    for typed in (TYPED, TYPED_SECOND):  # both are taken
        sign_up(third, typed)
        assert "already" in texted()[-1]
    assert signed_in(third) is None
    assert set(User.objects.values_list("phone", flat=True)) == {PHONE, SECOND}
    assert sorted(Ballot.objects.values_list("choice", flat=True)) == ["1:1", "2:1"]


def test_an_account_never_lets_go_of_its_last_address(poll):
    browser = came_by_phone()
    votes(browser, poll)
    for fields in ({"phone": ""}, {"phone": "", "action_remove": "1"}):
        browser.post("/accounts/phone/change/", fields)
    browser.post("/accounts/email/", {"email": "new@example.org", "action_add": "1"})
    browser.post("/accounts/confirm-email/", {"code": mailed_code()})
    browser.post("/accounts/phone/change/", {"phone": ""})
    assert User.objects.get().phone == PHONE
