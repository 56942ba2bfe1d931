"""A matrix is published: five people, each with another way to be reached, get the answer to what they said."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from commons.activities.models import Contribution
from commons.core import clock
from commons.people.models import User
from consultations import matrix, responding
from consultations.models import MatrixRow
from mygov.demo.models import OutboxMessage
from mygov.notifications import delivering, preferences, telling
from mygov.notifications.event_groups import EventGroup
from tests.cast import person
from tests.consultations.conftest import both, closed
from tests.notifications.test_habits import india

SECRET = "Our cook told me that the rice is sold behind the school."  # noqa: S105 - what must stay between two
ANSWER = {"en": "Meals are served at noon from now on.", "hi": "अब से भोजन दोपहर बारह बजे मिलेगा।"}
WHOLE = {"en": "Thank you: two officers look into it.", "hi": "धन्यवाद: दो अधिकारी इसे देखते हैं।"}


def by_mail(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def people(asha, bilal) -> dict[str, User]:
    by_sms = person("ravi", phone="+919876543210", phone_verified_at=timezone.now())
    User.objects.filter(pk=by_sms.pk).update(email=None)
    preferences.choose_sms(by_sms, {EventGroup.DECISIONS: True})
    return {
        "mail": by_mail(asha), "sms": User.objects.get(pk=by_sms.pk), "hindi": by_mail(person("sita", language="hi")),
        "organisation": by_mail(bilal), "confidential": by_mail(person("gita")),
    }  # fmt: skip


@pytest.fixture
def said(consultation, people, answer):
    for who in ("mail", "sms", "hindi"):  # Sita answers on an English page; her language is Hindi all the same
        answer(people[who], stance="oppose", body=f"One o'clock is too late, I say by {who}.")
    responding.submit(
        consultation, people["organisation"], by="organisation", organisation="Parents' Union", interest="900 parents",
        body="Meals keep children in school.",
    )  # fmt: skip
    responding.submit(consultation, people["confidential"], by="person", body=SECRET, confidential=True)
    return closed(consultation)


@pytest.fixture
def told(said, label, meera, arjun, monkeypatch, settings) -> None:
    """The matrix is written, published, and everything it sends has gone out by day."""
    settings.MAILERS = {"default": {"BACKEND": "mygov.demo.outbox.OutboxMailBackend"}}
    for clause, words, decision in ((label("3"), ANSWER, "accepted"), (None, WHOLE, "in_part")):
        made = MatrixRow(
            consultation=said, clause_id=clause, summary=both("Too late."), response=both(**words), decision=decision
        )
        matrix.write_row(made, meera)
    matrix.publish(said, arjun)
    assert matrix.tell_all() == 5
    while telling.expand():
        pass
    monkeypatch.setattr(clock, "now", lambda: india(12))
    while delivering.send_due():
        pass


@pytest.fixture
def line(people) -> Callable[[str], Contribution]:
    return lambda who: Contribution.objects.get(person=people[who])


def message(who: User, channel: str = "mail") -> OutboxMessage:
    """The one that brings the answer."""
    found = OutboxMessage.objects.filter(channel=channel, recipient=who.email if channel == "mail" else who.phone)
    return next(one for one in found if "impact" in one.body or channel == "sms")


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("who", "heading", "words"),
    [
        ("mail", "What you said: Adopted.", ANSWER["en"]), ("hindi", "अपनाया गया", ANSWER["hi"]),
        ("organisation", "What you said: Adopted in part.", WHOLE["en"]),
        ("confidential", "What you said: Adopted in part.", WHOLE["en"]),
    ],
)  # fmt: skip
def test_the_mail_brings_the_answer_with_the_reference_number(people, line, who, heading, words):
    mail = message(people[who])
    prefix = "/hi" if who == "hindi" else ""
    assert heading in mail.subject
    for body in (mail.body, mail.html):
        assert words in body
        assert line(who).reference in body.partition("/impact/mine/")[0]  # said in words, not only in the address
        assert f"http://testserver{prefix}/impact/mine/?reference={line(who).reference}#{line(who).reference}" in body


@pytest.mark.usefixtures("told")
def test_whoever_has_a_phone_only_gets_the_decision_and_its_number_by_sms(people, line):
    text = message(people["sms"], "sms")
    assert text.body.startswith(f"MyGov: what you said ({line('sms').reference}): Adopted. http://testserver/")
    assert not OutboxMessage.objects.filter(channel="mail", recipient__startswith="ravi").exists()
    assert OutboxMessage.objects.filter(channel="sms").count() == 1


@pytest.mark.usefixtures("told")
def test_a_hindi_sms_says_it_in_hindi(people, line):
    """The same text as it is registered in Hindi."""
    preferences.choose_sms(people["hindi"], {EventGroup.DECISIONS: True})
    User.objects.filter(pk=people["hindi"].pk).update(phone="+919876543211", phone_verified_at=timezone.now())
    notified = people["hindi"].notifications.get(event="disposed")
    notified.key, notified.pk = "again", None
    telling.ways.write([notified])
    assert delivering.send_due() >= 1
    text = OutboxMessage.objects.get(recipient="+919876543211").body
    assert line("hindi").reference in text
    assert "अपनाया गया" in text
    assert "Adopted" not in text


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("who", "prefix", "words"),
    [
        ("mail", "", ANSWER["en"]), ("sms", "", ANSWER["en"]), ("hindi", "/hi", ANSWER["hi"]),
        ("organisation", "", WHOLE["en"]), ("confidential", "", WHOLE["en"]),
    ],
)  # fmt: skip
def test_my_impact_shows_it_to_whoever_said_it(client, people, line, who, prefix, words):
    client.force_login(people[who])
    page = client.get(f"{prefix}/impact/mine/").content.decode()
    assert f'id="{line(who).reference}"' in page
    assert words in page
    assert page.count('class="chip') >= 1


@pytest.mark.usefixtures("told")
def test_what_is_confidential_is_in_no_mail_and_on_no_public_page(said, line):
    assert not OutboxMessage.objects.filter(body__contains="rice is sold").exists()
    for url in (
        f"/consultations/{said.slug}/matrix/", f"/consultations/{said.slug}/submissions/", f"/impact/?activity={said.slug}",
        f"/track/?reference={line('confidential').reference}",
    ):  # fmt: skip
        page = Client().get(url)
        assert page.status_code == 200
        assert "rice is sold" not in page.content.decode()


@pytest.mark.usefixtures("told")
def test_the_same_again_tells_nobody_twice(said):
    before = OutboxMessage.objects.count()
    matrix.tell(said)
    assert telling.expand() == 0
    assert delivering.send_due() == 0
    assert OutboxMessage.objects.count() == before
