"""Codes cannot be guessed: not in parallel, not by sending many, not while the shared cache is away."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection
from django.test import Client, override_settings

from tests.cast import PASSWORD
from tests.people.doors import TYPED, mailed_code, sign_up, signed_in, texted

ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
WITHOUT = [name for name in django_settings.MIDDLEWARE if not name.endswith("OneGuessAtATime")]


def guess_in_parallel(key: str, codes: list[str]) -> list[tuple[int, str]]:
    """Sends every code from its own thread in one session; answers with what each got."""

    def guess(code: str) -> tuple[int, str]:
        browser = Client()
        browser.cookies[django_settings.SESSION_COOKIE_NAME] = key
        try:
            answer = browser.post(CONFIRM, {"code": code})
            return answer.status_code, getattr(answer, "url", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        return list(pool.map(guess, codes))


def attack(client: Client, guesses: int) -> tuple[list[tuple[int, str]], int]:
    """(answers, at how many codes the portal looked): the right one is in the middle of all."""
    client.post(ASK, {"login": "asha@example.org"})
    right = mailed_code()
    codes = [f"{number:06}" for number in range(guesses) if f"{number:06}" != right]
    codes.insert(len(codes) // 2, right)
    answers = guess_in_parallel(client.session.session_key, codes)
    looked_at = sum(status == 422 for status, _url in answers) + answers.count((302, ASK)) - refused(answers)
    return answers, looked_at


def refused(answers: list[tuple[int, str]]) -> int:
    """How many found no flow any more. The fifth wrong code is sent to the same page as those, so one less."""
    return max(answers.count((302, ASK)) - 1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_thousand_parallel_guesses_are_five(client, asha):
    answers, looked_at = attack(client, 1000)
    assert looked_at == 5
    assert {status for status, _url in answers} <= {302, 422, 429}
    assert (302, "/") not in answers, "the right code, as one of many, must not let anybody in"
    assert signed_in(client) is None


@pytest.mark.django_db(transaction=True)
def test_without_one_guess_at_a_time_parallel_guesses_are_more_than_five(client, asha):
    """The negative control of the test above."""
    with override_settings(MIDDLEWARE=WITHOUT):
        _answers, looked_at = attack(client, 200)
    assert looked_at > 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/accounts/phone/verify/", "/hi/accounts/phone/verify/"])
def test_turns_are_taken_in_every_language(client, path):
    """Whoever holds the turn of this session holds up a guess until lock_timeout; the answer is then 429."""
    from commons.people.middleware import OneGuessAtATime

    assert OneGuessAtATime(lambda request: None).name_of(type("R", (), {"path_info": path})) in OneGuessAtATime.VIEWS


AWAY = {"default": {**django_settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}


@pytest.fixture
def valkey_away(db):
    """The shared cache answers nothing: connections to it are refused."""
    with override_settings(CACHES=AWAY):
        yield


def test_while_the_cache_is_away_guessing_is_closed_and_reading_open(valkey_away, client, asha):
    assert client.get("/").status_code == 200
    assert client.get("/accounts/login/").status_code == 200
    assert client.post("/accounts/login/", {"login": "asha@example.org", "password": PASSWORD}).status_code == 429
    assert client.post(ASK, {"login": "asha@example.org"}).status_code == 422
    assert client.post(ASK, {"login": TYPED}).status_code == 422
    assert client.post("/accounts/password/reset/", {"email": "asha@example.org"}).status_code == 429
    assert sign_up(client, "new@example.org").status_code == 429
    assert (mail.outbox, texted(), signed_in(client)) == ([], [], None)


def test_whoever_is_in_stays_in_while_the_cache_is_away(valkey_away, client, asha):
    client.force_login(asha)
    assert client.get("/profile/").status_code == 200


@pytest.mark.django_db
def test_bombing_one_number_ends_at_six_an_hour_whatever_the_door_and_whoever_asks(client_of, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "verify_phone": "6/h/key,300/h/ip"}
    answers = []
    for n in range(12):
        browser = client_of(REMOTE_ADDR=f"10.0.0.{n}")
        if n % 2:
            answers.append(browser.post(ASK, {"login": TYPED}).status_code)
        else:
            answers.append(sign_up(browser, TYPED).status_code)
    assert len(texted()) == 6
    assert set(answers[6:]) <= {422, 429}


@pytest.mark.django_db
def test_bombing_many_numbers_from_one_place_ends_too(client_of, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "verify_phone": "10/h/ip"}
    for n in range(15):
        client_of().post(ASK, {"login": f"98765 432{n:02}"})
    assert len(texted()) == 10


@pytest.mark.django_db
def test_a_forged_forwarded_address_is_no_new_place(client_of, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "verify_phone": "10/h/ip"}
    for n in range(15):
        client_of(headers={"X-Forwarded-For": f"10.0.0.{n}"}).post(ASK, {"login": f"98765 432{n:02}"})
    assert len(texted()) == 10


@pytest.mark.django_db
def test_the_whole_portal_sends_so_many_an_hour_and_says_so(client_of, settings):
    settings.SMS_PER_HOUR = 3
    answers = [client_of().post(ASK, {"login": f"98765 432{n:02}"}) for n in range(5)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 422, 422]
    said = "Codes cannot be sent by SMS right now. Use your e-mail address, or try later."
    assert answers[-1].context["form"].errors["login"] == [said]
    assert sign_up(client_of(), "98765 43277").status_code == 422
    assert len(texted()) == 3
    assert client_of().post(ASK, {"login": "asha@example.org"}).status_code == 302, "mail is open"


@pytest.mark.django_db
def test_the_right_password_among_many_wrong_ones_does_not_reset_the_count(client, client_of, asha, bilal):
    for n in range(4):
        client.post("/accounts/login/", {"login": "asha@example.org", "password": f"wrong {n}"})
    client_of().post("/accounts/login/", {"login": "bilal@example.org", "password": PASSWORD})
    client.post("/accounts/login/", {"login": "asha@example.org", "password": "wrong again"})
    answer = client.post("/accounts/login/", {"login": "asha@example.org", "password": PASSWORD})
    assert (answer.status_code, signed_in(client)) == (422, None)


@pytest.mark.django_db
def test_spraying_one_password_over_many_accounts_from_one_place_ends(client_of):
    answers = [
        client_of().post("/accounts/login/", {"login": f"p{n}@example.org", "password": "Summer2026!"})
        for n in range(62)
    ]
    said = [answer.context["form"].non_field_errors()[0] for answer in answers]
    assert said[60:] == ["Too many tries. Wait a few minutes, then try again."] * 2
    assert set(said[:60]) == {"This address or number and this password do not belong together."}
