"""Signing in by password or by code, with e-mail or mobile; codes are good once, for ten minutes, in one flow."""

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from commons.people.models import User
from tests.cast import PASSWORD
from tests.people.doors import PHONE, TYPED, mailed_code, other_than, sign_up, signed_in, texted, texted_code

pytestmark = pytest.mark.django_db
LOGIN, ASK, CONFIRM = "/accounts/login/", "/accounts/login/code/", "/accounts/login/code/confirm/"
FORGOTTEN, FORGOTTEN_CODE, NEW = (
    "/accounts/password/reset/",
    "/accounts/password/reset/confirm/",
    "/accounts/password/reset/complete/",
)


@pytest.fixture
def phoned(db) -> User:
    """A citizen with a mobile number and no e-mail address."""
    return User.objects.create_user(phone=PHONE, password=PASSWORD, display_name="Nila", level=1)


@pytest.mark.parametrize("typed", ["asha@example.org", " ASHA@example.ORG "])
def test_by_mail_and_password(client, asha, typed):
    answer = client.post(LOGIN, {"login": typed, "password": PASSWORD, "next": "/groups/"})
    assert (answer.status_code, answer.url, signed_in(client)) == (302, "/groups/", asha)


@pytest.mark.parametrize("typed", [PHONE, TYPED, "09876543210", "९८७६५४३२१०"])
def test_by_mobile_and_password(client, phoned, typed):
    answer = client.post(LOGIN, {"login": typed, "password": PASSWORD, "next": "/groups/"})
    assert (answer.status_code, answer.url, signed_in(client)) == (302, "/groups/", phoned)


def test_by_mail_and_code(client, asha):
    answer = client.post(ASK, {"login": "asha@example.org", "next": "/groups/"})
    assert (answer.status_code, answer.url) == (302, f"{CONFIRM}?next=%2Fgroups%2F")
    answer = client.post(CONFIRM, {"code": mailed_code(), "next": "/groups/"})
    assert (answer.status_code, answer.url, signed_in(client)) == (302, "/groups/", asha)


def test_by_mobile_and_code(client, phoned):
    client.post(ASK, {"login": TYPED, "next": "/groups/"})
    answer = client.post(CONFIRM, {"code": texted_code(), "next": "/groups/"})
    assert (answer.status_code, answer.url, signed_in(client)) == (302, "/groups/", phoned)


@pytest.mark.parametrize(("login", "password"), [
    ("asha@example.org", "not-the-one"), ("nobody@example.org", PASSWORD), (TYPED, PASSWORD), ("not a contact", PASSWORD),
])  # fmt: skip
def test_a_wrong_pair_is_answered_in_the_same_words_and_keeps_what_was_typed(client, asha, login, password):
    answer = client.post(LOGIN, {"login": login, "password": password})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "This address or number and this password do not belong together."
    ]
    page = answer.content.decode()
    assert f'value="{login}"' in page
    assert password not in page.replace(login, "")


def test_a_closed_account_does_not_come_in_by_any_door(client, asha):
    User.objects.filter(pk=asha.pk).update(is_active=False)
    client.post(LOGIN, {"login": "asha@example.org", "password": PASSWORD})
    client.post(ASK, {"login": "asha@example.org"})
    client.post(FORGOTTEN, {"email": "asha@example.org"})
    assert signed_in(client) is None
    assert not any("code" in message.subject for message in mail.outbox)


def test_a_code_is_good_once(client, client_of, asha):
    client.post(ASK, {"login": "asha@example.org"})
    code = mailed_code()
    client.post(CONFIRM, {"code": code})
    client.post("/accounts/logout/")
    client.post(CONFIRM, {"code": code})
    assert signed_in(client) is None
    other = client_of()
    other.post(CONFIRM, {"code": code})
    assert signed_in(other) is None


@pytest.mark.parametrize(("minutes", "comes_in"), [(9.9, True), (10.1, False)])
def test_a_code_is_good_for_ten_minutes(client, asha, minutes, comes_in):
    begun = timezone.now()
    with time_machine.travel(begun, tick=False):
        client.post(ASK, {"login": "asha@example.org"})
    with time_machine.travel(begun + timezone.timedelta(minutes=minutes), tick=False):
        client.post(CONFIRM, {"code": mailed_code()})
        assert (signed_in(client) == asha) is comes_in


def test_a_new_code_gives_neither_more_time_nor_more_tries(client, asha, settings):
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": None}
    client.post(ASK, {"login": "asha@example.org"})
    for _round in range(2):
        for _try in range(2):
            client.post(CONFIRM, {"code": other_than(mailed_code())})
        client.post(CONFIRM, {"action": "resend"})
    assert len(mail.outbox) == 3
    client.post(CONFIRM, {"code": other_than(mailed_code())})  # the fifth
    client.post(CONFIRM, {"code": mailed_code()})
    assert signed_in(client) is None


def test_asking_again_for_a_number_without_an_account_looks_like_asking_for_one_with(
    client, client_of, phoned, settings
):
    """allauth itself answers the first with an error page."""
    settings.ACCOUNT_RATE_LIMITS = {"verify_phone": None, "request_login_code": None}
    answers = []
    for browser, number in ((client, TYPED), (client_of(), "98765 43211")):
        browser.post(ASK, {"login": number})
        answer = browser.post(CONFIRM, {"action": "resend"})
        page = browser.get(CONFIRM).content.decode()
        answers.append((answer.status_code, answer.url, page.replace("+919876543211", PHONE).count(PHONE)))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("made_for", ["sign in", "new password", "sign up"])
@pytest.mark.parametrize("used_for", ["sign in", "new password", "sign up"])
def test_a_code_opens_its_own_flow_only(client, client_of, asha, settings, made_for, used_for):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None, "request_login_code": None}
    flows = {
        "sign in": (ASK, {"login": "asha@example.org"}, CONFIRM),
        "new password": (FORGOTTEN, {"email": "asha@example.org"}, FORGOTTEN_CODE),
        "sign up": ("/accounts/signup/", {"contact": "new@example.org"}, "/accounts/confirm-email/"),
    }
    owner, other = client, client_of()
    begin, data, end = flows[made_for]
    owner.post(begin, data)
    code = mailed_code()
    begin, data, end = flows[used_for]
    browser = owner if made_for == used_for else other
    if browser is other:
        other.post(begin, data)
        if mailed_code() == code:
            pytest.skip("the same six digits by chance")
    answer = browser.post(end, {"code": code})
    assert (answer.status_code == 302) is (made_for == used_for)


def test_a_forgotten_password_is_replaced_by_code(client, client_of, asha):
    elsewhere = client_of()
    elsewhere.force_login(asha)
    assert client.post(FORGOTTEN, {"email": "asha@example.org"}).url == FORGOTTEN_CODE
    assert client.post(FORGOTTEN_CODE, {"code": mailed_code()}).url == NEW
    assert client.post(NEW, {"password1": "quite another password"}).status_code == 302
    asha.refresh_from_db()
    assert asha.check_password("quite another password")
    assert elsewhere.get("/profile/").status_code == 302, "the other sessions are over"
    assert [m.to for m in mail.outbox[-1:]] == [["asha@example.org"]], "the owner is told"


def test_whoever_has_only_a_mobile_replaces_the_password_after_a_code(client, phoned):
    client.post(ASK, {"login": TYPED, "next": "/accounts/password/change/"})
    assert (
        client.post(CONFIRM, {"code": texted_code(), "next": "/accounts/password/change/"}).url
        == "/accounts/password/change/"
    )
    assert client.post("/accounts/password/change/", {"password1": "quite another password"}).status_code == 302
    phoned.refresh_from_db()
    assert phoned.check_password("quite another password")


@pytest.mark.parametrize("minutes", [0, 6])
def test_the_old_password_is_asked_for_except_right_after_a_code(client, phoned, minutes):
    begun = timezone.now()
    with time_machine.travel(begun, tick=False):
        client.post(ASK, {"login": TYPED})
        client.post(CONFIRM, {"code": texted_code()})
    with time_machine.travel(begun + timezone.timedelta(minutes=minutes), tick=False):
        answer = client.post("/accounts/password/change/", {"password1": "quite another password"})
    assert answer.status_code == (302 if minutes == 0 else 422)


def test_five_wrong_passwords_close_the_door_for_this_account_alone(client, phoned, asha, bilal):
    for _try in range(5):
        client.post(LOGIN, {"login": TYPED, "password": "wrong"})
    answer = client.post(LOGIN, {"login": TYPED, "password": PASSWORD})
    assert (answer.status_code, signed_in(client)) == (422, None)
    other = User.objects.create_user(phone="+919876543211", password=PASSWORD, level=1)
    client.post(LOGIN, {"login": "98765 43211", "password": PASSWORD})
    assert signed_in(client) == other


def test_four_codes_a_minute_are_one_too_many(client, asha):
    answers = []
    for _try in range(4):
        answers.append(client.post(ASK, {"login": "asha@example.org"}).status_code)
        client.post("/accounts/start-again/")
    assert answers == [302, 302, 302, 422]
    assert len(mail.outbox) == 3


def test_the_page_asked_for_last_is_where_a_waiting_code_leads(client, asha):
    client.post(ASK, {"login": "asha@example.org", "next": "/groups/"})
    page = client.get(f"{LOGIN}?next=/impact/")
    assert (page.status_code, page.url) == (302, f"{CONFIRM}?next=%2Fimpact%2F")
    assert client.post(CONFIRM, {"code": mailed_code(), "next": "/impact/"}).url == "/impact/"


def test_starting_again_at_sign_in_keeps_the_way_and_what_was_typed(client):
    client.post(ASK, {"login": "nobody@example.org", "next": "/groups/"})
    answer = client.post("/accounts/start-again/", {"next": "/groups/"})
    assert answer.url == "/accounts/login/?next=%2Fgroups%2F"
    page = client.get(answer.url)
    assert page.status_code == 200
    assert 'value="nobody@example.org"' in page.content.decode()


def test_the_admins_own_form_is_no_second_door(client, asha):
    answer = client.get("/admin/")
    assert answer.url == "/admin/login/?next=/admin/"
    answer = client.post("/admin/login/?next=/admin/", {"username": "asha@example.org", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=%2Fadmin%2F")
    client.force_login(asha)
    assert client.get("/admin/login/?next=/admin/").status_code == 403


def test_signing_up_and_in_leave_one_account(client, asha):
    sign_up(client, "ASHA@example.org")
    assert User.objects.count() == 1
    assert texted() == []
