"""The SMS gateway's reports: signed, fresh, heard once, never backwards; and what is no such report is refused."""

import hmac
import json
import time

import pytest

from commons.core import clock
from mygov.notifications import receipts, sending
from mygov.notifications.channels import Channel, Fate
from mygov.notifications.models import Delivery, Notification, Receipt, Unreachable

URL = "/webhooks/sms/receipts/"
SECRET = "the gateway's and ours"  # noqa: S105 - the test's


@pytest.fixture(autouse=True)
def secret(settings):
    settings.SMS_RECEIPT_SECRET = SECRET


@pytest.fixture
def sent(asha):
    asha.phone, asha.phone_verified_at = "+919876543210", clock.now()
    asha.save()
    told = Notification.objects.create(person=asha, event="reply", key="k", path="/")
    return Delivery.objects.create(
        notification=told, channel=Channel.SMS, header="MYGOVT", template="1", state="sent", provider_id="m1"
    )


def report(client, status="arrived", *, ident="r1", message="m1", body=None, at=None, signed=None, **headers):
    body = json.dumps({"id": ident, "message": message, "status": status}).encode() if body is None else body
    stamp = str(int(time.time()) if at is None else at)
    proof = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, "sha256").hexdigest() if signed is None else signed
    return client.post(
        URL, body, content_type="application/json", headers={"X-Timestamp": stamp, "X-Signature": proof, **headers}
    )


def known(sent) -> str:
    sent.refresh_from_db()
    return sent.receipt


def test_a_report_is_kept_and_a_replay_does_nothing(client, sent):
    first = report(client, "accepted")
    assert (first.status_code, first.content, known(sent)) == (200, b"heard", "accepted")
    Delivery.objects.update(receipt="")
    again = report(client, "accepted")

    assert (again.status_code, again.content, known(sent)) == (200, b"heard before", "")
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        (["accepted", "arrived"], "arrived"),
        (["arrived", "accepted"], "arrived"),
        (["arrived", "lost"], "arrived"),
        (["lost", "arrived"], "arrived"),
        (["accepted", "accepted", "lost", "accepted"], "lost"),
    ],
)
def test_in_whatever_order_they_come_it_never_goes_backwards(client, sent, reports, expected):
    for n, status in enumerate(reports):
        assert report(client, status, ident=f"r{n}").status_code == 200

    assert known(sent) == expected


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"signed": "0" * 64}, 403), ({"signed": ""}, 403), ({"signed": "é"}, 403), ({"at": 0}, 401), ({"at": "x"}, 401),
        ({"at": int(time.time()) + 100_000}, 401), ({"at": "9" * 400}, 401), ({"body": b"[]"}, 400), ({"body": b"{"}, 400),
        ({"body": b"{}"}, 400), ({"body": b'{"id": 1, "message": "m1", "status": "arrived"}'}, 400),
        ({"status": "eaten"}, 400), ({"ident": ""}, 400), ({"ident": "x" * 201}, 400), ({"ident": "a\x00"}, 400),
        ({"body": b"[" * 60_000}, 400), ({"body": b" " * 65_537}, 413),
    ],
)  # fmt: skip
def test_what_is_no_fresh_signed_report_is_refused_and_changes_nothing(client, sent, wrong, status):
    assert report(client, **wrong).status_code == status
    assert (known(sent), Receipt.objects.count()) == ("", 0)


def test_a_signature_of_another_moment_is_none(client, sent):
    body = json.dumps({"id": "r1", "message": "m1", "status": "arrived"}).encode()
    old = hmac.new(SECRET.encode(), f"{int(time.time()) - 60}.".encode() + body, "sha256").hexdigest()

    assert report(client, body=body, signed=old).status_code == 403


def test_without_a_secret_there_is_no_such_page(client, sent, settings):
    settings.SMS_RECEIPT_SECRET = ""
    assert report(client).status_code == 404


def test_it_is_only_posted_to(client):
    assert client.get(URL).status_code == 405


def test_a_report_about_a_message_that_is_none_of_ours_is_heard(client, sent):
    assert report(client, message="a code for signing in").status_code == 200
    assert known(sent) == ""


def test_a_report_that_is_faster_than_we_is_caught_up_with(client, sent):
    Delivery.objects.update(provider_id="", state="waiting")
    report(client)
    sending.sent(Delivery, [sent.pk], what="sms", provider_id="m1")
    receipts.catch_up(Channel.SMS, "m1")

    assert known(sent) == "arrived"


def test_a_dead_number_gets_no_more_and_its_owner_reads_so(client, sent, asha):
    report(client, "dead")
    report(client, "dead", ident="r2")

    assert (known(sent), Unreachable.objects.get().person) == (Fate.DEAD, asha)
    assert list(Notification.objects.exclude(pk=sent.notification_id).values_list("event", "person")) == [
        ("sms came back", asha.pk)
    ]
