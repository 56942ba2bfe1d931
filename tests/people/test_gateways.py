"""SMS leave through real gateways: what these accept, refuse, delay or garble, and what the portal makes of it."""

import socket
import struct
import time

import pytest
from django.core.checks import run_checks
from django.utils.translation import override
from smpplib import consts

from commons.people import sms, sms_http, sms_smpp
from tests.people.doors import PHONE, TYPED, signed_in
from tests.people.gateways import HttpGateway, MessageCentre, say

HINDI = "123456 MyGov के लिए आपका कोड है। यह दस मिनट तक मान्य है। इसे किसी को न बताएँ, हम कभी नहीं पूछते।"


@pytest.fixture
def http(settings):
    server = HttpGateway()
    settings.SMS_GATEWAY, settings.SMS_URL = "commons.people.sms_http.HttpJsonGateway", server.url
    settings.SMS_PASSWORD, settings.SMS_HEADER, settings.SMS_ENTITY_ID = "secret", "MYGOVT", "1101000000000000001"
    settings.SMS_TEMPLATES = {text.template(lang): f"{text.name}-{lang}" for text in sms.TEXTS for lang in ("en", "hi")}
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def centre(settings):
    server = MessageCentre()
    settings.SMS_GATEWAY, settings.SMS_URL = "commons.people.sms_smpp.SmppGateway", server.address
    settings.SMS_USER, settings.SMS_PASSWORD = "mygov", "secret"
    settings.SMS_HEADER, settings.SMS_ENTITY_ID = "MYGOVT", "1101000000000000001"
    settings.SMS_TEMPLATES = {text.template(lang): f"{text.name}-{lang}" for text in sms.TEXTS for lang in ("en", "hi")}
    yield server
    server.stopping.set()
    server.shutdown()
    server.server_close()


# --- HTTP ---------------------------------------------------------------------------------
def test_http_gets_the_text_the_number_and_the_dlt_ids(http):
    assert sms.send(PHONE, sms.SIGN_IN_CODE, code="123456") == "m-1"
    [(path, headers, body)] = http.requests
    assert path == "/send"
    assert (headers["Authorization"], headers["Content-Type"]) == ("Bearer secret", "application/json")
    assert body == {
        "to": PHONE, "header": "MYGOVT", "entity_id": "1101000000000000001", "template_id": "sign_in_code-en",
        "text": "123456 is your code for MyGov. It is good for ten minutes. Tell it to nobody.", "unicode": False,
    }  # fmt: skip


def test_each_language_has_its_own_template(http):
    with override("hi"):
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")
    assert http.requests[0][2]["template_id"] == "sign_in_code-hi"


@pytest.mark.parametrize(("status", "raised"), [
    (400, sms.Refused), (401, sms.Refused), (403, sms.Refused), (404, sms.Refused), (422, sms.Refused),
    (408, sms.NotSent), (429, sms.NotSent), (500, sms.NotSent), (502, sms.NotSent), (503, sms.NotSent),
])  # fmt: skip
def test_http_statuses_tell_what_may_be_tried_again(http, status, raised):
    http.answer = say(status, b"no")
    with pytest.raises(sms.NotSent) as error:
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")
    assert (error.type, str(error.value)) == (raised, f"HTTP {status}")


@pytest.mark.parametrize("answer", [
    say(200, b""), say(200, b"OK"), say(200, b"[]"), say(200, b"[1]"), say(200, b'"id"'), say(200, b"null"), say(200, b"{}"),
    say(200, b"\xff\xfe\x00"), say(200, b"[" * 60_000), say(200, b" " * 200_000 + b'{"id": "late"}'),
    lambda talk: talk.wfile.write(b"not http at all\r\n\r\n"),
    lambda talk: talk.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"),
    lambda talk: talk.connection.shutdown(socket.SHUT_RDWR),
])  # fmt: skip
def test_http_garbage_is_not_sent(http, answer):
    def once(talk):
        answer(talk)
        talk.close_connection = True

    http.answer = once
    with pytest.raises(sms.NotSent):
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")


def test_http_that_does_not_answer_is_given_up(http, monkeypatch):
    monkeypatch.setattr(sms_http, "PATIENCE", 0.3)
    http.answer = lambda talk: time.sleep(2)
    begun = time.monotonic()
    with pytest.raises(sms.NotSent, match="Timeout"):
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")
    assert time.monotonic() - begun < 1.9


def test_http_that_sends_us_elsewhere_is_not_followed(http):
    other = HttpGateway()
    http.answer = say(302, b"", Location=other.url)
    with pytest.raises(sms.NotSent):
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")
    other.shutdown()
    other.server_close()
    assert other.requests == []


def test_nobody_at_the_address_is_not_sent(http, settings):
    settings.SMS_URL = "http://127.0.0.1:1/send"
    with pytest.raises(sms.NotSent):
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")


# --- SMPP ---------------------------------------------------------------------------------
def test_smpp_gets_the_text_the_number_and_the_dlt_ids(centre):
    assert sms.send(PHONE, sms.SIGN_IN_CODE, code="123456") == "id-1"
    assert centre.centre.bound == [("mygov", "secret")]
    [got] = centre.centre.submitted
    assert (got.to, got.header, got.coding, got.kind) == ("919876543210", "MYGOVT", consts.SMPP_ENCODING_DEFAULT, 0)
    assert got.text == b"123456 is your code for MyGov. It is good for ten minutes. Tell it to nobody."
    assert got.extra == {0x1400: b"1101000000000000001\0", 0x1401: b"sign_in_code-en\0"}


def test_smpp_sends_hindi_in_parts_that_come_together_again(centre):
    assert sms_smpp.SmppGateway().send(PHONE, HINDI, template_id="t") == "id-1"
    parts = centre.centre.submitted
    assert len(parts) == 2
    assert {(part.coding, part.kind) for part in parts} == {(consts.SMPP_ENCODING_ISO10646, consts.SMPP_GSMFEAT_UDHI)}
    assert [part.text[:3] + part.text[4:6] for part in parts] == [b"\x05\x00\x03\x02\x01", b"\x05\x00\x03\x02\x02"]
    assert len({part.text[3] for part in parts}) == 1, "both parts carry one number"
    assert b"".join(part.text[6:] for part in parts).decode("utf-16-be") == HINDI
    assert all(part.extra == {0x1400: b"1101000000000000001\0", 0x1401: b"t\0"} for part in parts)


def test_smpp_answers_a_centre_that_asks_whether_we_live(centre):
    centre.centre.asks_whether_we_live = True
    assert sms.send(PHONE, sms.SIGN_IN_CODE, code="123456") == "id-1"
    assert centre.centre.answered_enquiries == 1


@pytest.mark.parametrize(("status", "raised"), [
    (consts.SMPP_ESME_RINVDSTADR, sms.Refused), (consts.SMPP_ESME_RINVSRCADR, sms.Refused),
    (consts.SMPP_ESME_RTHROTTLED, sms.NotSent), (consts.SMPP_ESME_RMSGQFUL, sms.NotSent),
    (consts.SMPP_ESME_RSYSERR, sms.NotSent), (0x0400, sms.NotSent),
])  # fmt: skip
def test_smpp_statuses_tell_what_may_be_tried_again(centre, status, raised):
    centre.centre.submit_status = status
    with pytest.raises(sms.NotSent) as error:
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")
    assert (error.type, str(error.value)) == (raised, f"SMPP status {status}")


def test_smpp_that_does_not_let_us_in_is_not_sent(centre):
    centre.centre.bind_status = consts.SMPP_ESME_RBINDFAIL
    with pytest.raises(sms.NotSent):
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")
    assert centre.centre.submitted == []


@pytest.mark.parametrize("raw", [
    b"", b"\0\0\0\x10", b"HTTP/1.1 400 Bad Request\r\n\r\n", struct.pack(">LLLL", 16, 0x7FFFFFFF, 0, 1),
    struct.pack(">LLLL", 2**31, 0x80000004, 0, 3), struct.pack(">L", 1), struct.pack(">LLLL", 16, 0x80000000, 3, 3),
])  # fmt: skip
def test_smpp_garbage_is_not_sent(centre, raw, monkeypatch):
    monkeypatch.setattr(sms_smpp, "PATIENCE", 0.4)
    centre.centre.raw = raw
    with pytest.raises(sms.NotSent):
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")


def test_smpp_that_does_not_answer_is_given_up(centre, monkeypatch):
    monkeypatch.setattr(sms_smpp, "PATIENCE", 0.3)
    centre.centre.silent = True
    begun = time.monotonic()
    with pytest.raises(sms.NotSent):
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")
    assert time.monotonic() - begun < 3


def test_nobody_at_the_centre_is_not_sent(centre, settings):
    settings.SMS_URL = "127.0.0.1:1"
    with pytest.raises(sms.NotSent):
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")


# --- what a citizen sees, and what the operator is told -----------------------------------
@pytest.mark.django_db
def test_a_gateway_that_fails_gives_a_page_and_a_message_not_an_error(http, client, caplog):
    http.answer = say(503, b"no")
    answer = client.post("/accounts/login/code/", {"login": TYPED})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "The code could not be sent just now. Ask for a new one in a minute." in page
    assert signed_in(client) is None
    assert "HTTP 503" in caplog.text


@pytest.mark.django_db
def test_a_mail_server_that_is_away_gives_a_page_and_a_message_not_an_error(client, asha, settings, caplog):
    settings.MAILERS = {"default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 1},
    }}  # fmt: skip
    for address in ("asha@example.org", "nobody@example.org"):
        answer = client.post("/accounts/login/code/", {"login": address})
        assert answer.status_code == 302
        assert "could not be sent just now" in client.get(answer.url).content.decode()
        client.post("/accounts/start-again/")
        assert address not in caplog.text


def test_the_console_gateway_writes_neither_number_nor_code(settings, caplog):
    settings.SMS_GATEWAY = "commons.people.sms.ConsoleGateway"
    with caplog.at_level("DEBUG"):
        assert sms.send(PHONE, sms.SIGN_IN_CODE, code="123456") == "console"
    assert "…10" in caplog.text
    assert PHONE not in caplog.text
    assert "123456" not in caplog.text


def test_smpp_writes_no_message_into_the_log_at_any_level(centre, caplog):
    with caplog.at_level("DEBUG"):
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")
    assert b"123456".hex() not in caplog.text
    assert PHONE.lstrip("+") not in caplog.text


def errors():
    return [error.msg for error in run_checks() if error.id == "people.E001"]


def test_a_gateway_with_all_its_dlt_ids_passes_the_check(http):
    assert errors() == []


def test_a_missing_dlt_id_is_an_error_before_the_first_code(http, settings):
    del settings.SMS_TEMPLATES["sign_in_code.hi"]
    settings.SMS_ENTITY_ID = ""
    assert errors() == ["SMS lack: sign_in_code.hi, entity id or header."]
    with override("hi"), pytest.raises(sms.Refused):
        sms.send(PHONE, sms.SIGN_IN_CODE, code="123456")
    assert http.requests == []


def test_the_demos_outbox_needs_no_dlt(settings):
    assert errors() == []
