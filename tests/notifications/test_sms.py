"""What goes by SMS: chosen groups only, to proved numbers only, in registered words, not at night, not too often."""

import pytest
from django.db import IntegrityError

from commons.core import clock
from commons.people import sms
from mygov.demo.models import OutboxMessage
from mygov.notifications import channels, checks, delivering, preferences, telling
from mygov.notifications.channels import Channel
from mygov.notifications.event_groups import EventGroup
from mygov.notifications.models import Breaker, Delivery, Notification
from mygov.notifications.recipients import Told
from tests.notifications.test_habits import india
from tests.notifications.test_preferences import URL, post


@pytest.fixture
def by_sms(asha):
    """Asha's number is proved, and she wants an SMS of answers."""
    asha.phone, asha.phone_verified_at, asha.language = "+919876543210", clock.now(), "hi"
    asha.save()
    preferences.choose_sms(asha, {EventGroup.ANSWERS: True})


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: india(12))


def tell(person, *keys: str, event: str = "official answer") -> None:
    telling.write(tuple(Told(person.pk, event, key, "/groups/") for key in keys))


def texts() -> list[tuple[str, str]]:
    return list(OutboxMessage.objects.filter(channel="sms").order_by("id").values_list("recipient", "body"))


@pytest.mark.usefixtures("by_sms")
def test_a_chosen_event_comes_once_in_the_persons_language_with_a_link_that_leads_on(asha):
    tell(asha, "a")
    tell(asha, "a")
    told = Notification.objects.get()

    assert [delivering.send_due(), delivering.send_due()] == [1, 0]
    [(number, words)] = texts()
    assert number == asha.phone
    assert words.endswith(f"http://testserver/hi/notifications/{told.pk}/")
    sent = Delivery.objects.get()
    assert (sent.channel, sent.state, sent.header, sent.template) == ("sms", "sent", "MYGOVT", "demo")
    assert sent.provider_id == str(OutboxMessage.objects.get().pk)


@pytest.mark.usefixtures("by_sms")
def test_what_was_not_chosen_what_one_merely_follows_and_other_people_get_none(asha, bilal):
    tell(asha, "a", event="reply")
    tell(asha, "b", event="changed")
    tell(bilal, "c")

    assert not Delivery.objects.exists()


@pytest.mark.usefixtures("by_sms")
@pytest.mark.parametrize("without", [{"phone_verified_at": None}, {"phone": None}, {"is_active": False}])
def test_without_a_proved_number_or_account_none_comes(asha, without):
    for name, value in without.items():
        setattr(asha, name, value)
    asha.save()
    tell(asha, "a")

    assert not Delivery.objects.exists()


@pytest.mark.usefixtures("by_sms")
def test_at_night_it_waits_for_the_morning_and_chosen_quiet_hours_go_before(asha, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: india(22))
    tell(asha, "a")
    assert delivering.send_due() == 0
    assert Delivery.objects.get().next_try_at == india(8, day=25)

    preferences.choose_habits(asha, quiet_from=1, quiet_until=2)
    Delivery.objects.update(next_try_at=india(1, day=1).replace(year=2020))
    assert delivering.send_due() == 1


@pytest.mark.usefixtures("by_sms")
def test_over_the_days_most_none_comes_and_the_portal_tells(asha, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: india(12).replace(year=2020))  # all that is written now is of "today"
    monkeypatch.setitem(channels.MOST_A_DAY, Channel.SMS, 2)
    tell(asha, "a", "b", "c")
    tell(asha, "d")

    assert (Delivery.objects.count(), Notification.objects.count()) == (2, 4)


@pytest.mark.usefixtures("by_sms")
def test_switched_off_what_waits_is_no_longer_sent(asha):
    tell(asha, "a")
    preferences.choose_sms(asha, {EventGroup.ANSWERS: False})

    assert delivering.send_due() == 0
    assert Delivery.objects.get().error == "no longer wanted"


@pytest.mark.usefixtures("by_sms")
def test_stopping_mail_leaves_sms_as_it_is(asha):
    preferences.choose(asha, {EventGroup.ANSWERS: preferences.Frequency.NEVER})

    assert preferences.sms_choices([asha.pk]) == {asha.pk: {EventGroup.ANSWERS}}


@pytest.mark.parametrize("missing", ["header", "template"])
def test_the_database_refuses_an_sms_without_header_or_template(asha, missing):
    told = Notification.objects.create(person=asha, event="official answer", key="k", path="/")
    registered = {"header": "MYGOVT", "template": "1107"}
    with pytest.raises(IntegrityError, match="delivery_sms_registered"):
        Delivery.objects.create(notification=told, channel=Channel.SMS, **{**registered, missing: ""})


def test_without_registered_texts_nobody_is_told_or_asked(asha, by_sms, settings, client):
    settings.SMS_TEMPLATES = {}
    tell(asha, "a")
    client.force_login(asha)

    assert not Delivery.objects.exists()
    assert checks.registered_texts(None) == []
    assert "SMS" not in client.get(URL).content.decode().partition("<main")[2]


def test_a_forgotten_template_is_refused_at_the_start(settings):
    del settings.SMS_TEMPLATES["told_reply.hi"]
    [error] = checks.registered_texts(None)
    settings.SMS_TEMPLATES["told_reply.hi"] = "demo"

    assert "told_reply.hi" in error.msg
    assert checks.registered_texts(None) == []


class Refusing:
    needs_dlt = False
    error: type[Exception] = sms.Refused

    def send(self, phone, words, *, template_id, reference=""):
        raise self.error(reference)


@pytest.mark.usefixtures("by_sms")
@pytest.mark.parametrize(("error", "state", "failures"), [(sms.Refused, "failed", 0), (sms.NotSent, "waiting", 1)])
def test_a_refusal_is_for_good_and_no_fault_of_the_provider(asha, monkeypatch, error, state, failures):
    monkeypatch.setattr(sms, "gateway_named", lambda path: Refusing())
    monkeypatch.setattr(Refusing, "error", error)
    tell(asha, "a")
    delivering.send_due()

    kept = Delivery.objects.get()
    assert (kept.state, f"delivery-{kept.pk}" in kept.error) == (state, True)
    assert sum(Breaker.objects.values_list("failures", flat=True)) == failures


@pytest.mark.usefixtures("by_sms")
def test_the_page_shows_and_keeps_the_choice(asha, client):
    asha.language = "en"
    asha.save()
    client.force_login(asha)
    page = client.get(URL)
    assert 'aria-labelledby="row-answers column-sms"' in page.content.decode()
    assert {group: sms and sms.initial for group, sms in zip(page.context["form"].groups, [s for _m, s in page.context["form"].rows()], strict=True)} == {
        "replies": False, "decisions": False, "answers": True, "rest": None,
    }  # fmt: skip
    post(client, sms_replies="on")

    assert preferences.sms_choices([asha.pk]) == {asha.pk: {EventGroup.REPLIES}}


def test_whoever_has_no_proved_number_is_told_so(asha, client):
    client.force_login(asha)
    assert "Nothing comes by SMS until" in client.get(URL).content.decode()
