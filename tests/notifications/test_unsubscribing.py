"""One press in the mail program stops the mail, without signing in; looking at the page changes nothing."""

from email import message_from_bytes
from email.policy import SMTP
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.test import Client

from commons.people.models import User
from mygov.notifications import delivering, digests, preferences, telling, unsubscribing
from mygov.notifications.event_groups import EventGroup, Frequency
from mygov.notifications.models import Delivery, Digest, Preference
from mygov.notifications.recipients import Told
from tests.notifications.test_digests import at

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def reachable(asha):
    EmailAddress.objects.create(user=asha, email=asha.email, verified=True, primary=True)


@pytest.fixture
def provider() -> Client:
    """A mail program's server: no cookies, no token."""
    return Client(enforce_csrf_checks=True)


def tell(person, event: str, key: str = "k") -> None:
    telling.write((Told(person.pk, event, key, "/groups/"),))


def path_in(mail) -> str:
    """The address in the mail's header, as it is sent over the wire."""
    raw = message_from_bytes(mail.message(policy=SMTP).as_bytes())
    assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = raw["List-Unsubscribe"]
    assert (url[0], url[-1]) == ("<", ">")
    assert url[1:-1] in mail.body
    assert url[1:-1] in mail.alternatives[0][0]
    return urlsplit(url[1:-1]).path


def frequency(person, group) -> str:
    return preferences.choices([person.pk])[person.pk][group]


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_address_in_a_mail_stops_its_group_and_no_other(asha, provider, mailoutbox, language):
    User.objects.filter(pk=asha.pk).update(language=language)
    tell(asha, "reply")
    delivering.send_due()
    path = path_in(mailoutbox[0])
    assert path.startswith("/hi/") == (language == "hi")

    assert provider.post(path, ONE_CLICK).status_code == 200
    assert frequency(asha, EventGroup.REPLIES) == "never"
    assert list(Preference.objects.values_list("group", flat=True)) == ["replies"]
    tell(asha, "reply", "another")
    assert delivering.send_due() == 0


@pytest.mark.usefixtures("reachable")
def test_the_address_in_a_digest_stops_all_digests_and_nothing_immediate(asha, provider, mailoutbox):
    preferences.choose(asha, {EventGroup.ANSWERS: Frequency.WEEKLY})
    tell(asha, "changed")
    digests.build(at(18))
    digests.send_due()

    assert provider.post(path_in(mailoutbox[0]), ONE_CLICK).status_code == 200
    assert preferences.choices([asha.pk])[asha.pk] == {
        EventGroup.REPLIES: "now", EventGroup.DECISIONS: "now", EventGroup.WORK: "now",
        EventGroup.ANSWERS: "never", EventGroup.REST: "never",
    }  # fmt: skip


@pytest.mark.usefixtures("reachable")
def test_what_waits_already_is_not_sent_either(asha, provider):
    tell(asha, "changed", "a")
    digests.build(at(18))
    tell(asha, "changed", "b")
    tell(asha, "reply", "c")
    for what in (unsubscribing.DIGESTS, EventGroup.REPLIES):
        provider.post(urlsplit(unsubscribing.address(asha, what)).path, ONE_CLICK)

    assert [delivering.send_due(), digests.send_due(), digests.build(at(23))] == [0, 0, 0]
    assert [Delivery.objects.get().error, Digest.objects.get().error] == ["no longer wanted"] * 2


def test_looking_changes_nothing_and_shows_a_button(asha, provider):
    path = urlsplit(unsubscribing.address(asha, EventGroup.REPLIES)).path
    for look in (provider.get, provider.head):
        assert look(path).status_code == 200
    page = provider.get(path)

    assert not Preference.objects.exists()
    assert '<form method="post"><button class="button">Stop this mail</button></form>' in page.content.decode()
    assert "Replies to you" in page.content.decode()
    assert "asha" not in page.content.decode().lower()
    assert (page["Cache-Control"], dict(page.cookies)) == ("private, no-store", {})


def test_the_button_works_and_once_more_is_harmless(asha, provider):
    path = urlsplit(unsubscribing.address(asha, EventGroup.REPLIES)).path
    answers = [provider.post(path) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Stopped: you will get no more mail of this kind: Replies to you." in answers[1].content.decode()
    assert Preference.objects.count() == 1


def test_it_stops_the_mail_of_the_token_whoever_is_signed_in(asha, bilal, client):
    client.force_login(bilal)
    client.post(urlsplit(unsubscribing.address(asha, EventGroup.REPLIES)).path)

    assert [frequency(person, EventGroup.REPLIES) for person in (asha, bilal)] == ["never", "now"]


def test_a_token_that_is_not_ours_is_not_found_and_changes_nothing(asha, provider):
    good = unsubscribing.token(asha, EventGroup.REPLIES)
    other = signing.Signer(salt="something else").sign_object([asha.pk, EventGroup.REPLIES])
    for token in (good[:-1], good[1:], other, "x", f"{asha.pk}:replies"):
        path = f"/notifications/unsubscribe/{token}/"
        assert [provider.get(path).status_code, provider.post(path, ONE_CLICK).status_code] == [404, 404]
    assert not Preference.objects.exists()


def test_the_token_of_somebody_who_is_gone_is_not_found(bilal, provider):
    path = urlsplit(unsubscribing.address(bilal, EventGroup.REPLIES)).path
    bilal.delete()

    assert provider.post(path, ONE_CLICK).status_code == 404


def test_other_ways_of_asking_are_refused(asha, provider):
    path = urlsplit(unsubscribing.address(asha, EventGroup.REPLIES)).path
    assert [provider.put(path).status_code, provider.delete(path).status_code] == [405, 405]
    assert not Preference.objects.exists()
