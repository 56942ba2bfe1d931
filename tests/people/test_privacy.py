"""Addresses, numbers, codes and passwords stand nowhere but where they belong: not in logs, not in addresses of pages."""

import logging
from urllib.parse import unquote

import pytest
from django.core.mail.backends.locmem import EmailBackend

from tests.people.doors import mailed_code, other_than, sign_up, texted_code

pytestmark = pytest.mark.django_db
ADDRESS, NUMBER, SECRET = "canary.bird@example.org", "98765 43210", "the canary sings at dawn"
CANARIES = ["canary.bird", "canary.bird%40", "9876543210", "98765 43210", SECRET]


class Everything(logging.Handler):
    def __init__(self) -> None:
        super().__init__(0)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.exc_text or ''} {record.exc_info or ''}")


@pytest.fixture
def logged():
    """Every line of every logger, whatever its level."""
    handler, root = Everything(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    quiet = [logging.getLogger(name) for name in ("django.db.backends", "asyncio")]
    levels = [logger.level for logger in quiet]
    for logger in quiet:
        logger.setLevel(logging.WARNING)  # statements are not logged unless somebody turns DEBUG on
    yield handler.lines
    root.removeHandler(handler)
    root.setLevel(level)
    for logger, before in zip(quiet, levels, strict=True):
        logger.setLevel(before)


class Story:
    """A browser that remembers every address it was at."""

    def __init__(self, client) -> None:
        self.client, self.places, self.codes = client, [], []

    def send(self, path, **data):
        answer = self.client.post(path, data)
        self.places += [path, answer.headers.get("Location", "")]
        if "Location" in answer.headers:
            self.client.get(answer.url)
        return answer


def everything_a_citizen_does(story: Story) -> None:
    send, codes = story.send, story.codes
    send("/accounts/signup/", contact=ADDRESS, password1=SECRET, next="/groups/")
    codes.append(mailed_code())
    send("/accounts/confirm-email/", code=other_than(codes[-1]))
    send("/accounts/confirm-email/", code=codes[-1])
    send("/accounts/phone/change/", phone=NUMBER)
    codes.append(texted_code())
    send("/accounts/phone/verify/", code=codes[-1])
    send("/accounts/password/change/", oldpassword=SECRET, password1=f"{SECRET} again")
    send("/accounts/email/", email="canary.bird+2@example.org", action_add="1")
    send("/accounts/logout/")
    send("/accounts/login/", login=ADDRESS, password="wrong")
    send("/accounts/login/", login=NUMBER, password=f"{SECRET} again")
    send("/accounts/logout/")
    send("/accounts/login/code/", login=NUMBER)
    codes.append(texted_code())
    send("/accounts/start-again/")
    send("/accounts/password/reset/", email=ADDRESS)
    codes.append(mailed_code())
    send("/accounts/password/reset/confirm/", code=codes[-1])
    send("/accounts/password/reset/complete/", password1=f"{SECRET} a third time")
    send("/accounts/signup/", contact=ADDRESS, password1=SECRET)


def test_no_log_line_and_no_address_of_a_page_has_them(client, logged, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    story = Story(client)
    everything_a_citizen_does(story)
    assert len(story.codes) == 4
    places = [unquote(place) for place in story.places]
    assert [place for place in places if any(canary in place for canary in CANARIES + story.codes)] == []
    assert [line for line in logged if any(canary in line for canary in CANARIES + story.codes)] == []
    assert any("Unprocessable Content" in line for line in logged), "something was logged at all"


def test_nor_when_mail_and_sms_fail(client, logged, settings, monkeypatch):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.SMS_GATEWAY, settings.SMS_URL = "commons.people.sms_http.HttpJsonGateway", "http://127.0.0.1:1/"
    settings.SMS_TEMPLATES = {f"{name}.en": "1" for name in ("sign_in_code", "unknown_account", "already_an_account")}

    def refuse(self, messages):
        raise OSError(f"cannot deliver to {messages[0].to}: {messages[0].body}")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    sign_up(client, ADDRESS, SECRET)
    client.post("/accounts/start-again/")
    client.post("/accounts/login/code/", {"login": NUMBER})
    told = [line for line in logged if "was not sent" in line]
    assert len(told) == 2
    assert [line for line in logged if any(canary in line for canary in CANARIES)] == []


def test_an_error_of_ours_shows_none_of_what_was_sent(client, logged, monkeypatch):
    """The page, and the line in the log."""
    from commons.people import entrance

    def broken(self, form):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(entrance.Login, "form_valid", broken)
    monkeypatch.setattr(entrance.Login, "form_invalid", broken)
    client.raise_request_exception = False
    answer = client.post("/accounts/login/", {"login": ADDRESS, "password": SECRET})
    assert answer.status_code == 500
    assert not any(canary in answer.content.decode() for canary in CANARIES)
    assert [line for line in logged if any(canary in line for canary in CANARIES)] == []
