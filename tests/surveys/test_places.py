"""A place on the map: a state and perhaps a position, rounded before it is kept, never in what is published."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import Client

from surveys import building, checks, conditions, exporting, paths, values
from surveys.answering import Respondent, begin, keep, send
from surveys.asking import Box, Sheet, Walk
from surveys.models import Answer, Question, Response, Survey
from surveys.results import results_of
from tests.admin.forms import fields_of
from tests.surveys.conftest import HTMX, add_section, ask, both, options

pytestmark = pytest.mark.django_db
STATES = [
    {"code": "7", "text": {"en": "Delhi", "hi": "दिल्ली"}},
    {"code": "9", "text": {"en": "Uttar Pradesh", "hi": "उत्तर प्रदेश"}},
]


@pytest.fixture
def asked(make_survey) -> Survey:
    """Where is it, and only in Delhi: which line?"""
    survey = make_survey("stops", guests=True)
    section = add_section(survey)
    ask(section, "spot", "place", options=STATES, required=True)
    ask(section, "line", "single", options=options("red", "blue"), shown_when="{spot.state} = '7'")
    return survey


def read(survey: Survey, state: str, point: str = "") -> object:
    typed = QueryDict(mutable=True)
    typed.update({"a-spot-state": state, "a-spot-point": point})
    return values.read(survey.questions.get(name="spot"), typed)


@pytest.mark.parametrize(
    ("state", "point", "kept"),
    [
        ("7", "", {"state": "7"}),
        ("", "", None),
        ("7", "28.613939, 77.209023", {"state": "7", "lat": 28.61, "lon": 77.21}),
        ("7", "28.6139° N, 77.2090° E", {"state": "7", "lat": 28.61, "lon": 77.21}),
        ("7", "२८.६१ ७७.२१", {"state": "7", "lat": 28.61, "lon": 77.21}),
        ("9", "27;80", {"state": "9", "lat": 27.0, "lon": 80.0}),
    ],
)
def test_a_position_is_kept_to_about_a_kilometre(asked, state, point, kept):
    assert read(asked, state, point) == kept


@pytest.mark.parametrize(
    ("state", "point", "words"),
    [
        ("8", "", "Choose one of the options"),
        ("7", "somewhere", "Write latitude and longitude in degrees"),
        ("7", "28.61", "Write latitude and longitude in degrees"),
        ("7", "28.61, 77.21, 3", "Write latitude and longitude in degrees"),
        ("7", "28.61," + " " * 60_000 + "77.21", "Write latitude and longitude in degrees"),
        ("7", "-28.61, 77.21", "Write latitude and longitude in degrees"),
        ("7", "77.21, 28.61", "The latitude comes first"),
        ("7", "51.50, 0.12", "not in India"),
        ("", "28.61, 77.21", "Choose the state or union territory too."),
    ],
)
def test_what_is_no_place_in_india_is_refused_in_words(asked, state, point, words):
    with pytest.raises(ValidationError, match=words):
        read(asked, state, point)


def test_its_page_works_by_typing_and_may_ask_the_device_where_it_is(asked, reader):
    url = "/surveys/stops/part-1/"
    page = reader.get(url)
    assert "geolocation=(self)" in page["Permissions-Policy"]
    assert 'data-position="point-spot"' in page.content.decode()
    typed = {**fields_of(page), "a-spot-state": "7", "a-spot-point": "near the mill"}
    wrong = reader.post(url, typed)
    assert wrong.status_code == 422
    assert fields_of(wrong)["a-spot-state"] == "7"
    assert fields_of(wrong)["a-spot-point"] == "near the mill"
    reader.post(url, {**typed, "a-spot-point": "28.6139, 77.2090"})
    assert Answer.objects.get().value == {"state": "7", "lat": 28.61, "lon": 77.21}
    again = fields_of(reader.get(url))
    assert (again["a-spot-state"], again["a-spot-point"]) == ("7", "28.61, 77.21")
    assert "Delhi · 28.61, 77.21" in reader.get("/surveys/stops/review/").content.decode()


def test_no_other_page_of_a_survey_may_ask_where_the_device_is(survey, reader):
    page = reader.get(f"/surveys/{survey.slug}/part-1/")
    assert "geolocation=()" in page["Permissions-Policy"]
    assert "surveys.js" not in page.content.decode()


def test_an_answer_of_its_own_is_kept_and_opens_what_depends_on_the_state(asked, reader):
    sent = {"shown": ["spot"], "a-spot-state": "7", "a-spot-point": ""}
    page = reader.post("/surveys/stops/part-1/spot/", sent, headers=HTMX).content.decode()
    assert 'id="q-line"' in page
    page = reader.post(
        "/surveys/stops/part-1/spot/", {**sent, "shown": ["spot", "line"], "a-spot-state": "9"}, headers=HTMX
    )
    assert 'id="q-line"' not in page.content.decode()
    assert reader.post("/surveys/stops/part-1/spot/", sent).status_code == 302


def test_conditions_on_its_state_are_checked_before_publishing(asked):
    assert checks.lacking(Sheet.of(asked)) == []
    assert paths.example(Sheet.of(asked).form, "line") == {"spot": {"state": "7"}}
    asked.questions.filter(name="line").update(shown_when="{spot.state} = '99'")
    assert checks.lacking(Sheet.of(asked)) == ["line: its condition names an answer that “spot” does not have."]
    assert not conditions.holds(conditions.parse("{spot.state} = '7'"), {"spot": {"state": "9"}})


def test_a_condition_in_rows_asks_for_its_state(meera, make_survey):
    survey = make_survey("stops", state="draft", published_at=None, author=meera)
    section = add_section(survey)
    ask(section, "spot", "place", options=STATES)
    line = ask(section, "line", "short")
    desk = Client()
    desk.force_login(meera)
    url = f"/admin/surveys/question/{line.pk}/change/"
    desk.post(url, {**fields_of(desk.get(url)), "when_1": "spot", "op_1": "=", "value_1": "Delhi", "_save": "1"})
    line.refresh_from_db()
    assert line.shown_when == "{spot.state} = '7'"


def test_its_options_are_the_states_and_nobody_types_them(meera, make_survey):
    survey = make_survey("stops", state="draft", published_at=None, author=meera)
    question = Question(section=add_section(survey), name="spot", kind="place", title=both("Where?"))
    building.write_question(question, meera)
    assert question.options == building.states()


def answered(survey: Survey, people: list[tuple[str, dict[str, object]]]) -> None:
    sheet = Sheet.of(survey)
    for key, given in people:
        response = begin(survey, Respondent(Client().request().wsgi_request.user, key))
        keep(response, sheet, {sheet.by_name[name]: value for name, value in given.items()})
        send(response, sheet)


def test_exports_have_the_same_columns_whatever_was_answered_and_microdata_no_position(asked):
    delhi = {"state": "7", "lat": 28.61, "lon": 77.21}
    people = [(f"d{n}", {"spot": delhi, "line": "red"}) for n in range(11)]
    answered(asked, [*people, ("u", {"spot": {"state": "9"}})])
    lines = list(exporting.table(asked))
    assert lines[0][6:] == ["spot__state", "spot__lat", "spot__lon", "line"]
    assert lines[1][6:] == ["7", 28.61, 77.21, "red"]
    assert lines[-1][6:] == ["9", "", "", ""]

    columns, rows, left_out = exporting.microdata(asked)
    assert columns == ["spot__state", "line"]
    assert left_out == 1  # the only one of their state
    assert rows == [{"spot__state": "7", "line": "red"}] * 11

    book = list(csv.reader(StringIO("".join(exporting.as_csv(exporting.codebook(asked))))))
    assert [line[0] for line in book[1:]] == ["spot__state", "spot__state", "spot__lat", "spot__lon", "line", "line"]
    assert book[3][8] == "degrees, rounded to 0.01"


def test_results_count_its_states_and_never_its_positions(asked):
    answered(asked, [(f"d{n}", {"spot": {"state": "7" if n else "9", "lat": 28.0 + n, "lon": 77.0}}) for n in range(3)])
    (block,) = results_of(asked).questions[0].blocks
    assert [(bar.words, bar.guests) for bar in block.bars] == [("Delhi", 2), ("Uttar Pradesh", 1)]


def test_on_paper_its_state_and_position_are_entered_like_any_other_answer(asked, meera):
    desk = Client()
    desk.force_login(meera)
    url = f"/admin/surveys/survey/{asked.pk}/paper/"
    page = desk.get(url)
    assert "surveys.js" not in page.content.decode()
    desk.post(url, {**fields_of(page), "number": "1", "a-spot-state": "9", "a-spot-point": "26.85 80.95"})
    assert Response.objects.get().answers.get().value == {"state": "9", "lat": 26.85, "lon": 80.95}


def test_a_box_without_an_answer_shows_nothing(asked):
    box = Box(Walk(Sheet.of(asked)), asked.questions.get(name="spot"))
    assert (box.point, [option["chosen"] for option in box.options]) == ("", [False, False])
