"""Questions come in and go out as JSON; a correction makes a version of its own; a trial run pauses the survey."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from commons.activities.models import ActivityChange
from commons.comments.refused import Refused
from surveys import answering, checks, importing, versions
from surveys.answering import Respondent
from surveys.asking import Sheet
from surveys.models import Answer, Question, Survey
from surveys.models.question import OF_STATES
from surveys.results import results_of
from tests.admin.forms import fields_of
from tests.cast import person
from tests.surveys.conftest import add_section, ask, both, options
from tests.surveys.test_results import answer

pytestmark = pytest.mark.django_db
EXAMPLE = Path(settings.BASE_DIR).parent / "shared" / "data" / "surveys" / "surveyjs_example.json"


@pytest.fixture
def draft(make_survey, meera) -> Survey:
    return make_survey("draft", state="draft", published_at=None, opens_at=None, author=meera)


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


# -- JSON -----------------------------------------------------------------------------------------------
GIVEN = {
    "title": "Farm", "showProgressBar": True,
    "pages": [
        {"name": "one", "title": {"default": "Work", "hi": "काम"}, "elements": [
            {"type": "radiogroup", "name": "Your work", "title": "What do you do?", "isRequired": True,
             "choices": ["I farm", {"value": "shop", "text": {"default": "A shop", "hi": "दुकान"}}], "hasNone": True, "colCount": 2},
            {"type": "text", "inputType": "number", "name": "acres", "min": 0, "max": 500, "visibleIf": "{Your work} = 'I farm'"},
            {"type": "panel", "visibleIf": "{acres} > 2", "elements": [
                {"type": "checkbox", "name": "help", "choices": [1, 2], "visibleIf": "{acres} < 9"},
            ]},
            {"type": "signaturepad", "name": "sign"},
            {"type": "comment", "name": "help", "visibleIf": "iif({acres} > 2, 1, 0)"},
            {"type": "html", "name": "thanks", "html": "<h1>Thanks</h1><script>x</script>a &lt; b<br>bye"},
        ]},
        {"name": "empty"},
    ],
}  # fmt: skip


def test_a_file_is_taken_over_and_what_is_not_is_said(draft, meera):
    notes = importing.bring_in(draft, meera, json.dumps(GIVEN))
    rows = {q.name: q for q in draft.questions.current().in_order()}

    assert list(rows) == ["your_work", "acres", "help", "help_2", "thanks"]
    assert [option["code"] for option in rows["your_work"].options] == ["I-farm", "shop", "none"]
    assert (rows["your_work"].required, rows["acres"].kind, rows["acres"].most) == (True, "number", 500)
    assert rows["acres"].shown_when == "{your_work} = 'I-farm'"
    assert rows["help"].shown_when == "{acres} > 2 and {acres} < 9"
    assert str(rows["thanks"].hint) == "Thanks\na < b\nbye".replace("Thanks\n", "Thanks")
    assert sorted(notes) == sorted([
        "“showProgressBar” of the survey is not taken over.",
        "“colCount” of “Your work” is not taken over.",
        "A panel is dissolved: its questions stand by themselves.",
        "The question “sign” is left out: “signaturepad” is not known.",
        "Two questions are called “help”: the later one is “help_2” now.",
        "The condition of “help_2” cannot be read and is left out: iif({acres} > 2, 1, 0)",
        "Texts in HTML are taken over without their formatting.",
    ])  # fmt: skip


def test_what_goes_out_comes_in_again_the_same(survey, draft, meera):
    first = survey.sections.first()
    for kind in Question.Kind.values:
        some = (
            {"options": options("x", "y")}
            if kind in {"single", "multi", "ranking", "matrix_single", "matrix_multi", "state"}
            else {}
        )
        some |= {"rows": options("r")} if kind.startswith("matrix") else {}
        ask(first, f"k_{kind}", kind, hint=both("Hint"), shown_when="{how} = 'bus'", **some)
    assert importing.bring_in(draft, meera, importing.as_json(survey)) in (
        [],
        ["Texts in HTML are taken over without their formatting."],
    )
    fields = ("name", "kind", "required", "options", "rows", "least", "most", "shown_when", "shuffled", "measures")
    shape = []
    for one in (survey, draft):
        rows = one.questions.exclude(kind__in=OF_STATES).in_order()
        shape.append([[getattr(q, name) for name in fields] + [q.title.data, str(q.hint)] for q in rows])
    assert shape[0] == shape[1]
    assert "type" in json.loads(importing.as_json(survey))["pages"][0]["elements"][0]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "nothing",
        '{"pages": [1]}',
        '{"pages": "x"}',
        "[" * 5000,
        '{"pages": [{"elements": [{"type": []}]}]}',
    ],
)
def test_what_is_no_survey_is_refused_and_changes_nothing(draft, meera, content):
    response = browser(meera).post(f"/admin/surveys/survey/{draft.pk}/import/", {"content": content})
    assert response.status_code == 422
    assert draft.sections.count() == 0


def test_a_name_that_is_taken_undoes_the_whole_import(draft, meera):
    ask(add_section(draft), "acres", "number")
    with pytest.raises(ValidationError, match="a question called “acres” already"):
        importing.bring_in(draft, meera, json.dumps(GIVEN))
    assert (draft.sections.count(), draft.questions.count()) == (1, 1)


def test_only_those_who_write_there_import(draft, dev, arjun, survey):
    url = "/admin/surveys/survey/{}/import/"
    assert browser(dev).get(url.format(draft.pk)).status_code == 404
    assert browser(arjun).get(url.format(draft.pk)).status_code == 200
    assert browser(arjun).get(url.format(survey.pk)).status_code == 403
    assert browser(dev).get(f"/admin/surveys/survey/{draft.pk}/questions.json").status_code == 404


@pytest.mark.real_data
@pytest.mark.skipif(not EXAMPLE.exists(), reason="the published example is not beside the project")
def test_the_published_example_is_taken_over(draft, meera):
    notes = importing.bring_in(draft, meera, EXAMPLE.read_text())
    assert [q.kind for q in draft.questions.in_order()] == ["info", "short", *["single"] * 6]
    assert "“timeLimit” of the survey is not taken over." in notes
    assert "“correctAnswer” of “civilwar” is not taken over." in notes
    assert "Two questions are called “civilwar”: the later one is “civilwar_4” now." in notes
    assert all("Hindi is missing" in words or "in Hindi" in words for words in checks.lacking(Sheet.of(draft)))


# -- versions --------------------------------------------------------------------------------------------
def test_a_corrected_question_is_a_new_version_analysed_apart(survey, arjun):
    for n in range(3):
        answer(survey, person(f"c{n}"), how="walk")
    old = survey.questions.get(name="how")
    new = versions.revise(old, arjun, "The bus was missing a word.", title=both("How do you come?"))

    assert (new.version, new.name) == (2, "how")
    answer(survey, person("later"), how="walk")
    found = [(r.question.version, r.n) for r in results_of(survey).questions if r.question.name == "how"]
    assert found == [(1, 3), (2, 1)]
    assert set(Answer.objects.filter(question=old).values_list("value", flat=True)) == {"walk"}
    change = ActivityChange.objects.get()
    assert (change.shown_field, change.shown_before, change.shown_after) == (
        "question",
        "About how",
        "How do you come?",
    )


def test_a_question_nobody_answered_is_changed_in_its_place(survey, arjun):
    old = survey.questions.get(name="how")
    assert versions.revise(old, arjun, "A word was wrong.", title=both("How?")).pk == old.pk
    assert survey.questions.filter(name="how").count() == 1
    assert ActivityChange.objects.count() == 1


def test_a_correction_needs_an_approver_a_reason_and_leaves_conditions_whole(survey, arjun, meera):
    question = survey.questions.get(name="how")
    with pytest.raises(PermissionDenied):
        versions.revise(question, meera, "x", title=both("x"))
    with pytest.raises(ValidationError, match="give a reason"):
        versions.revise(question, arjun, " ", title=both("x"))
    with pytest.raises(ValidationError, match="names an answer that “how” does not have"):
        versions.revise(question, arjun, "x", options=options("walk", "train"))
    assert [o["code"] for o in Question.objects.get(pk=question.pk).options] == ["walk", "bus"]


def test_the_page_corrects_with_a_reason(survey, arjun, meera):
    question = survey.questions.get(name="how")
    url = f"/admin/surveys/survey/{survey.pk}/correct/{question.pk}/"
    assert browser(meera).get(url).status_code == 403
    desk = browser(arjun)
    sent = {**fields_of(desk.get(url)), "title_0": "How do you come?", "title_1": "आप कैसे आते हैं?"}
    assert desk.post(url, sent).status_code == 422
    response = desk.post(url, {**sent, "reason": "A word was wrong."})
    assert response.status_code == 302
    assert str(Question.objects.get(name="how", retired_at=None).title) == "How do you come?"
    assert "Correct" in desk.get(f"/admin/surveys/survey/{survey.pk}/questions/").content.decode()


# -- the trial run ------------------------------------------------------------------------------------------
def test_after_the_trial_run_nobody_new_begins_until_an_approver_has_looked(survey, arjun, meera, client):
    Survey.objects.update(soft_launch=2)
    survey.refresh_from_db()
    begun = person("begun")
    half = answering.begin(survey, Respondent(begun))
    for n in range(2):
        answer(survey, person(f"c{n}"), how="walk")
    with pytest.raises(Refused) as refused:
        answering.begin(survey, Respondent(person("new")))
    assert refused.value.code == "paused"
    assert "being looked at" in client.get("/surveys/way-to-school/").content.decode()
    assert browser(begun).get("/surveys/way-to-school/part-1/").status_code == 200
    answering.keep(half, Sheet.of(survey), {survey.questions.get(name="how"): "walk"})
    answering.send(half, Sheet.of(survey))
    url = f"/admin/surveys/survey/{survey.pk}/pass-trial/"
    assert waiting_on_the_desk(arjun) == ["The way to school"]
    looking = f"/admin/surveys/survey/{survey.pk}/evaluation/"
    assert looking in browser(arjun).get("/admin/").content.decode()
    assert url in browser(arjun).get(looking).content.decode()
    assert url not in (theirs := browser(meera).get(looking).content.decode())
    assert "The trial run is over" in theirs
    assert browser(meera).post(url).status_code == 403
    assert browser(arjun).post(url).status_code == 302
    assert waiting_on_the_desk(arjun) == []
    assert "The trial run is over" not in browser(arjun).get(looking).content.decode()
    answer(Survey.objects.get(), person("newer"), how="walk")


def waiting_on_the_desk(who) -> list[str]:
    return [item.title for item in browser(who).get("/admin/").context["desk"][0].items]


def test_the_desk_knows_of_each_trial_run_that_is_over_and_of_no_other(make_survey, arjun, dev):
    for n in range(3):
        paused = make_survey(f"trial-{n}", soft_launch=1)
        ask(add_section(paused), "how", "single", options=options("walk", "bus"))
        answer(paused, person(f"first{n}"), how="walk")
    make_survey("goes-on", soft_launch=1)
    make_survey("never", soft_launch=0)
    assert len(waiting_on_the_desk(arjun)) == 3
    assert waiting_on_the_desk(dev) == []
