"""Numbers are what was answered; nothing shows before its time, and nobody can be recognised in a small cell."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import timedelta
from io import BytesIO, StringIO
from itertools import product
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from commons.activities.models import Activity
from commons.audit.models import Entry
from commons.directory.models import Post
from surveys import answering, coding, columns, crosstabs, exporting
from surveys.anonymous import ANY, anonymised
from surveys.answering import Respondent
from surveys.asking import Sheet
from surveys.models import Answer, Coded, Question, Response, Survey
from surveys.results import results_of
from tests.cast import person
from tests.surveys.conftest import add_section, ask, options

pytestmark = pytest.mark.django_db
PAGE = "/surveys/way-to-school/results/"


def answer(survey: Survey, who: Any, **given: Any) -> Response:
    sheet = Sheet.of(survey)
    response = answering.begin(survey, who if isinstance(who, Respondent) else Respondent(who))
    answering.keep(response, sheet, {sheet.by_name[name]: value for name, value in given.items()})
    return answering.send(response, sheet)


@pytest.fixture
def answered(survey) -> Survey:
    """Twelve people and three guests; what each said can be counted by hand."""
    Survey.objects.update(guests=True)
    survey.refresh_from_db()
    for n in range(12):
        given = {"how": "bus", "minutes": 10 * (n + 1)} if n < 8 else {"how": "walk"}
        answer(
            survey,
            person(f"c{n}"),
            **given,
            why=["near", "safe"][: 1 + n % 2],
            rate={"road": "good" if n < 9 else "bad"},
        )
    for n in range(3):
        answer(survey, Respondent(AnonymousUser(), f"guest-key-{n}"), how="walk")
    unfinished = answering.begin(survey, Respondent(person("late")))
    answering.keep(unfinished, Sheet.of(survey), {Sheet.of(survey).by_name["how"]: "walk"})
    return survey


@pytest.fixture
def analyst(education) -> Client:
    user = person("anil", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.ANALYST, institution=education)
    client = Client()
    client.force_login(user)
    return client


def numbers(survey: Survey, name: str, block: int = 0) -> list[tuple[str, int, int, int, int]]:
    result = next(r for r in results_of(survey).questions if r.question.name == name)
    return [(bar.words, bar.n, bar.of, bar.percent, bar.guests) for bar in result.blocks[block].bars]


def test_the_numbers_are_those_counted_by_hand(answered):
    found = results_of(answered)

    assert (found.people, found.guests, found.unfinished) == (12, 3, 1)
    assert numbers(answered, "how") == [("Walk", 4, 12, 33, 3), ("Bus", 8, 12, 67, 0)]
    assert numbers(answered, "why") == [("Near", 12, 12, 100, 0), ("Cheap", 0, 12, 0, 0), ("Safe", 6, 12, 50, 0)]
    assert numbers(answered, "rate", 0) == [("Good", 9, 12, 75, 0), ("Bad", 3, 12, 25, 0)]
    assert numbers(answered, "rate", 1) == [("Good", 0, 0, 0, 0), ("Bad", 0, 0, 0, 0)]
    minutes = next(r for r in found.questions if r.question.name == "minutes")
    assert (minutes.n, float(minutes.mean), minutes.median, minutes.too_few) == (8, 45.0, 45.0, True)


def test_a_ranking_shows_mean_places(make_survey):
    survey = make_survey()
    ask(add_section(survey), "order", "ranking", options=options("x", "y", "z"))
    for n, order in enumerate(["xyz", "xzy", "yxz"]):
        answer(survey, person(f"c{n}"), order=list(order))
    bars = results_of(survey).questions[0].blocks[0].bars
    assert [(bar.words, round(bar.mean_place, 2)) for bar in bars] == [("X", 1.33), ("Y", 2.0), ("Z", 2.67)]


def test_an_answer_that_is_hidden_is_not_counted(answered):
    bus = Response.objects.get(person__display_name="C0")
    sheet = Sheet.of(answered)
    answering.keep(bus, sheet, {sheet.by_name["how"]: "walk"})
    assert next(r for r in results_of(answered).questions if r.question.name == "minutes").n == 7


# -- when, and for whom --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("policy", "closed_for", "seen"),
    [
        ("always", None, True), ("after_close", None, False), ("after_close", timedelta(minutes=1), True),
        ("officials_first", timedelta(hours=47), False), ("officials_first", timedelta(hours=49), True),
    ],
)  # fmt: skip
def test_citizens_see_results_when_the_policy_says_so(client, answered, policy, closed_for, seen):
    Survey.objects.update(results=policy)
    if closed_for:
        now = timezone.now()
        Activity.objects.update(opens_at=now - timedelta(days=9), closes_at=now - closed_for)
    page = client.get(PAGE)

    assert page.status_code == 200
    assert "public" in page["Cache-Control"]
    text = page.content.decode()
    assert ("12 people answered" in text) is seen
    assert ('class="bar"' in text) is seen
    assert ("Self-selected, not a sample." in text) is seen
    assert ("See the results" in client.get("/surveys/way-to-school/").content.decode()) is seen


def test_officials_and_analysts_see_them_first_and_others_do_not(answered, meera, dev, asha, analyst):
    Survey.objects.update(results="officials_first")
    seen = {}
    for user in (meera, dev, asha):
        client = Client()
        client.force_login(user)
        seen[user.display_name] = 'class="bar"' in client.get(PAGE).content.decode()
    assert seen == {"Meera": True, "Dev": False, "Asha": False}
    assert 'class="bar"' in analyst.get(PAGE).content.decode()


def test_of_fewer_than_ten_nothing_is_shown(client, survey):
    Survey.objects.update(results="always")
    for n in range(9):
        answer(survey, person(f"c{n}"), how="walk")
    assert 'class="bar"' not in client.get(PAGE).content.decode()
    answer(survey, person("tenth"), how="walk", words="Mine alone")
    text = client.get(PAGE).content.decode()
    assert 'class="bar"' in text
    assert "Mine alone" not in text


def test_results_ask_as_often_for_three_answers_as_for_thirty(client, answered):
    Survey.objects.update(results="always")
    counted = []
    for more in range(2):
        for n in range(20 * more):
            answer(answered, person(f"more{n}"), how="walk")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        counted.append(len(queries))
    assert counted == [5, 5]


# -- the analysts' pages -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "url", ["", "themes/{words}/", "answers.csv", "answers.xlsx", "codebook.csv", "microdata.csv", "file/1/"]
)
def test_only_those_who_evaluate_it_come_to_its_answers(answered, url, analyst, dev, mod, asha):
    words = answered.questions.get(name="words").pk
    address = f"/admin/surveys/survey/{answered.pk}/evaluation/{url.format(words=words)}"
    seen = []
    for user in (dev, mod, asha, None):
        client = Client()
        if user:
            client.force_login(user)
        seen.append(client.get(address).status_code)
    assert seen[:2] == [404, 404]
    assert set(seen[2:]) <= {302, 403, 404}
    before = Entry.objects.filter(verb="survey.read").count()
    assert analyst.get(address).status_code == (404 if url.startswith("file") else 200)
    assert Entry.objects.filter(verb="survey.read").count() == before + (not url.startswith("file"))


def test_two_questions_against_one_another_hide_small_cells(answered, analyst):
    how, other = (
        answered.questions.get(name="how"),
        ask(answered.sections.get(slug="part-1"), "other", "single", options=options("x", "y")),
    )
    for n, row in enumerate(Response.objects.sent().filter(by_guest=False)):
        Answer.objects.create(response=row, question=other, value="x" if n < 11 else "y")
    page = analyst.get(
        f"/admin/surveys/survey/{answered.pk}/evaluation/?rows={how.pk}&columns={other.pk}"
    ).content.decode()
    assert page.count("hidden: too few") == 4


@settings(max_examples=300)
@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=5))
def test_no_hidden_cell_can_be_worked_out_by_subtraction(cells):
    rows, heads = [str(n) for n in range(len(cells))], ["a", "b", "c"]
    counts = {(row, head): cells[y][x] for (y, row), (x, head) in product(enumerate(rows), enumerate(heads))}
    table = crosstabs.safe(counts, rows, heads)

    for line in [*table, *map(list, zip(*table, strict=True))]:
        assert line.count(None) != 1
    for y, line in enumerate(table):
        for x, n in enumerate(line):
            assert n is None or (n == cells[y][x] and not 0 < n < 10)


def test_open_answers_are_sorted_with_suggestions_from_those_like_them(answered, analyst):
    question = answered.questions.get(name="words")
    texts = ["The bus comes too late", "The bus comes much too late", "The road is broken"]
    rows = [
        Answer.objects.create(response=r, question=question, value=t)
        for r, t in zip(Response.objects.sent(), texts, strict=False)
    ]
    url = f"/admin/surveys/survey/{answered.pk}/evaluation/themes/{question.pk}/"
    analyst.post(url, {"act": "theme", "name": " Late   buses "})
    theme = question.themes.get()
    assert theme.name == "Late buses"
    analyst.post(url, {"act": "sort", "done": [rows[0].pk], f"themes-{rows[0].pk}": [theme.pk]})

    assert [(row.answer.value, row.suggested) for row in coding.waiting(question)] == [
        (texts[1], {theme.pk}), (texts[2], set())
    ]  # fmt: skip
    page = analyst.get(url).content.decode()
    assert page.count(" checked") == 1
    analyst.post(url, {"act": "sort", "done": [rows[1].pk, rows[2].pk], f"themes-{rows[1].pk}": [theme.pk, 999999]})
    assert coding.waiting(question) == []
    assert coding.themes_of(question) == [(theme.pk, "Late buses", 2)]
    assert Coded.objects.filter(theme=None).count() == 1


def test_answers_of_another_question_are_not_sorted(answered, analyst):
    question = answered.questions.get(name="words")
    foreign = Answer.objects.filter(question__name="how").first()
    analyst.post(
        f"/admin/surveys/survey/{answered.pk}/evaluation/themes/{question.pk}/", {"act": "sort", "done": [foreign.pk]}
    )
    assert Coded.objects.count() == 0


# -- files -------------------------------------------------------------------------------------------------
def read(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_columns_stand_in_the_questions_order_whatever_way_somebody_took(answered, analyst):
    lines = read(analyst.get(f"/admin/surveys/survey/{answered.pk}/evaluation/answers.csv"))

    assert lines[0] == [
        "number", "channel", "without_account", "language", "sent_on", "beyond_quota", "how", "minutes", "why__near", "why__cheap", "why__safe",
        "rate__road", "rate__light", "words",
    ]  # fmt: skip
    assert len(lines) == 16
    assert {len(line) for line in lines} == {14}
    assert lines[1][6:] == ["bus", "10", "1", "0", "0", "good", "", ""]
    assert lines[-1][2:4] == ["1", "en"]
    assert not any("@" in cell or "C0" in cell for line in lines for cell in line)


def test_a_second_version_has_columns_of_its_own(answered):
    old = answered.questions.get(name="how")
    Question.objects.filter(pk=old.pk).update(retired_at=timezone.now())
    ask(old.section, "how", "single", options=options("walk", "bus"), version=2)
    names = [c.name for c in columns.columns_of(columns.questions_of(answered))]
    assert names[:2] == ["how", "minutes"]
    assert "how_v2" in names


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_takes_no_answer_for_a_formula(answered, text, analyst):
    Answer.objects.create(
        response=Response.objects.sent().first(), question=answered.questions.get(name="words"), value=text
    )
    base = f"/admin/surveys/survey/{answered.pk}/evaluation/"
    assert read(analyst.get(f"{base}answers.csv"))[1][-1] == f"'{text}".replace("\r", "\n") or text == "\r=1"
    book = ZipFile(BytesIO(analyst.get(f"{base}answers.xlsx").content))
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_the_codebook_explains_every_column_in_both_languages(answered, analyst):
    lines = read(analyst.get(f"/admin/surveys/survey/{answered.pk}/evaluation/codebook.csv"))
    assert {line[0] for line in lines[1:]} == set(next(exporting.table(answered))) - set(exporting.ABOUT)
    assert [line for line in lines if line[0] == "how"] == [
        ["how", "About how", "About how (हिन्दी)", "single", "1", "", "", code, code.title(), f"{code} हिन्दी"]
        for code in ("walk", "bus")
    ]


@settings(max_examples=300)
@given(
    st.lists(st.fixed_dictionaries({"region": st.sampled_from("abcdefg"), "age": st.sampled_from("123"), "gender": st.sampled_from("fm"), "say": st.sampled_from("xyz")}), max_size=150),
    st.integers(2, 12),
)  # fmt: skip
def test_each_combination_in_the_microdata_fits_at_least_k_people(rows, k):
    quasi = ["region", "age", "gender"]
    kept, left_out = anonymised(rows, quasi, k)

    assert min(Counter(tuple(row[n] for n in quasi) for row in kept).values(), default=k) >= k
    assert len(kept) + left_out == len(rows)
    assert left_out < k or not kept or left_out < len(rows)
    for name in (*quasi, "say"):
        given_values = Counter(row[name] for row in rows)
        assert all(value == ANY or n <= given_values[value] for value, n in Counter(row[name] for row in kept).items())


def test_the_microdata_hold_no_free_text_and_no_rare_person(make_survey, analyst):
    survey = make_survey()
    section = add_section(survey)
    ask(section, "gender", "single", options=options("f", "m"), measures="gender")
    ask(section, "age", "single", options=options("young", "old"), measures="age")
    ask(section, "words", "long")
    ask(section, "pin", "pin")
    ask(section, "like", "scale")
    for n in range(25):
        answer(
            survey,
            person(f"c{n}"),
            gender="f" if n < 24 else "m",
            age="old" if n < 3 else "young",
            words="secret",
            pin="110001",
            like=n % 5 + 1,
        )
    lines = read(analyst.get(f"/admin/surveys/survey/{survey.pk}/evaluation/microdata.csv"))

    assert lines[0] == ["gender", "age", "like"]
    assert Counter(tuple(line[:2]) for line in lines[1:]) == {("f", "young"): 21}
