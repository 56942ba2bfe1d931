"""Officials say what became of contributions: one, a selection, by the ledger or by the comments."""

import pytest
from django.urls import reverse

from commons.activities import ledger_admin
from commons.activities.models import Contribution, Disposition
from commons.comments import moderating, writing
from discussions import idea_answers, ideas
from discussions.models import Idea, IdeaResponse
from tests.admin.forms import fields_of

pytestmark = pytest.mark.django_db

LEDGER, COMMENTS = "/admin/activities/contribution/", "/admin/comments/comment/"
ADOPTED = {"answering": "1", "standing": "adopted", "words": "From April."}


@pytest.fixture
def comments(discussion, asha, bilal):
    return [writing.write(discussion, who, f"{who} says what should be done.") for who in (asha, bilal)]


@pytest.fixture
def as_meera(client_of, meera):
    return client_of(meera)


def ticked(rows, **more):
    return {"action": "answer_selected", "_selected_action": [row.pk for row in rows], "index": "0", **more}


@pytest.mark.parametrize("where", [LEDGER, COMMENTS])
def test_a_selection_is_shown_asked_and_answered_once(as_meera, comments, where):
    rows = comments if where == COMMENTS else [comment.contribution for comment in comments]
    shown = as_meera.post(where, ticked(rows))
    assert shown.status_code == 200
    assert [comment.contribution.reference in shown.content.decode() for comment in comments] == [True, True]
    assert not Disposition.objects.exists()

    for _twice in range(2):
        answer = as_meera.post(where, {**fields_of(shown), "standing": "adopted", "words": "From April."})
        assert (answer.status_code, answer["Location"]) == (302, where)

    assert sorted(Disposition.objects.values_list("contribution", "standing", "words")) == sorted(
        (comment.contribution_id, "adopted", "From April.") for comment in comments
    )
    assert set(Contribution.objects.values_list("standing", flat=True)) == {"adopted"}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"standing": "not_adopted", "words": "No money."}, "reason"),
        ({"standing": "not_adopted", "reason": "cost"}, "words"),
        ({"standing": "under_study", "words": "We look."}, "due"),
        ({"standing": "referred", "words": "Not ours."}, "referred_to"),
        ({"standing": "", "words": "Hm."}, "standing"),
        ({"standing": "adopted", "words": "x", "link": "javascript:alert(1)"}, "link"),
        ({"standing": "under_study", "words": "x", "due": "soon"}, "due"),
    ],
)
def test_what_an_answer_lacks_is_said_beside_the_field_and_the_selection_stays(as_meera, comments, typed, field):
    answer = as_meera.post(COMMENTS, {**ticked(comments), "answering": "1", **typed})

    assert (answer.status_code, list(answer.context["adminform"].form.errors)) == (422, [field])
    again = fields_of(answer)
    assert again["_selected_action"] == [str(comment.pk) for comment in reversed(comments)] or sorted(
        again["_selected_action"]
    ) == sorted(str(comment.pk) for comment in comments)
    assert again["words"] == typed.get("words", "")
    assert not Disposition.objects.exists()


def test_one_is_answered_from_its_own_page(as_meera, comments):
    line = comments[0].contribution
    page = reverse("admin:activities_contribution_answer", args=[line.pk])
    assert line.reference in as_meera.get(page).content.decode()

    answer = as_meera.post(page, {**ADOPTED, "standing": "under_study", "due": "2027-03-12"})

    assert answer["Location"] == reverse("admin:activities_contribution_change", args=[line.pk])
    assert [row.standing for row in line.dispositions.all()] == ["under_study"]
    assert "From April." in as_meera.get(answer["Location"]).content.decode()


def test_rows_of_another_ministry_are_not_answered_with_ones_own(
    client_of, dev, health, comments, make_discussion, asha
):
    own = writing.write(make_discussion("ours", institution=health), asha, "Ours to answer, this one.")

    client_of(dev).post(COMMENTS, {**ticked([own, *comments]), **ADOPTED})

    assert list(Disposition.objects.values_list("contribution", flat=True)) == [own.contribution_id]


def test_who_only_reads_is_not_offered_to_answer(client_of, education, comments):
    from commons.directory.models import Post
    from tests.cast import person

    analyst = person("analyst", is_staff=True)
    Post.objects.create(person=analyst, role=Post.Role.ANALYST, institution=education)
    client = client_of(analyst)

    assert client.get(COMMENTS).context["action_form"] is None
    client.post(COMMENTS, {**ticked(comments), **ADOPTED})
    page = reverse("admin:activities_contribution_answer", args=[comments[0].contribution_id])
    assert client.post(page, ADOPTED).status_code == 403
    assert not Disposition.objects.exists()


def test_hidden_comments_and_officials_own_are_left_out(as_meera, comments, discussion, meera, education, mod):
    moderating.hide(comments[0], mod, "insult", "No insults.")
    official = writing.write(discussion, meera, "We listen to all of you.", as_institution=education)

    shown = as_meera.post(COMMENTS, ticked([*comments, official]))
    as_meera.post(COMMENTS, {**fields_of(shown), **ADOPTED})

    assert "What was hidden or taken back, and what officials wrote, is left out." in shown.content.decode()
    assert list(Disposition.objects.values_list("contribution", flat=True)) == [comments[1].contribution_id]


def test_more_than_can_be_read_is_not_answered_at_once(as_meera, comments, monkeypatch):
    monkeypatch.setattr(ledger_admin, "MOST", 1)

    answer = as_meera.post(COMMENTS, {**ticked(comments), **ADOPTED})

    assert answer["Location"] == COMMENTS
    assert not Disposition.objects.exists()
    assert "At most 1 at a time." in as_meera.get(COMMENTS).content.decode()


def test_a_comment_is_found_by_its_words_whatever_signs_are_in_them(as_meera, discussion, asha):
    comment = writing.write(discussion, asha, "Pay 100% (of it) to [them]?")

    found = [list(as_meera.get(COMMENTS, {"q": q}).context["cl"].result_list) for q in ("100% (of", "PAY", "[x", "\\")]

    assert found == [[comment], [comment], [], []]


# -- ideas -------------------------------------------------------------------------------------------


@pytest.fixture
def idea(make_discussion, asha) -> Idea:
    forum = make_discussion("open-forum", is_forum=True, closes_at=None)
    brought = ideas.bring(forum, asha, title="Shade at bus stops", ask="Put a roof over every bus stop.")
    Idea.objects.filter(pk=brought.pk).update(state=Idea.State.OPEN)
    return brought


def test_an_idea_is_acknowledged_and_handed_on(as_meera, client_of, dev, idea, health):
    page = reverse("admin:discussions_idea_change", args=[idea.pk])
    assert "Put a roof over every bus stop." in as_meera.get(page).content.decode()
    assert client_of(dev).get(page).status_code == 404
    assert as_meera.post(page.replace("change", "acknowledge"), {"words": ""}).status_code == 422
    assert as_meera.post(page.replace("change", "acknowledge"), {"words": "The transport cell."}).status_code == 302

    as_meera.post(page.replace("change", "refer"), {"to": health.pk, "words": "Heat is a matter of health."})

    idea.refresh_from_db()
    assert idea.institution == health
    assert client_of(dev).get(page).status_code == 200
    assert as_meera.post(page.replace("change", "acknowledge"), {"words": "Still ours."}).status_code == 403


def test_the_answer_is_written_point_by_point_and_published_by_somebody_else(as_meera, client_of, arjun, client, idea):
    add = f"/admin/discussions/idearesponse/add/?idea={idea.pk}"
    form = {
        **fields_of(as_meera.get(add), "idearesponse_form"),
        "summary": "Yes, in two years.", "details": "We begin with the hottest districts.", "_save": "1",
        "points-0-point": "Every stop", "points-0-answer": "Ten thousand first.",
    }  # fmt: skip
    assert as_meera.post(add, form).status_code == 302
    response = IdeaResponse.objects.get()
    publish = reverse("admin:discussions_idearesponse_publish", args=[response.pk])
    assert as_meera.post(publish).status_code == 403
    assert "Yes, in two years." in client_of(arjun).get("/admin/").content.decode()
    assert "Yes, in two years." not in client.get(idea.get_absolute_url()).content.decode()

    for _twice in range(2):
        assert client_of(arjun).post(publish).status_code == 302

    shown = client.get(idea.get_absolute_url()).content.decode()
    assert ["Yes, in two years." in shown, "Ten thousand first." in shown] == [True, True]
    url = reverse("admin:discussions_idearesponse_change", args=[response.pk])
    assert as_meera.post(url, {**form, "summary": "No."}).status_code == 403
    with pytest.raises(idea_answers.ValidationError):
        idea_answers.write_response(response, arjun)
