"""The pages of a decision on many cases, with and without htmx."""

import pytest

from mygov.moderation import jobs, reporting
from mygov.moderation.models import BulkDecision, Case
from tests.moderation.test_bulk import carry, draw

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"hx-request": "true"}}


@pytest.fixture
def cases(say, asha, bilal):
    return [reporting.report(say(bilal, f"Text {n}"), asha, "spam").case for n in range(3)]


@pytest.fixture
def desk(client, mod):
    client.force_login(mod)
    return client


def words(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_the_ticked_ones_become_a_preview(desk, cases, extra):
    data = {"what": "hide", "reason": "spam", "scope": "ticked", "cases": [cases[0].pk, cases[2].pk]}
    response = desk.post("/moderation/bulk/?reason=spam", data, **extra)

    made = BulkDecision.objects.get()
    assert response["HX-Redirect" if extra else "Location"] == f"/moderation/bulk/{made.pk}/"
    assert [item.case for item in made.items.order_by("case")] == [cases[0], cases[2]]
    page = words(desk.get(f"/moderation/bulk/{made.pk}/"))
    assert "Decide these 2 cases" in page
    assert ("Text 0" in page, "Text 1" in page) == (True, False)


def test_everything_that_fits_becomes_a_preview(desk, cases):
    desk.post("/moderation/bulk/?reason=spam", {"what": "approve", "scope": "all"})
    assert (BulkDecision.objects.get().total, BulkDecision.objects.get().asked) == (3, {"reason": "spam"})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"what": "approve", "scope": "ticked"}, "Tick the cases first"),
        ({"what": "hide", "scope": "all", "words": "My words"}, "Choose a reason."),
        ({"scope": "all", "words": "My words"}, "This field is required."),
        ({"what": "remove", "scope": "all"}, "Select a valid choice."),
        ({"what": "hide", "scope": "all", "reason": "nonsense"}, "Select a valid choice."),
        ({"what": "approve", "scope": "ticked", "cases": ["x", "-1", "9" * 40, "²"]}, "Tick the cases first"),
    ],
)
def test_what_is_wrong_is_said_in_the_queue_and_nothing_typed_is_lost(desk, cases, data, said):
    response = desk.post("/moderation/bulk/?reason=spam", data)

    assert (response.status_code, BulkDecision.objects.count()) == (422, 0)
    assert said in words(response)
    assert ("My words" in words(response)) == ("words" in data)
    assert 'action="/moderation/bulk/?reason=spam"' in words(response)


def test_what_was_ticked_stays_ticked(desk, cases):
    response = desk.post("/moderation/bulk/", {"what": "hide", "scope": "ticked", "cases": [cases[1].pk]})

    assert words(response).count("checked") == 3  # the case, what is decided, and on which
    assert f'value="{cases[1].pk}" form="bulk" checked' in words(response)


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_confirming_progress_result_and_taking_back(desk, cases, mod, extra):
    made = draw(mod)
    url = made.get_absolute_url()
    confirmed = desk.post(f"{url}confirmation/", **extra)
    assert confirmed.status_code == (200 if extra else 302)
    running = desk.get(url, **extra)
    assert "0 of 3" in words(running)
    assert ("<html" in words(running), 'hx-trigger="every 2s"' in words(running)) == (not extra, True)

    jobs.go_on_with_bulk()
    done = desk.get(url, **extra)
    assert "3 were decided" in words(done)
    assert "every 2s" not in words(done)
    desk.post(f"{url}undoing/", **extra)
    jobs.go_on_with_bulk()
    assert "3 were taken back" in words(desk.get(url, **extra))
    assert Case.objects.waiting().count() == 3


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_doing_nothing(desk, cases, mod, extra):
    made = draw(mod)
    desk.post(f"{made.get_absolute_url()}dropping/", **extra)
    late = desk.post(f"{made.get_absolute_url()}confirmation/", **extra)

    assert (late.status_code, BulkDecision.objects.get().state) == (200 if extra else 302, "dropped")


def test_what_was_left_out_is_said(desk, cases, mod):
    Case.objects.filter(pk=cases[0].pk).update(author=mod)
    assert "1 that you wrote yourself" in words(desk.get(draw(mod).get_absolute_url()))


def test_the_list_of_all(desk, cases, mod):
    assert "Nobody has decided several cases at once yet." in words(desk.get("/moderation/bulk/"))
    carry(draw(mod), mod)
    assert "Hidden: Spam · 3 cases" in words(desk.get("/moderation/bulk/"))


@pytest.mark.parametrize("verb", ["confirmation", "dropping", "undoing"])
@pytest.mark.parametrize("who", ["asha", "other_moderator"])
def test_others_find_nothing(client, cases, mod, verb, who, request):
    url = draw(mod).get_absolute_url()
    assert client.post(f"{url}{verb}/")["Location"].startswith("/accounts/login/?next=")
    client.force_login(request.getfixturevalue(who))

    assert [client.get(url).status_code, client.post(f"{url}{verb}/").status_code, client.get(f"{url}{verb}/").status_code] == [
        404, 404, 405,
    ]  # fmt: skip


def test_citizens_find_no_such_page(client, asha, cases):
    client.force_login(asha)
    assert client.get("/moderation/bulk/").status_code == 404
    assert client.post("/moderation/bulk/", {"what": "hide", "reason": "spam", "scope": "all"}).status_code == 404


def test_a_colleague_of_the_platform_does_not_confirm_for_others(client, cases, mod, admin):
    client.force_login(admin)
    assert client.post(f"{draw(mod).get_absolute_url()}confirmation/").status_code == 404


def test_a_preview_costs_the_same_for_one_and_for_three(desk, cases, mod, django_assert_num_queries):
    one, three = draw(mod, chosen=[cases[0].pk]), draw(mod)
    for made in (one, three):
        with django_assert_num_queries(8):
            desk.get(made.get_absolute_url())


def test_drawing_up_costs_the_same_for_one_and_for_three(cases, mod, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        draw(mod, chosen=[cases[0].pk])
    with django_assert_max_num_queries(16):
        draw(mod)
