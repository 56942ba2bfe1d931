"""Nobody learns from a page whether an address or a number has an account; its owner learns it by mail or SMS."""

import re

import pytest
from django.core import mail

from commons.people.models import User
from tests.people.doors import PHONE, other_than, texted

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "asha@example.org", "nila@example.org"
KNOWN_PHONE, UNKNOWN_PHONE = "98765 43210", "98765 43211"
PASSWORD = "a long enough password"  # noqa: S105 - the tests'

FLOWS = {
    "sign up": ("/accounts/signup/", "contact", {"password1": PASSWORD}, "/accounts/confirm-email/"),
    "sign up without a password": ("/accounts/signup/", "contact", {}, "/accounts/confirm-email/"),
    "code": ("/accounts/login/code/", "login", {}, "/accounts/login/code/confirm/"),
    "new password": ("/accounts/password/reset/", "email", {}, "/accounts/password/reset/confirm/"),
    "sign in": ("/accounts/login/", "login", {"password": "wrong"}, "/accounts/login/"),
    "sign up by mobile": ("/accounts/signup/", "contact", {}, "/accounts/phone/verify/"),
    "code by mobile": ("/accounts/login/code/", "login", {}, "/accounts/login/code/confirm/"),
    "sign in by mobile": ("/accounts/login/", "login", {"password": "wrong"}, "/accounts/login/"),
}


@pytest.fixture(autouse=True)
def known(asha, settings):
    User.objects.create_user(phone=PHONE, password=PASSWORD, level=1)
    settings.ACCOUNT_RATE_LIMITS = dict.fromkeys(
        ["confirm_email", "verify_phone", "request_login_code", "change_phone", "login_failed"]
    )


def seen(browser, answer, contact):
    """Everything an answer shows, without what belongs to this request and this contact alone."""
    text = re.sub(r'(name="csrfmiddlewaretoken" value=|X-CSRFToken": )"\w+"', "", answer.content.decode())
    text = re.sub(r'value="\d{6}"', "", text)  # the wrong code, as it was typed
    for own in (contact, contact.lower(), "+91" + contact.replace(" ", "")):
        text = text.replace(own, "…")
    cookies = sorted(
        (name, {k: v for k, v in morsel.items() if k != "expires"}.__repr__())
        for name, morsel in answer.cookies.items()
    )
    headers = {k: v for k, v in answer.headers.items() if k not in {"Content-Length", "Expires", "Last-Modified"}}
    return answer.status_code, headers, cookies, text


@pytest.mark.parametrize("flow", FLOWS)
def test_every_step_looks_the_same_with_and_without_an_account(client_of, flow):
    begin, field, more, then = FLOWS[flow]
    stories = []
    for contact in (KNOWN_PHONE, UNKNOWN_PHONE) if "mobile" in flow else (KNOWN, UNKNOWN):
        browser, story = client_of(), []

        def note(answer, contact=contact, story=story, browser=browser):
            story.append(seen(browser, answer, contact))

        note(browser.get(begin))
        note(browser.post(begin, {field: contact, **more}))
        note(browser.get(then))
        note(browser.post(then, {"action": "resend"}))
        note(browser.get(then))
        note(browser.post(then, {"code": ""}))
        for _try in range(6):
            note(browser.post(then, {"code": other_than(code_in(mail.outbox) or "111111")}))
        note(browser.get(then))
        stories.append(story)
    for step, (known, unknown) in enumerate(zip(*stories, strict=True)):
        assert known == unknown, f"step {step}"


def code_in(messages):
    found = re.search(r"\b(\d{6})\b", messages[-1].body) if messages else None
    return found and found.group(1)


def test_the_owner_of_an_address_is_told_by_mail(client, client_of):
    client.post("/accounts/signup/", {"contact": KNOWN, "password1": PASSWORD})
    client_of().post("/accounts/login/code/", {"login": UNKNOWN})
    client_of().post("/accounts/password/reset/", {"email": UNKNOWN})
    subjects = [(m.to, m.subject) for m in mail.outbox]
    assert subjects == [
        ([KNOWN], "You already have an account at MyGov"),
        ([UNKNOWN], "No account at MyGov"),
        ([UNKNOWN], "No account at MyGov"),
    ]
    assert all("http://testserver/accounts/" in message.body for message in mail.outbox)


def test_the_owner_of_a_number_is_told_by_sms(client, client_of):
    client.post("/accounts/signup/", {"contact": KNOWN_PHONE})
    client_of().post("/accounts/login/code/", {"login": UNKNOWN_PHONE})
    assert texted() == [
        "You already have an account at MyGov with this number. Ask for a code to sign in.",
        "Somebody asked for a code for MyGov with this number, which has no account there.",
    ]


def test_no_code_at_all_opens_the_flow_of_an_address_without_an_account(client):
    client.post("/accounts/login/code/", {"login": UNKNOWN})
    for guess in ("", " ", "-", "None"):
        assert client.post("/accounts/login/code/confirm/", {"code": guess}).status_code == 422
    assert "_auth_user_id" not in client.session


def test_a_number_taken_by_another_is_not_told_when_changing_to_it(client, asha):
    """Only whoever holds the number, and so gets its code, is told."""
    client.post("/accounts/login/", {"login": KNOWN, "password": "mygov-demo"})
    answers = [client.post("/accounts/phone/change/", {"phone": number}) for number in (KNOWN_PHONE, UNKNOWN_PHONE)]
    assert [(a.status_code, a.url) for a in answers] == [(302, "/accounts/phone/verify/")] * 2


def test_an_address_taken_by_another_is_not_told_when_adding_it(client, bilal):
    client.post("/accounts/login/", {"login": "bilal@example.org", "password": "mygov-demo"})
    answers = [client.post("/accounts/email/", {"email": address, "action_add": "1"}) for address in (KNOWN, UNKNOWN)]
    assert [(a.status_code, a.url) for a in answers] == [(302, "/accounts/confirm-email/")] * 2


def test_hashing_is_done_with_and_without_an_account(client, client_of, monkeypatch):
    """What takes long takes as long for both: counted, because a clock is no witness on a busy machine."""
    from django.contrib.auth import hashers

    counts = []
    for contact, path, data in [
        (KNOWN, "/accounts/signup/", {"password1": PASSWORD}), (UNKNOWN, "/accounts/signup/", {"password1": PASSWORD}),
        (KNOWN, "/accounts/login/", {"password": "wrong"}), ("third@example.org", "/accounts/login/", {"password": "wrong"}),
        (KNOWN_PHONE, "/accounts/login/", {"password": "wrong"}), ("98765 43212", "/accounts/login/", {"password": "wrong"}),
    ]:  # fmt: skip
        calls = []
        encode = hashers.MD5PasswordHasher.encode
        with monkeypatch.context() as patch:
            patch.setattr(
                hashers.MD5PasswordHasher,
                "encode",
                lambda *a, encode=encode, calls=calls: calls.append(1) or encode(*a),
            )
            client_of().post(path, {"contact": contact, "login": contact, **data})
        counts.append(len(calls))
    assert counts == [1] * 6
