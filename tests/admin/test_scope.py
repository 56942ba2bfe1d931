"""An institution and its children; the roles in it; foreign keys of others; how many queries a page asks."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin import site
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commons.activities import lifecycle
from commons.activities.models import Outcome
from commons.audit.models import Entry
from commons.comments import writing
from commons.directory.models import Institution, Post, Region, Sector
from discussions import idea_answers, ideas
from discussions.models import Discussion, IdeaResponse
from groups.models import Group
from tests.admin.conftest import both
from tests.admin.forms import fields_of
from tests.cast import person

pytestmark = pytest.mark.django_db

LIST = "/admin/discussions/discussion/"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def below(education) -> Institution:
    return Institution.objects.create(code="below", name=both("Department"), parent=education)


def titles(client) -> list[str]:
    return sorted(str(row.title) for row in client.get(LIST).context["cl"].result_list)


def test_a_ministry_sees_its_departments_things_and_not_the_other_way_round(client_of, meera, below, make_discussion):
    clerk = person("clerk", is_staff=True)
    Post.objects.create(person=clerk, role=Post.Role.AUTHOR, institution=below)
    make_discussion("above")
    make_discussion("under", institution=below)

    assert titles(client_of(meera)) == ["About above", "About under"]
    assert titles(client_of(clerk)) == ["About under"]


def test_whoever_only_reads_changes_nothing(client_of, education, make_discussion):
    analyst = person("analyst", is_staff=True)
    Post.objects.create(person=analyst, role=Post.Role.ANALYST, institution=education)
    draft = make_discussion("draft", state="draft", published_at=None)
    client = client_of(analyst)
    form = reverse("admin:discussions_discussion_change", args=[draft.pk])

    assert [client.get(form).status_code, client.post(form, {"title_0": "x"}).status_code] == [200, 403]
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(form.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert [button.verb.name for button in client.get(form).context["buttons"] if not button.why_not] == []


def test_the_institution_is_chosen_for_whoever_works_in_one(client_of, meera, education, health):
    form = client_of(meera).get(f"{LIST}add/").context["adminform"].form

    assert form["institution"].initial == education.pk
    assert list(form.fields["institution"].queryset) == [education]


@pytest.mark.parametrize("field", ["institution", "group"])
def test_what_belongs_to_others_cannot_be_chosen(client_of, dev, health, education, group, field, caplog):
    client = client_of(dev)
    form = {**fields_of(client.get(f"{LIST}add/"), "discussion_form"), "title_0": "Ours", "_continue": "1"}
    own = Group.objects.create(institution=health, slug="own", name=both("Own"), objective=both("x"), state="active")
    assert client.post(f"{LIST}add/", {**form, "group": own.pk}).status_code == 302
    foreign = {"institution": education.pk, "group": group.pk}[field]

    answer = client.post(f"{LIST}add/", {**form, field: foreign, "title_0": "Theirs"})

    assert (answer.status_code, list(answer.context["adminform"].form.errors)) == (422, [field])
    assert Discussion.objects.count() == 1
    assert f"chose a foreign or unknown {field}" in caplog.text


def test_what_was_asked_for_in_vain_is_logged(client_of, dev, discussion, caplog):
    client_of(dev).get(reverse("admin:discussions_discussion_change", args=[discussion.pk]))

    assert f"person {dev.pk} asked for discussions.Discussion" in caplog.text


def test_a_department_keeps_its_public_text_and_not_its_name(client_of, arjun, meera, education):
    url = reverse("admin:directory_institution_change", args=[education.pk])
    client = client_of(arjun)
    form = fields_of(client.get(url), "institution_form")

    client.post(url, {**form, "about_0": "Schools.", "name_0": "Ministry of Everything", "code": "all", "_save": "1"})

    education.refresh_from_db()
    assert (str(education.about), str(education.name), education.code) == (
        "Schools.",
        "Ministry of Education",
        "education",
    )
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.after["about"]["en"]) == ("institution.edit", arjun, "Schools.")
    assert client_of(meera).post(url, {**form, "about_0": "Mine."}).status_code == 403


def test_a_group_is_proposed_by_an_institution_and_activated_by_the_platform(client_of, meera, arjun, admin, client):
    official, platform = client_of(meera), client_of(admin)
    form = fields_of(official.get("/admin/groups/group/add/"), "group_form")
    typed = {
        "name_0": "Reading",
        "name_1": "पढ़ना",
        "objective_0": "x",
        "objective_1": "x",
        "slug": "reading",
        "_save": "1",
    }
    assert official.post("/admin/groups/group/add/", {**form, **typed, "state": "active"}).status_code == 302
    group = Group.objects.get()
    activate = reverse("admin:groups_group_activate", args=[group.pk])
    assert (group.state, client.get(group.get_absolute_url()).status_code) == ("proposed", 404)
    assert [client_of(arjun).post(activate).status_code, official.post(activate).status_code] == [403, 403]
    assert "Reading" in platform.get("/admin/").content.decode()

    for _twice in range(2):
        assert platform.post(activate).status_code == 302

    assert client.get(group.get_absolute_url()).status_code == 200
    assert Entry.objects.filter(verb="group.activate").count() == 1
    url = reverse("admin:groups_group_change", args=[group.pk])
    official.post(url, {**fields_of(official.get(url), "group_form"), "slug": "moved", "name_0": "Reading aloud"})
    group.refresh_from_db()
    assert (group.slug, str(group.name)) == ("reading", "Reading aloud")


# -- how much a page asks the database -------------------------------------------------------------


@pytest.fixture
def grow(education, asha):
    """Adds rows of every model whose list grows."""

    def add(*numbers: int) -> None:
        for number in numbers:
            Region.objects.create(level="state", lgd_code=number, name=both("R"))
            Sector.objects.create(slug=f"s{number}", name=both("S"))
            Group.objects.create(institution=education, slug=f"g{number}", name=both("G"), objective=both("x"))
            Institution.objects.create(code=f"i{number}", name=both("I"), parent=education)
            writer = person(f"o{number}", is_staff=True)
            Post.objects.create(person=writer, role="author", institution=education)
            activity = Discussion(
                institution=education, slug=f"d{number}", title=both("D"), summary=both("x"), promise=both("x")
            )
            lifecycle.write(activity, writer)
            Discussion.objects.filter(pk=activity.pk).update(
                state="published", published_at=LONG_AGO, opens_at=LONG_AGO
            )
            activity.refresh_from_db()
            writing.write(activity, asha, f"Comment {number} of some length.")
            lifecycle.write_outcome(Outcome(activity=activity, headline=both("O"), body=both("x")), writer)
            idea = ideas.bring(activity, asha, title=f"Idea number {number}", ask="x")
            idea_answers.write_response(IdeaResponse(idea=idea, summary="x", details="x"), writer)
            waiting = Discussion(
                institution=education, slug=f"w{number}", title=both("W"), summary=both("x"), promise=both("x")
            )
            lifecycle.write(waiting, writer)
            lifecycle.submit_for_review(waiting, writer)

    return add


@pytest.mark.parametrize("who", ["arjun", "admin"])
def test_the_desk_and_lists_ask_as_often_for_three_rows_as_for_one(client_of, who, request, grow):
    client = client_of(request.getfixturevalue(who))
    pages = [("/admin/", None)] + [
        (reverse(admin_urlname(page.opts, "changelist")), page) for page in site._registry.values()
    ]
    urls = [url for url, page in pages if page is None or page.viewers or who == "admin"]
    asked: dict[str, list[int]] = {}
    for numbers in ((1,), (2, 3)):
        grow(*numbers)
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            asked.setdefault(url, []).append(len(queries))

    assert {url: counts for url, counts in asked.items() if counts[0] != counts[1]} == {}
    assert {url: counts for url, counts in asked.items() if max(counts) > 20} == {}


def test_a_form_asks_no_more_for_a_long_history(client_of, arjun, grow):
    grow(1)
    url = reverse("admin:discussions_discussion_change", args=[Discussion.objects.get(slug="w1").pk])
    client = client_of(arjun)
    client.get(url)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200

    assert len(queries) <= 45
