"""What a citizen reads: the first clauses, the rest on demand, all of it without JavaScript, each clause by itself."""

import gzip
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commons.activities import lifecycle
from commons.activities.models import Activity
from consultations import drafting, reading
from consultations.models import Clause, Consultation, Document, Step
from tests.consultations.conftest import LAW, both, brought


def long_law(rules: int) -> str:
    text = "Every child present in a school is served one hot meal on each school day, and nobody is turned away. " * 4
    return "\n\n".join(f"## {n}. Rule number {n}\n\n(1) {text}\n\n(2) {n} {text}" for n in range(1, rules + 1))


@pytest.fixture
def busy(make_consultation) -> Consultation:
    """500 clauses, and 100,000 responses in their counters."""
    made = make_consultation("long-law", text=long_law(500))
    Clause.objects.filter(consultation=made).update(support_count=100, oppose_count=50, amend_count=40, ask_count=10)
    return made


def test_the_page_says_what_it_is_about_and_shows_the_clauses_with_their_items(client, consultation):
    Document.objects.create(consultation=consultation, title=both("The Act"), link="https://example.org/act")
    Step.objects.create(consultation=consultation, name="draft", day=timezone.now().date())
    page = client.get(consultation.get_absolute_url()).content.decode()
    for words in (
        "Every child eats.",
        "The Act",
        "Draft for comments",
        "Short title",
        "a hot cooked meal",
        "<td>700</td>",
    ):
        assert words in page
    for clause in consultation.clauses.all():
        assert f'id="c{clause.pk}"' in page


def test_it_is_there_in_hindi_too(client, consultation):
    page = client.get("/hi" + consultation.get_absolute_url()).content.decode()
    assert "विद्यालय भोजन नियम" in page
    assert 'lang="en"' in page  # the text itself is English, and says so


def test_the_rest_comes_on_demand_and_no_clause_is_missing(client, busy):
    url = busy.get_absolute_url()
    seen, at = [], 0
    while at is not None:
        response = client.get(f"{url}?from={at}", headers={"hx-request": "true"} if at else {})
        seen += [row.clause_id for row in response.context["part"].rows]
        at = response.context["part"].after
    assert seen == list(busy.drafts.get().wordings.order_by("position").values_list("clause_id", flat=True))


def test_without_javascript_the_whole_text_is_one_page(client, busy):
    page = client.get(busy.get_absolute_url() + "?all=1")
    assert len(page.context["part"].rows) == 1500
    assert page.context["part"].after is None


@pytest.mark.parametrize("who", ["nobody", "asha", "meera"])
def test_a_page_asks_ten_times_at_most_whatever_the_counts(who, client, consultation, busy, request):
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))
    asked = []
    for one in (consultation, busy):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(one.get_absolute_url()).status_code == 200
        asked.append(len(queries))
    assert asked == {"nobody": [6, 6], "asha": [10, 10], "meera": [15, 15]}[who]


def test_the_first_screen_of_500_clauses_weighs_less_than_50_kilobytes(client, busy):
    body = client.get(busy.get_absolute_url()).content
    assert len(gzip.compress(body, 6)) < 25 * 1024  # style, scripts and htmx are 25 more


def test_a_clause_has_a_page_with_what_it_lies_in_and_its_neighbours(client, consultation, label):
    url = f"{consultation.get_absolute_url()}clauses/{label('2(b)')}/"
    response = client.get(url)
    around = response.context["around"]
    assert [row.label for row in around.above] == ["2"]
    assert [row.label for row in around.rows] == ["2(b)", "2(b)(i)", "2(b)(ii)"]
    assert (around.previous.label, around.next.label) == ("1", "3")
    assert client.get("/hi" + url).status_code == 200


def test_the_clause_of_another_consultation_is_not_found_here(client, consultation, make_consultation, label):
    other = make_consultation("other-rules")
    assert client.get(f"{other.get_absolute_url()}clauses/{label('1')}/").status_code == 404


def test_a_clause_that_is_gone_is_shown_as_it_was(client, consultation, label, meera):
    old = label("3")
    draft = brought(consultation, meera, LAW.replace(LAW[LAW.index("## 3") : LAW.index("## First")], ""), stage="final")
    type(draft).objects.filter(pk=draft.pk).update(published_at=timezone.now())
    response = client.get(f"{consultation.get_absolute_url()}clauses/{old}/")
    assert response.status_code == 200
    assert "no longer has this clause" in response.content.decode()


def test_a_search_finds_clauses_with_every_word(client, consultation):
    found = client.get(consultation.get_absolute_url() + "?q=kitchen+schools").context["found"]
    assert [row.label for row in found] == ["2(b)(ii)"]
    assert "No clause has these words" in client.get(consultation.get_absolute_url() + "?q=zebra").content.decode()


def test_the_copy_to_keep_is_one_file_that_asks_for_nothing(client, consultation):
    response = client.get(consultation.get_absolute_url() + "offline/")
    body = response.content.decode()
    assert response["Content-Disposition"] == 'attachment; filename="school-meals-rules-1.html"'
    assert "<style>" in body
    assert "src=" not in body
    assert "<link" not in body
    assert all(f'id="c{clause.pk}"' in body for clause in consultation.clauses.all())


@pytest.mark.parametrize("asked", ["version=9", "version=x", "version=" + "9" * 99])
def test_a_version_that_does_not_exist_is_not_found(client, consultation, asked):
    assert client.get(f"{consultation.get_absolute_url()}?{asked}").status_code == 404


@pytest.mark.parametrize("asked", ["from=99999999", "from=x", "from=" + "9" * 400, "from=-1", "all=2", "q=%25_"])
def test_odd_addresses_show_the_page(client, consultation, asked):
    assert client.get(f"{consultation.get_absolute_url()}?{asked}").status_code == 200


def test_a_draft_is_seen_by_its_own_officials_only(client, make_consultation, meera, dev, asha):
    made = make_consultation(state="draft")
    for person, status in ((meera, 200), (dev, 404), (asha, 404)):
        client.force_login(person)
        assert client.get(made.get_absolute_url()).status_code == status


def test_it_cannot_be_submitted_without_a_text_a_note_and_thirty_days(make_consultation, meera):
    made = make_consultation(
        state="draft",
        text="",
        note=both("").__class__({}),
        opens_at=None,
        published_at=None,
        closes_at=timezone.now() + timedelta(days=10),
    )
    with pytest.raises(ValidationError) as refused:
        lifecycle.submit_for_review(made, meera)
    assert set(refused.value.message_dict) == {"__all__", "note", "closes_at"}


def test_fewer_than_thirty_days_need_a_signed_reason(make_consultation, meera, arjun):
    made = make_consultation(
        state="draft", opens_at=None, published_at=None, closes_at=timezone.now() + timedelta(days=10)
    )
    with pytest.raises(ValidationError):
        lifecycle.submit_for_review(made, meera)
    drafting.sign_shorter(made, arjun, both("The monsoon session begins."))
    lifecycle.submit_for_review(made, meera)
    lifecycle.publish(made, arjun)
    assert Consultation.objects.get(pk=made.pk).short_signed_by == arjun


def test_a_signed_reason_stands_on_the_page(client, make_consultation, arjun):
    made = make_consultation(state="draft")
    drafting.sign_shorter(made, arjun, both("The monsoon session begins."))
    Activity.objects.filter(pk=made.pk).update(state="published")
    page = client.get(made.get_absolute_url()).content.decode()
    assert "The monsoon session begins." in page
    assert "Signed by Arjun" in page


def test_the_database_itself_refuses_a_short_window_without_a_signature(make_consultation):
    made = make_consultation(state="in_review", closes_at=timezone.now() + timedelta(days=10))
    with pytest.raises(DatabaseError, match="signed reason"), transaction.atomic():
        Activity.objects.filter(pk=made.pk).update(state="published")


def test_each_step_is_told_to_followers_once(consultation, asha):
    from commons.follows import following
    from consultations import steps
    from mygov.notifications import telling
    from mygov.notifications.models import Notification

    following.follow(asha, consultation)
    today = timezone.now().astimezone().date()
    for name, day in (("draft", today), ("analysis", today), ("final", today + timedelta(days=30))):
        Step.objects.create(consultation=consultation, name=name, day=day)
    assert (steps.announce(), steps.announce()) == (2, 0)
    while telling.expand() == 100:
        pass
    assert [told.person for told in Notification.objects.filter(event="consultation step")] == [asha]


def test_a_part_goes_on_where_it_stopped(busy):
    draft = busy.drafts.get()
    first = reading.part(draft)
    second = reading.part(draft, first.after)
    assert [row.number for row in second.rows if row.depth == 0] == [str(n) for n in range(13, 25)]
    assert second.before
