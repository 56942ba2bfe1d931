"""What a mail provider reports by its signed webhook: dead addresses get no more mail, and their owners read so."""

import hashlib
import hmac
import json
import time

import pytest
from allauth.account.models import EmailAddress
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.core.handlers.exception import convert_exception_to_response
from django.test import RequestFactory

from mygov.notifications import delivering, preferences, telling, unreachable, webhook_urls
from mygov.notifications.channels import Channel
from mygov.notifications.event_groups import EventGroup, Frequency
from mygov.notifications.models import Delivery, Digest, Notification, Unreachable
from mygov.notifications.recipients import Told

KEY = "signing key"


@pytest.fixture
def reachable(asha, bilal):
    for person in (asha, bilal):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)


def tell(person, *keys: str, event: str = "reply") -> None:
    telling.write(tuple(Told(person.pk, event, key, "/groups/") for key in keys))


def provider_says(what: str, to: str = "asha@example.org", **more) -> None:
    event = AnymailTrackingEvent(event_type=what, recipient=to, **more)
    tracking.send(sender=None, event=event, esp_name="Mailgun")


def bounce(to: str = "asha@example.org") -> None:
    provider_says(EventType.BOUNCED, to, reject_reason=RejectReason.BOUNCED)


@pytest.mark.usefixtures("reachable")
def test_a_dead_address_gets_nothing_more_and_its_owner_reads_so_once(asha, bilal, mailoutbox):
    tell(asha, "a")
    tell(asha, "b", event="changed")
    digest = Digest.objects.create(person=asha, period="daily", day="2026-11-24")
    bounce("ASHA@example.org")
    bounce()
    tell(asha, "c")
    tell(bilal, "c")

    assert delivering.send_due() == 1
    assert [mail.to for mail in mailoutbox] == [[bilal.email]]
    digest.refresh_from_db()
    assert (digest.state, digest.error) == ("failed", "address is dead")
    assert not Notification.objects.for_digests().exists()
    assert Notification.objects.filter(event="mail came back").count() == 1


@pytest.mark.usefixtures("reachable")
def test_a_new_address_is_written_to_again(asha):
    bounce()
    asha.email = "asha.new@example.org"
    asha.save()
    tell(asha, "a")

    assert Delivery.objects.filter(state="waiting").exists()
    assert unreachable.channels_of(asha) == []


@pytest.mark.usefixtures("reachable")
def test_the_settings_say_so_and_one_press_tries_again(asha, client):
    bounce()
    client.force_login(asha)
    page = client.get("/notifications/settings/").content.decode()
    assert "Mail to asha@example.org came back" in page

    assert client.post("/notifications/settings/again/", {"channel": "mail"})["Location"] == "/notifications/settings/"
    assert "came back" not in client.get("/notifications/settings/").content.decode()
    tell(asha, "a")
    assert Delivery.objects.filter(state="waiting").exists()


@pytest.mark.parametrize("channel", ["", "pigeon"])
def test_only_a_channel_there_is_can_be_tried_again(asha, client, channel):
    client.force_login(asha)
    assert client.post("/notifications/settings/again/", {"channel": channel}).status_code == 404


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (EventType.DEFERRED, None),
        (EventType.BOUNCED, RejectReason.OTHER),
        (EventType.OPENED, None),
        (EventType.QUEUED, None),
    ],
)
def test_what_says_nothing_about_the_address_changes_nothing(what, reason):
    provider_says(what, reject_reason=reason)

    assert not Unreachable.objects.exists()


def test_a_bounce_of_nobodys_address_is_heard(db):
    bounce("nobody@example.org")
    assert not Unreachable.objects.exists()


@pytest.mark.usefixtures("reachable")
def test_whoever_calls_it_spam_gets_no_more_mail(asha):
    provider_says(EventType.COMPLAINED)

    assert set(preferences.choices([asha.pk])[asha.pk].values()) == {Frequency.NEVER}
    assert set(preferences.choices([asha.pk])[asha.pk]) == set(EventGroup)


@pytest.mark.usefixtures("reachable")
def test_what_arrived_is_known_and_does_not_go_backwards(asha):
    tell(asha, "a")
    delivering.send_due()
    name = Delivery.objects.get().provider_id
    for what in (EventType.DELIVERED, EventType.FAILED):
        provider_says(what, message_id=f"<{name}>")

    assert Delivery.objects.get().receipt == "arrived"


def press(body: dict, key: str = KEY) -> int:
    """Mailgun's own webhook, as anymail reads it."""
    [page] = webhook_urls.of_provider("mailgun")
    stamp, token = str(int(time.time())), "t" * 50
    proof = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    body = {"signature": {"timestamp": stamp, "token": token, "signature": proof}, "event-data": body}
    asked = RequestFactory().post("/", json.dumps(body), content_type="application/json")
    return convert_exception_to_response(page.callback)(asked).status_code


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize(("key", "status", "dead"), [(KEY, 200, 1), ("forged", 400, 0)])
def test_a_signed_webhook_is_heard_and_a_forged_one_is_not(settings, key, status, dead):
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    failed = {
        "event": "failed", "severity": "permanent", "reason": "bounce", "recipient": "asha@example.org",
        "timestamp": time.time(), "message": {"headers": {"message-id": "x@y"}}, "delivery-status": {"code": 550},
    }  # fmt: skip

    assert press(failed, key) == status
    assert Unreachable.objects.filter(channel=Channel.MAIL).count() == dead


def test_only_the_providers_own_webhook_is_there():
    assert [str(one.pattern) for one in webhook_urls.of_provider("postmark")] == ["mail/postmark/tracking/"]
    assert webhook_urls.of_provider("") == []
