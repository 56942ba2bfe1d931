"""The whole life of an activity through the admin's pages, as meera writes and arjun approves."""

import pytest
from django.urls import reverse

from commons.activities.models import Activity
from commons.audit.models import Entry
from discussions.models import Discussion
from tests.admin.forms import fields_of

pytestmark = pytest.mark.django_db

ADD = "/admin/discussions/discussion/add/"


def page(discussion: Activity, verb: str = "change") -> str:
    return reverse(f"admin:discussions_discussion_{verb}", args=[discussion.pk])


@pytest.fixture
def as_meera(client, meera):
    client.force_login(meera)
    return client


@pytest.fixture
def as_arjun(client_of, arjun):
    return client_of(arjun)


@pytest.fixture
def client_of():
    from django.test import Client

    def made(person):
        client = Client()
        client.force_login(person)
        return client

    return made


TYPED = {
    "title_0": "How heavy may a school bag be?", "title_1": "बस्ता कितना भारी हो?",
    "summary_0": "Tell us what children carry.", "summary_1": "बताइए बच्चे क्या उठाते हैं।",
    "promise_0": "We will set a limit.", "promise_1": "हम सीमा तय करेंगे।",
    "closes_at_0": "2999-03-12", "closes_at_1": "",
}  # fmt: skip


def write(client, **changes):
    form = fields_of(client.get(ADD), "discussion_form")
    return client.post(ADD, {**form, **TYPED, **changes})


@pytest.fixture
def draft(as_meera) -> Discussion:
    write(as_meera, _continue="1")
    return Discussion.objects.get()


@pytest.fixture
def waiting(as_meera, draft) -> Discussion:
    as_meera.post(page(draft, "submit"))
    draft.refresh_from_db()
    assert draft.state == "in_review"
    return draft


def test_a_draft_gets_its_address_from_the_english_title_and_closes_late_in_the_evening(draft, meera, education):
    assert draft.slug == "how-heavy-may-a-school-bag-be"
    assert draft.closes_at.isoformat() == "2999-03-12T18:15:00+00:00"  # 11:45 pm IST
    assert (draft.state, draft.author, draft.institution) == ("draft", meera, education)


def test_approving_publishes(as_arjun, waiting, arjun):
    shown = as_arjun.get(page(waiting, "publish"))
    assert "बस्ता कितना भारी हो?" in shown.content.decode()
    answer = as_arjun.post(page(waiting, "publish"), fields_of(shown))
    assert (answer.status_code, answer["Location"]) == (302, page(waiting))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.approver) == ("published", arjun)
    assert list(Entry.objects.filter(activity_id=waiting.pk).order_by("id").values_list("verb", flat=True)) == [
        "activity.write", "activity.submit", "activity.publish",
    ]  # fmt: skip


def test_pages_show(as_meera, as_arjun, waiting):
    assert as_meera.get("/admin/").status_code == 200
    assert "How heavy may" in as_arjun.get("/admin/").content.decode()
    for url in (page(waiting), page(waiting, "history"), "/admin/discussions/discussion/"):
        assert as_arjun.get(url).status_code == 200
