"""Building a long survey: questions pasted from a document, looked over and added at once; moved, counted, translated."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from surveys import building, checks, pasting
from surveys.asking import Sheet
from surveys.models import Question, Survey
from tests.admin.forms import fields_of
from tests.surveys.conftest import add_section, ask, both, options
from tests.surveys.test_builder import questions_url

TEXT = """
# The way there | रास्ता
1. How do children come to school? | बच्चे विद्यालय कैसे आते हैं? *
- On foot | पैदल
* By bus\tबस से

Q2) What would help? *
क्या मदद करेगा?
[ ] A bus
☐ A footpath
# Last words
3: What else?
"""


def test_a_pasted_text_becomes_sections_and_questions():
    found = [(d.kind, d.english, d.hindi, d.required, d.options) for d in pasting.read(TEXT)]
    assert found == [
        ("section", "The way there", "रास्ता", False, []),
        ("single", "How do children come to school?", "बच्चे विद्यालय कैसे आते हैं?", True, ["On foot | पैदल", "By bus | बस से"]),
        ("multi", "What would help?", "क्या मदद करेगा?", True, ["A bus", "A footpath"]),
        ("section", "Last words", "", False, []),
        ("short", "What else?", "", False, []),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "kind", "english", "hindi"),
    [
        ("प्रश्न 1. आप कहाँ रहते हैं?", "short", "", "प्रश्न 1. आप कहाँ रहते हैं?"),
        ("12) आप कहाँ रहते हैं?", "short", "", "आप कहाँ रहते हैं?"),
        ("- an option with no question above it", "short", "- an option with no question above it", ""),
        ("2026 was a good year?", "short", "2026 was a good year?", ""),
    ],
)
def test_a_single_line_is_a_question(line, kind, english, hindi):
    assert [(d.kind, d.english, d.hindi) for d in pasting.read(line)] == [(kind, english, hindi)]


def url_of(survey: Survey) -> str:
    return f"/admin/surveys/survey/{survey.pk}/several/"


def read(client: Client, survey: Survey, text: str) -> dict[str, Any]:
    """What the rows hold once the text was read."""
    return fields_of(client.post(url_of(survey), {"act": "read", "text": text}))


@pytest.mark.django_db
def test_what_was_read_is_shown_first_and_then_added_at_once(desk, draft):
    rows = read(desk, draft, TEXT)
    assert draft.sections.count() == 0  # nothing is saved by reading
    assert (rows["form-1-kind"], rows["form-1-english"]) == ("single", "How do children come to school?")
    response = desk.post(url_of(draft), {**rows, "form-2-kind": "ranking", "act": "add"})

    first, last = draft.sections.order_by("position")
    assert response["Location"] == f"{questions_url(draft)}#section-{first.pk}"
    line = Question.objects.in_order().values_list("section", "name", "kind", "required")
    assert list(line) == [
        (first.pk, "how_do_children_come_to", "single", True),
        (first.pk, "what_would_help", "ranking", True),
        (last.pk, "what_else", "short", False),
    ]
    assert draft.questions.get(kind="single").options == [
        {"code": "on-foot", "text": {"en": "On foot", "hi": "पैदल"}}, {"code": "by-bus", "text": {"en": "By bus", "hi": "बस से"}},
    ]  # fmt: skip
    assert draft.questions.get(kind="single").title.data == {
        "en": "How do children come to school?",
        "hi": "बच्चे विद्यालय कैसे आते हैं?",
    }


@pytest.mark.django_db
def test_questions_without_a_heading_come_into_the_section_that_was_chosen(desk, draft):
    first, second = add_section(draft), add_section(draft)
    ask(first, "before", "short")
    rows = fields_of(desk.get(f"{url_of(draft)}?section={first.pk}"))
    assert rows["into"] == str(first.pk)
    desk.post(url_of(draft), {**rows, "form-0-english": "One more?", "form-3-english": "And one?", "act": "add"})
    assert list(first.questions.order_by("position").values_list("name", flat=True)) == [
        "before",
        "one_more",
        "and_one",
    ]
    assert second.questions.count() == 0


@pytest.mark.django_db
def test_the_first_questions_of_a_survey_need_no_section_made_beforehand(desk, draft):
    rows = fields_of(desk.get(url_of(draft)))
    desk.post(url_of(draft), {**rows, "form-0-hindi": "आप कहाँ रहते हैं?", "form-0-kind": "short", "act": "add"})
    assert draft.sections.get().title.data == {"en": "Questions", "hi": "प्रश्न"}
    assert draft.questions.get().name == "q1"


@pytest.mark.django_db
def test_what_is_wrong_names_its_row_and_nothing_is_added(desk, draft):
    rows = read(desk, draft, "One?\nTwo?\n- x\n- y")
    wrong = {**rows, "form-1-options": "x = X\nx = Y", "form-2-options": "alone", "act": "add"}
    response = desk.post(url_of(draft), wrong)
    page = response.content.decode()

    assert response.status_code == 422
    assert '<a href="#row-form-1">Row 2</a>: “x” stands twice.' in page
    assert '<a href="#row-form-2">Row 3</a>: Write the question, or take its options away.' in page
    assert fields_of(response)["form-0-english"] == "One?"
    assert draft.questions.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [{"act": "add"}, {"act": "read", "text": " \n "}])
def test_nothing_to_add_is_said(desk, draft, sent):
    response = desk.post(url_of(draft), {**fields_of(desk.get(url_of(draft))), **sent})
    assert response.status_code in {200, 422}
    page = response.content.decode()
    assert ("Write at least one question." if sent["act"] == "add" else "No question was found in the text.") in page


@pytest.mark.django_db
def test_only_who_builds_the_survey_adds_to_it(desk, survey, make_survey, dev):
    draft = make_survey("draft", state="draft", published_at=None)
    client = Client()
    client.force_login(dev)
    assert client.get(url_of(draft)).status_code == 404
    assert client.post(url_of(draft), {"act": "add"}).status_code == 404
    assert desk.get(url_of(survey)).status_code == 403  # published


@pytest.mark.django_db
def test_a_question_goes_to_any_place_by_its_number(desk, draft, meera):
    first, second = add_section(draft), add_section(draft)
    for name in "abc":
        ask(first, name, "short")
    for name in "de":
        ask(second, name, "short")

    def order() -> str:
        return " ".join(f"{q.name}{q.section.position}" for q in Question.objects.in_order().select_related("section"))

    def to(name: str, place: int) -> str:
        building.move_to(draft.questions.get(name=name), meera, place)
        return order()

    assert to("e", 1) == "e1 a1 b1 c1 d2"
    assert to("e", 5) == "a1 b1 c1 d2 e2"
    assert to("a", 4) == "b1 c1 d2 a2 e2"
    assert to("a", 99) == "b1 c1 d2 e2 a2"
    assert to("c", 2) == "b1 c1 d2 e2 a2"
    pk = draft.questions.get(name="a").pk
    response = desk.post(questions_url(draft), {"what": f"question-{pk}", "act": "place", "place": "१"})
    assert (response["Location"], order()) == (f"{questions_url(draft)}?at=question-{pk}&act=place", "a1 b1 c1 d2 e2")
    desk.post(questions_url(draft), {"what": f"question-{pk}", "act": "place", "place": "last"})
    assert "Write the place as a number" in desk.get(questions_url(draft)).content.decode()
    assert order() == "a1 b1 c1 d2 e2"


@pytest.mark.django_db
def test_the_button_that_moved_a_question_is_under_the_keys_again(desk, draft):
    section = add_section(draft)
    ask(section, "a", "short")
    pk = ask(section, "b", "short").pk
    page = desk.post(questions_url(draft), {"what": f"question-{pk}", "act": "up"}, follow=True).content.decode()
    assert page.count("autofocus") == 1
    assert 'aria-label="Up: b" autofocus' in page


@pytest.mark.django_db
def test_what_is_missing_leads_to_its_question_and_each_language_is_counted(desk, draft):
    section = add_section(draft)
    lame = ask(
        section, "a", "single", title=both("A", " "), options=[{"code": "x", "text": {"en": "X"}}, *options("y")]
    )
    ask(section, "b", "short", hint=both("Only here"))
    assert checks.texts_missing(lame) == {"en": 0, "hi": 2}
    lacks = checks.lacks(Sheet.of(draft))
    assert [(lack.anchor, lack.words) for lack in lacks] == [
        (f"question-{lame.pk}", "a: question in Hindi is missing."),
        (f"question-{lame.pk}", "a: the option “x” is missing in Hindi."),
    ]
    page = desk.get(questions_url(draft)).content.decode()
    assert "English: 2 of 2 complete" in page
    assert "Hindi: 1 of 2 complete" in page
    assert "Hindi: 2 texts missing" in page
    assert f'<a href="#question-{lame.pk}">a: question in Hindi is missing.</a>' in page


@pytest.mark.django_db
def test_a_name_is_made_of_the_questions_words_when_none_is_typed(desk, draft):
    section = add_section(draft)
    add = f"/admin/surveys/question/add/?section={section.pk}"
    for _twice in range(2):
        desk.post(
            add, {**fields_of(desk.get(add)), "kind": "short", "name": "", "title_0": "Who goes along?", "_save": "1"}
        )
    assert list(draft.questions.order_by("pk").values_list("name", flat=True)) == ["who_goes_along", "who_goes_along_2"]


@pytest.mark.django_db
def test_saving_leads_on_to_the_next_question_or_to_one_more_of_its_kind(desk, draft):
    section = add_section(draft)
    first, second = ask(section, "a", "short"), ask(section, "b", "short")
    url = f"/admin/surveys/question/{first.pk}/change/"
    response = desk.post(url, {**fields_of(desk.get(url)), "_next": "1"})
    assert response["Location"] == f"/admin/surveys/question/{second.pk}/change/"
    url = response["Location"]
    assert (
        desk.post(url, {**fields_of(desk.get(url)), "_next": "1"})["Location"]
        == f"{questions_url(draft)}#question-{second.pk}"
    )
    add = f"/admin/surveys/question/add/?section={section.pk}"
    typed = {**fields_of(desk.get(add)), "kind": "date", "title_0": "When?", "_addanother": "1"}
    onward = desk.post(add, typed)["Location"]
    assert onward == f"/admin/surveys/question/add/?section={section.pk}&kind=date"
    assert fields_of(desk.get(onward))["kind"] == "date"


@pytest.mark.django_db
def test_a_pasted_survey_costs_no_more_queries_to_look_over_when_it_is_long(desk, draft):
    counted = []
    for n in (1, 60):
        with CaptureQueriesContext(connection) as queries:
            assert desk.post(url_of(draft), {"act": "read", "text": "Is this so?\n" * n}).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
