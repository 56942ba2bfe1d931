"""A person's notifications: theirs only, newest first, marked read by one press."""

import pytest

from commons.comments import writing
from mygov.notifications import telling
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

    mine = Notification.objects.get()
    assert f'href="/hi/notifications/{mine.pk}/"' in client.get("/hi/notifications/").content.decode()
    assert client.get(f"/hi/notifications/{mine.pk}/")["Location"] == "/hi/comments/0/"


def test_opening_leads_to_the_very_comment_and_marks_it_read(asha, bilal, discussion, client):
    root = writing.write(discussion, asha, "Eggs.")
    reply = writing.write(discussion, bilal, "And bananas.", parent=root)
    telling.expand()
    mine = Notification.objects.get(person=asha)
    client.force_login(asha)

    answer = client.get(f"/notifications/{mine.pk}/", follow=True)
    mine.refresh_from_db()
    assert answer.redirect_chain[0][0] == f"/comments/{reply.pk}/#c{reply.pk}"
    assert f'id="c{reply.pk}"' in answer.content.decode()
    assert mine.read_at


def test_an_officials_leads_into_the_admin_in_every_language(asha, client):
    mine = Notification.objects.create(person=asha, event="submitted", key="k", path="/admin/")
    client.force_login(asha)
    assert client.get(f"/hi/notifications/{mine.pk}/")["Location"] == "/admin/"


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("post", "reading/")])
def test_nobody_opens_or_marks_what_somebody_else_was_told(told, asha, bilal, client, method, path):
    told(1, bilal)
    others = Notification.objects.get()
    client.force_login(asha)

    assert getattr(client, method)(f"/notifications/{others.pk}/{path}").status_code == 404
    others.refresh_from_db()
    assert others.read_at is None


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_one_is_marked_as_read_without_opening_it(told, asha, client, headers):
    told(2)
    first = Notification.objects.earliest("id")
    client.force_login(asha)

    for _twice in range(2):
        answer = client.post(f"/notifications/{first.pk}/reading/", headers=headers)
        if headers:
            page = answer.content.decode()
            assert (answer.status_code, "unread" in page, "Mark as read" in page) == (200, False, False)
        else:
            assert answer["Location"] == "/notifications/"
    assert [told.read_at is None for told in Notification.objects.order_by("id")] == [False, True]


def test_the_bell_asks_once_and_gets_nothing_until_something_changes(told, asha, client, django_assert_num_queries):
    told(2)
    client.force_login(asha)
    first = client.get("/notifications/unread/")
    assert (first.status_code, "2" in first.content.decode()) == (200, True)
    assert first["Cache-Control"] == "private, no-store"

    known = {"If-None-Match": first["ETag"]}
    with django_assert_num_queries(3):  # session, person, the bounded index
        again = client.get("/notifications/unread/", headers=known)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])

    Notification.objects.mark_read()
    changed = client.get("/notifications/unread/", headers=known)
    assert (changed.status_code, changed["ETag"] != first["ETag"], "dot" in changed.content.decode()) == (
        200,
        True,
        False,
    )


def test_the_bell_in_another_language_is_another(told, asha, client):
    told(1)
    client.force_login(asha)
    english = client.get("/notifications/unread/")
    assert client.get("/hi/notifications/unread/", headers={"If-None-Match": english["ETag"]}).status_code == 200


def test_every_page_says_where_its_bell_asks(told, asha, client):
    client.force_login(asha)
    assert 'data-unread="/hi/notifications/unread/"' in client.get("/hi/groups/").content.decode()


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
    for url in ("/notifications/", "/notifications/1/", "/notifications/unread/"):
        assert client.get(url)["Location"].startswith("/accounts/login/")
    for url in ("/notifications/reading/", "/notifications/1/reading/"):
        assert client.post(url)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_with_one_row_and_three(told, asha, client, rows, django_assert_num_queries):
    told(rows)
    client.force_login(asha)
    with django_assert_num_queries(4):
        client.get("/notifications/")
