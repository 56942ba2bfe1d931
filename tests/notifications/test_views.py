"""A person's notifications: theirs only, newest first, marked read by one press."""

import pytest
from django.utils import timezone

from mygov.notifications.models import Notification


@pytest.fixture
def told(asha, bilal, discussion):
    def make(n: int, person=asha) -> None:
        Notification.objects.bulk_create(
            Notification(
                person=person, event="reply", key=f"k{person.pk}-{i}", path=f"/comments/{i}/", activity=discussion
            )
            for i in range(n)
        )

    return make


def test_one_sees_ones_own_only(told, asha, bilal, client):
    told(2)
    told(1, bilal)
    client.force_login(asha)

    assert len(client.get("/notifications/").context["rows"]) == 2


def test_in_hindi_they_lead_to_hindi_pages(told, asha, client):
    told(1)
    client.force_login(asha)

    assert 'href="/hi/comments/0/"' in client.get("/hi/notifications/").content.decode()


def test_one_press_marks_all_as_read_and_nobody_elses(told, asha, bilal, client):
    told(2)
    told(1, bilal)
    client.force_login(asha)

    assert client.post("/notifications/reading/")["Location"] == "/notifications/"
    assert [told.read_at is None for told in Notification.objects.order_by("id")] == [False, False, True]


@pytest.mark.parametrize(("n", "shown"), [(0, ""), (3, "3"), (99, "99"), (150, "99+")])
def test_the_bell_says_how_many_wait(told, asha, client, n, shown):
    from django.template import Context, Template
    from django.test import RequestFactory

    told(n)
    request = RequestFactory().get("/")
    request.user = asha

    assert Template("{% unread_count %}").render(Context({"request": request})) == shown


def test_whoever_is_not_signed_in_is_asked_to(client, db):
    assert client.get("/notifications/").status_code == 302
    assert client.post("/notifications/reading/").status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_with_one_row_and_three(told, asha, client, rows, django_assert_num_queries):
    told(rows)
    Notification.objects.update(read_at=timezone.now())
    client.force_login(asha)
    with django_assert_num_queries(4):
        client.get("/notifications/")
