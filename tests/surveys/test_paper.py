"""The printed form holds every question in both languages, and a form that came back is entered once."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
import typst
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone, translation
from PIL import Image

from commons.activities.models import Activity, Contribution
from commons.audit.models import Entry
from surveys import paper, rules
from surveys.asking import Sheet
from surveys.models import Question, Response, Survey
from surveys.results import results_of
from tests.surveys.conftest import ask, both, options

pytestmark = pytest.mark.django_db
SENT = {"number": "a-17", "a-how": "bus", "a-minutes": "25", "a-why": ["near"], "a-rate-road": "good"}


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(survey: Survey) -> str:
    return f"/admin/surveys/survey/{survey.pk}/paper/"


@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_form_has_every_question_in_the_language_asked_for(survey, meera, language):
    for kind in Question.Kind.values:
        some = (
            {"options": options("x", "y")}
            if kind in {"single", "multi", "ranking", "matrix_single", "matrix_multi"}
            else {}
        )
        some |= {"rows": options("r")} if kind.startswith("matrix") else {}
        ask(survey.sections.last(), f"k_{kind}", kind, hint=both("Hint"), **some)
    with translation.override(language):
        source = paper.source(Sheet.of(survey))
        assert paper.quoted(survey.title) in source
        assert all(paper.quoted(q.title) in source for q in survey.questions.exclude(name="words"))
        words = {"en": "Only if: question 1 is “Bus”", "hi": "“bus हिन्दी”"}[language]
        assert words in source
    got = browser(meera).get(f"{url(survey)}{language}.pdf")
    assert got["Content-Type"] == "application/pdf"
    assert got.content.startswith(b"%PDF-")
    assert len(got.content) > 10_000
    assert got["Content-Disposition"] == f'attachment; filename="way-to-school-{language}.pdf"'


def test_no_word_of_a_question_is_taken_for_a_command(survey):
    hostile = '#panic("x") $x$ \\" ]) *bold* @ref <label> `raw`\n= heading'
    survey.questions.filter(name="how").update(title=both(hostile, hostile))
    pdf = paper.as_pdf(Sheet.of(survey))
    assert pdf.startswith(b"%PDF-")


def test_the_page_of_the_form_is_not_empty_and_has_a_square_code(survey):
    png = typst.compile(
        paper.source(Sheet.of(survey)).encode(), format="png", ppi=60, font_paths=paper.FONTS, ignore_system_fonts=True
    )
    first = png[0] if isinstance(png, list) else png
    page = Image.open(BytesIO(first)).convert("L")
    dark = sum(page.histogram()[:100])
    assert dark > 2000
    assert re.search(r"<svg", paper.source(Sheet.of(survey)))


def test_a_form_that_came_back_is_entered_once_with_its_channel(survey, meera):
    desk = browser(meera)
    response = desk.post(url(survey), SENT)

    assert response.status_code == 302
    row = Response.objects.get()
    assert (row.channel, row.by_guest, row.person, row.completed_at is not None) == ("paper", True, None, True)
    line = Contribution.objects.get()
    assert (line.channel, line.person) == ("paper", None)
    assert line.reference in desk.get(url(survey)).content.decode()
    again = desk.post(url(survey), {**SENT, "number": " A-17 "})
    assert again.status_code == 422
    assert "was entered already" in again.content.decode()
    assert Response.objects.count() == 1
    assert Activity.objects.get().participant_count == 1
    assert Entry.objects.filter(verb="survey.enter_paper").count() == 1
    assert results_of(survey).guests == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": ""}, "Write the number that stands on the form."),
        ({"a-how": ""}, "This must be answered."),
        ({"a-minutes": ""}, "This must be answered."),
        ({"a-minutes": "many"}, "Write a number in digits"),
        ({"a-how": ["walk", "bus"]}, "Choose one option only."),
    ],
)
def test_a_form_that_cannot_be_entered_keeps_what_was_typed(survey, meera, change, words):
    response = browser(meera).post(url(survey), SENT | change)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert 'value="near" checked' in response.content.decode()
    assert Response.objects.count() == 0


def test_what_the_form_should_have_left_out_is_left_out(survey, meera):
    browser(meera).post(url(survey), SENT | {"a-how": "walk"})
    assert set(Response.objects.get().answers.values_list("question__name", flat=True)) == {"how", "why", "rate"}


def test_after_the_close_no_form_is_entered(survey, meera):
    Activity.objects.update(closes_at=timezone.now())
    assert browser(meera).post(url(survey), SENT).status_code == 422
    assert Response.objects.count() == 0


def test_only_the_institutions_people_enter_forms_and_print_them(survey, dev, mod, asha):
    for user, status in ((dev, 404), (mod, 404)):
        assert browser(user).post(url(survey), SENT).status_code == status
        assert browser(user).get(f"{url(survey)}en.pdf").status_code == status
    assert browser(asha).get(url(survey)).status_code in {302, 403}
    assert not rules.may_answer(AnonymousUser(), survey).allowed
    assert Response.objects.count() == 0


def test_the_screen_has_the_numbers_and_conditions_of_the_printed_form(survey, meera):
    page = browser(meera).get(url(survey)).content.decode()
    assert '<legend>2. About minutes *</legend><p class="quiet">Only if: question 1 is “Bus”</p>' in page
    assert "{how}" not in page.replace("You come by {how}", "")


def test_the_enter_key_in_a_box_enters_nothing_and_keeps_what_was_typed(survey, meera):
    desk = browser(meera)
    assert desk.get(url(survey)).content.decode().find('name="look"') < desk.get(url(survey)).content.decode().find(
        'name="number"'
    )
    response = desk.post(url(survey), {**SENT, "look": "1"})
    assert response.status_code == 200
    assert "Not entered yet." in response.content.decode()
    assert 'value="near" checked' in response.content.decode()
    assert Response.objects.count() == 0
