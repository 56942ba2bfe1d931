"""Building a survey in the admin: what is wrong is said before publishing, and nothing changes afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commons.activities import lifecycle
from surveys import building, checks
from surveys.asking import Sheet
from surveys.models import Question, Survey
from tests.admin.forms import fields_of
from tests.surveys.conftest import add_section, ask, both, options

pytestmark = pytest.mark.django_db


def questions_url(survey: Survey) -> str:
    return f"/admin/surveys/survey/{survey.pk}/questions/"


def send(client: Client, url: str, **typed: Any) -> Any:
    return client.post(url, {**fields_of(client.get(url)), **typed, "_save": "1"})


def test_a_section_and_a_question_are_added_and_shown_at_a_glance(desk, draft):
    send(desk, f"/admin/surveys/section/add/?survey={draft.pk}", title_0="The way", title_1="रास्ता")
    section = draft.sections.get()
    response = send(
        desk, f"/admin/surveys/question/add/?section={section.pk}", kind="single", name="how", title_0="How?", title_1="कैसे?",
        options="walk = On foot | पैदल\nBy bus | बस से\n* None of these | कोई नहीं",
    )  # fmt: skip

    question = draft.questions.get()
    assert response["Location"] == f"{questions_url(draft)}#question-{question.pk}"
    assert (section.slug, question.position) == ("part-1", 1)
    assert question.options == [
        {"code": "walk", "text": {"en": "On foot", "hi": "पैदल"}},
        {"code": "by-bus", "text": {"en": "By bus", "hi": "बस से"}},
        {"code": "none-of-these", "text": {"en": "None of these", "hi": "कोई नहीं"}, "stays": True},
    ]
    page = desk.get(questions_url(draft)).content.decode()
    assert "How?" in page
    assert "Before it can be submitted" not in page


def test_a_condition_is_written_in_rows_with_words_or_codes(desk, draft):
    section = add_section(draft)
    ask(section, "how", "single", options=options("walk", "bus"))
    later = ask(section, "far", "number")
    url = f"/admin/surveys/question/{later.pk}/change/"
    send(desk, url, when_1="how", op_1="=", value_1="Bus")
    later.refresh_from_db()
    assert later.shown_when == "{how} = 'bus'"
    assert fields_of(desk.get(url))["value_1"] == "bus"
    response = send(desk, url, value_1="train")
    assert response.status_code == 422
    assert "Write one of its options: walk, bus" in response.content.decode()
    send(desk, url, value_1="bus", when_2="how", op_2="notempty", how="or")
    later.refresh_from_db()
    assert later.shown_when == "{how} = 'bus' or {how} notempty"


def test_an_expression_that_cannot_be_read_is_refused_beside_its_field(desk, draft):
    later = ask(add_section(draft), "far", "number")
    response = send(desk, f"/admin/surveys/question/{later.pk}/change/", shown_when="{how} = ")
    assert response.status_code == 422
    assert "This cannot be read from sign 8 on." in response.content.decode()


def test_two_questions_cannot_have_one_name(desk, draft):
    section = add_section(draft)
    ask(section, "how", "short")
    response = send(
        desk, f"/admin/surveys/question/add/?section={section.pk}", kind="short", name="how", title_0="x", title_1="x"
    )
    assert response.status_code == 422
    assert "Another question of this survey has this name." in response.content.decode()


def test_everything_that_is_missing_is_said(draft):
    assert checks.missing(draft.pk) == {"questions": ["There is no question yet."]}
    section = add_section(draft, title=both("One", " "))
    ask(section, "a", "single", options=[{"code": "x", "text": {"en": "X"}}], title=both("A {b}"))
    ask(section, "b", "matrix_single", options=options("x", "y"), shown_when="{b} = 'x'")
    ask(section, "c", "short", shown_when="{a} =", measures="age")

    assert checks.lacking(Sheet.of(draft)) == [
        "“One”: title in Hindi is missing.",
        "a: the option “x” is missing in Hindi.",
        "a: it needs at least two options.",
        "a: its text repeats the answer to “b”, which is not an earlier question.",
        "b: it needs at least one row.",
        "c: only a question with one of several answers can tell about the person.",
        "c: the condition cannot be read from sign 6 on: {a} =",
        "b: its condition asks about itself.",
    ]


def test_it_cannot_be_submitted_before_that(draft, meera):
    with pytest.raises(ValidationError, match="There is no question yet"):
        lifecycle.submit_for_review(draft, meera)
    ask(add_section(draft), "a", "short")
    lifecycle.submit_for_review(draft, meera)
    assert Survey.objects.get().state == "in_review"


def test_whoever_changed_a_question_last_cannot_approve_it(draft, meera, arjun):
    section = add_section(draft)
    ask(section, "a", "short")
    lifecycle.submit_for_review(draft, meera)
    building.copy_question(draft.questions.get(), arjun)
    with pytest.raises(PermissionDenied):
        lifecycle.publish(draft, arjun)


def test_questions_move_within_and_between_sections(draft, meera):
    first, second = add_section(draft), add_section(draft)
    a, b = ask(first, "a", "short"), ask(first, "b", "short")
    ask(second, "c", "short")

    def order() -> list[tuple[str, str]]:
        return [(q.section.slug, q.name) for q in Question.objects.in_order().select_related("section")]

    building.move(b, meera, -1)
    assert order() == [("part-1", "b"), ("part-1", "a"), ("part-2", "c")]
    building.move(Question.objects.get(pk=a.pk), meera, 1)
    assert order() == [("part-1", "b"), ("part-2", "a"), ("part-2", "c")]
    building.move(second, meera, -1)
    assert [q for _s, q in order()] == ["a", "c", "b"]
    building.move(Question.objects.get(name="a"), meera, -1)
    assert [q for _s, q in order()] == ["a", "c", "b"]


@pytest.mark.parametrize("act", ["up", "down", "copy"])
def test_the_buttons_of_the_glance_do_what_they_say(desk, draft, act):
    section = add_section(draft)
    for name in "abc":
        ask(section, name, "short")
    middle = draft.questions.get(name="b")
    response = desk.post(questions_url(draft), {"what": f"question-{middle.pk}", "act": act})

    assert response.status_code == 302
    names = "".join(draft.questions.current().in_order().values_list("name", flat=True))
    assert names == {"up": "bac", "down": "acb", "copy": "abb_2c"}[act]
    assert desk.post(questions_url(draft), {"what": "question-999999", "act": act}).status_code == 404


def test_a_copy_is_a_draft_with_the_same_questions(desk, survey):
    response = desk.post(f"/admin/surveys/survey/{survey.pk}/copy/")
    twin = Survey.objects.get(slug="way-to-school-copy")

    assert response["Location"] == f"/admin/surveys/survey/{twin.pk}/change/"
    assert (twin.state, twin.opens_at) == ("draft", None)
    shape = [list(one.questions.in_order().values_list("name", "kind", "shown_when")) for one in (survey, twin)]
    assert shape[0] == shape[1]


def test_once_published_nothing_changes(desk, meera, survey):
    question = survey.questions.get(name="how")
    url = f"/admin/surveys/question/{question.pk}/change/"
    assert desk.get(url).status_code == 200
    assert desk.post(url, {"title_0": "Other"}).status_code == 403
    with pytest.raises(ValidationError):
        building.move(question, meera, 1)
    page = desk.get(questions_url(survey)).content.decode()
    assert "its questions are fixed" in page
    assert 'name="act"' not in page


@pytest.mark.parametrize("url", ["questions/", "ways/", "copy/"])
def test_another_ministry_finds_none_of_it(url, survey, dev):
    client = Client()
    client.force_login(dev)
    assert client.get(f"/admin/surveys/survey/{survey.pk}/{url}").status_code == 404


def test_every_way_through_can_be_tried_and_nothing_is_kept(desk, make_survey, meera):
    survey = make_survey(state="draft", published_at=None)
    section = add_section(survey)
    ask(section, "how", "single", options=options("walk", "bus"))
    ask(section, "far", "number", shown_when="{how} = 'bus'")
    page = desk.get(f"/admin/surveys/survey/{survey.pk}/ways/").content.decode()

    assert "There are 2 ways through this survey." in page
    shown = [desk.get(f"/surveys/{survey.slug}/part-1/?way={n}").content.decode() for n in (1, 2)]
    assert sorted('id="q-far"' in one for one in shown) == [False, True]
    assert desk.post(f"/surveys/{survey.slug}/part-1/?way=1", {"a-how": "bus"}).status_code == 302
    assert survey.responses.count() == 0
    assert Client().get(f"/surveys/{survey.slug}/part-1/").status_code == 404


def test_sixty_questions_take_no_more_queries_at_a_glance_than_three(desk, survey):

    counted = []
    for more in (0, 57):
        for number in range(more):
            ask(survey.sections.first(), f"more{number}", "short")
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(questions_url(survey)).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
