"""Signing up with e-mail or mobile, with or without a password; the code proves it."""

import pytest
from django.core import mail

from commons.people.models import User
from tests.people.doors import (
    PASSWORD,
    PHONE,
    TYPED,
    mailed_code,
    other_than,
    sign_up,
    signed_in,
    texted,
    texted_code,
)

pytestmark = pytest.mark.django_db
CONFIRM_MAIL, CONFIRM_PHONE = "/accounts/confirm-email/", "/accounts/phone/verify/"


def test_by_mail_and_password_the_code_makes_the_account_and_leads_back(client):
    answer = sign_up(client, "New@Example.org", PASSWORD, "Nila", next="/groups/")
    assert (answer.status_code, answer.url) == (302, CONFIRM_MAIL)
    person = User.objects.get()
    assert (person.email, person.phone, person.display_name, person.level) == ("new@example.org", None, "Nila", 0)
    answer = client.post(CONFIRM_MAIL, {"code": mailed_code()})
    assert (answer.status_code, answer.url) == (302, "/groups/")
    person.refresh_from_db()
    assert (signed_in(client), person.level, person.check_password(PASSWORD)) == (person, 1, True)


def test_by_mobile_without_a_password(client):
    answer = sign_up(client, TYPED, next="/groups/")
    assert (answer.status_code, answer.url) == (302, CONFIRM_PHONE)
    answer = client.post(CONFIRM_PHONE, {"code": texted_code()})
    assert (answer.status_code, answer.url) == (302, "/groups/")
    person = User.objects.get()
    assert (person.phone, person.email, person.level, signed_in(client)) == (PHONE, None, 1, person)
    assert person.phone_verified_at is not None
    assert not person.has_usable_password()


@pytest.mark.parametrize(
    "typed",
    [
        "9876543210",
        "09876543210",
        "+91 98765 43210",
        "98765-43210",
        "(+91) 9876543210",
        "९८७६५४३२१०",
        " 0091 98765 43210 ",
    ],
)
def test_a_number_is_read_as_people_type_it(client, typed):
    assert sign_up(client, typed).status_code == 302
    assert User.objects.get().phone == PHONE


@pytest.mark.parametrize(("typed", "said"), [
    ("", "This field is required."),
    ("nobody", "Enter an e-mail address or a mobile number."),
    ("12345", "This is not a phone number."),
    ("+1 202 555 0143", "Only Indian mobile numbers can be used."),
    ("no@body", "Enter a valid email address."),
    ("9" * 300, "Ensure this value has at most 254 characters (it has 300)."),
    ("98765\u202e43210\u200b🙂", "This is not a phone number."),
])  # fmt: skip
def test_what_is_neither_is_refused_beside_the_field_and_stays_there(client, typed, said):
    answer = sign_up(client, typed, name="Nila")
    assert answer.status_code == 422
    assert answer.context["form"].errors["contact"] == [said]
    assert 'value="Nila"' in answer.content.decode()
    assert not User.objects.exists()


def test_a_code_in_devanagari_digits_is_a_code(client):
    sign_up(client, "new@example.org")
    devanagari = mailed_code().translate({ord("0") + i: ord("०") + i for i in range(10)})
    client.post(CONFIRM_MAIL, {"code": devanagari})
    assert signed_in(client) is not None


def test_a_weak_password_is_refused_and_nothing_is_made(client):
    answer = sign_up(client, "new@example.org", "123456")
    assert answer.status_code == 422
    assert "password1" in answer.context["form"].errors
    assert not User.objects.exists()


def test_a_new_code_can_be_asked_for_twice_and_the_old_one_is_dead(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    sign_up(client, "new@example.org")
    first = mailed_code()
    for _round in range(2):
        assert b"Send a new code" in client.get(CONFIRM_MAIL).content
        client.post(CONFIRM_MAIL, {"action": "resend"})
    assert len(mail.outbox) == 3
    assert b"Send a new code" not in client.get(CONFIRM_MAIL).content
    if first != mailed_code():
        client.post(CONFIRM_MAIL, {"code": first})
        assert signed_in(client) is None
    client.post(CONFIRM_MAIL, {"code": mailed_code()})
    assert signed_in(client) is not None


def test_starting_again_keeps_the_way_and_what_was_typed(client):
    sign_up(client, "wrong@example.org", next="/groups/")
    answer = client.post("/accounts/start-again/")
    assert (answer.status_code, answer.url) == (302, "/accounts/signup/?next=%2Fgroups%2F")
    page = client.get(answer.url)
    assert page.status_code == 200
    assert 'value="wrong@example.org"' in page.content.decode()
    assert sign_up(client, "right@example.org", next="/groups/").url == CONFIRM_MAIL
    assert client.post(CONFIRM_MAIL, {"code": mailed_code()}).url == "/groups/"
    assert signed_in(client).email == "right@example.org"


def test_signing_up_again_before_the_code_came_is_no_dead_end(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"verify_phone": None}
    sign_up(client, TYPED, name="First")
    client.post("/accounts/start-again/")
    sign_up(client, TYPED, name="Second")
    client.post(CONFIRM_PHONE, {"code": texted_code()})
    assert (User.objects.get().display_name, signed_in(client)) == ("Second", User.objects.get())


@pytest.mark.parametrize("contact", ["owner@example.org", TYPED])
def test_a_strangers_password_does_not_open_the_account_once_its_owner_proves_the_address(
    client, client_of, contact, settings
):
    """Sign-up ahead of the owner: the stranger's password must die, whichever door the owner comes through."""
    settings.ACCOUNT_RATE_LIMITS = {"verify_phone": None, "confirm_email": None, "request_login_code": None}
    stranger, owner = client, client_of()
    sign_up(stranger, contact, PASSWORD)
    owner.post("/accounts/login/code/", {"login": contact})
    code = mailed_code() if "@" in contact else texted_code()
    owner.post("/accounts/login/code/confirm/", {"code": code})
    assert signed_in(owner) == User.objects.get()
    again = client_of()
    assert again.post("/accounts/login/", {"login": contact, "password": PASSWORD}).status_code == 422
    assert signed_in(again) is None


def test_of_two_who_sign_up_with_one_address_the_one_with_the_code_has_their_password(client, client_of, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    owner, stranger = client, client_of()
    sign_up(owner, "owner@example.org", PASSWORD)
    code = mailed_code()
    sign_up(stranger, "owner@example.org", "the stranger's own password")
    owner.post(CONFIRM_MAIL, {"code": code})
    assert User.objects.get().check_password(PASSWORD)


def test_five_wrong_codes_end_the_flow_and_the_right_one_is_refused_then(client):
    sign_up(client, TYPED)
    code = texted_code()
    for tries_left in (4, 3, 2, 1):
        assert client.post(CONFIRM_PHONE, {"code": other_than(code)}).status_code == 422, tries_left
    assert client.post(CONFIRM_PHONE, {"code": other_than(code)}).status_code == 302
    client.post(CONFIRM_PHONE, {"code": code})
    assert signed_in(client) is None


@pytest.mark.parametrize(
    "name", ["See www.example.org", "evil.com", "A\u202eb", "=cmd()", "a" + "\u0301" * 5, "\u200d", "x" * 61]
)
def test_a_name_that_hides_or_links_something_is_refused_beside_its_field(client, name):
    answer = sign_up(client, "new@example.org", name=name)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["display_name"]


def test_the_sms_is_in_the_persons_language(client, settings):
    client.post("/hi/accounts/signup/", {"contact": TYPED})
    assert User.objects.get().language == "hi"
    assert len(texted()) == 1
