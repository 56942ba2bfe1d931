"""Raking meets the census or says how far it stayed away; quotas never overflow, and nobody is turned away."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.db.models import F
from django.test import Client
from hypothesis import assume, given
from hypothesis import strategies as st

from surveys import answering, quotas, raking
from surveys.asking import Sheet
from surveys.models import CensusShare, CensusTable, Quota, Response, Survey
from surveys.weighing import weighing_of
from tests.cast import person
from tests.surveys.conftest import add_section, ask, options
from tests.surveys.test_results import answer

SHARES = st.lists(st.integers(1, 100), min_size=3, max_size=3).map(
    lambda n: dict(zip("xyz", map(float, n), strict=True))
)


# -- raking, by hand and by chance ------------------------------------------------------------------------
def test_one_variable_is_met_exactly_as_counted_by_hand():
    """Three of four are women, the census has half: each woman counts 2/3, the man 2."""
    found = raking.rake({("f",): 3, ("m",): 1}, [("gender", {"f": 50, "m": 50})])

    assert found.of == pytest.approx({("f",): 2 / 3, ("m",): 2.0})
    assert (found.converged, found.trimmed) == (True, 0)
    assert raking.design_effect(found.of, {("f",): 3, ("m",): 1}) == pytest.approx(4 * (3 * 4 / 9 + 4) / 16)


def test_equal_weights_have_no_design_effect():
    assert raking.design_effect({("x",): 1.0, ("y",): 1.0}, {("x",): 5, ("y",): 9}) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("counts", "shares", "score"),
    [({"a": 1, "b": 1}, {"a": 1, "b": 1}, 100), ({"a": 5}, {"b": 1}, 0), ({"a": 3, "b": 1}, {"a": 1, "b": 1}, 75), ({}, {"a": 1}, 0)],
)  # fmt: skip
def test_likeness_is_what_its_formula_says(counts, shares, score):
    assert raking.representativeness(counts, shares) == pytest.approx(score)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("xyz"), st.sampled_from("xyz")), st.integers(1, 60), min_size=9, max_size=9
    ),
    SHARES,
    SHARES,
)
def test_weighted_shares_are_the_censuss_or_the_gap_is_said(cells, first, second):
    found = raking.rake(cells, [("one", first), ("two", second)])

    assert sum(w * cells[c] for c, w in found.of.items()) == pytest.approx(sum(cells.values()))
    gaps = []
    for place, shares in ((0, first), (1, second)):
        sums: dict[str, float] = {}
        for cell, weight in found.of.items():
            sums[cell[place]] = sums.get(cell[place], 0) + weight * cells[cell]
        total, whole = sum(sums.values()), sum(shares.values())
        gaps += [abs(sums[c] / total - share / whole) for c, share in shares.items()]
    assert max(gaps) == pytest.approx(found.gap, abs=1e-9)
    assert found.converged == (max(gaps) <= raking.CLOSE)
    assert found.converged or found.trimmed or found.rounds == raking.ROUNDS
    assert raking.design_effect(found.of, cells) >= 1 - 1e-9


@given(SHARES, st.integers(2, 50))
def test_a_category_without_anybody_cannot_be_weighted(shares, n):
    assume(n)
    with pytest.raises(raking.Impossible) as refused:
        raking.rake({("x",): n, ("y",): n}, [("one", shares)])
    assert refused.value.missing == [("one", "z")]


# -- the census ---------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_census_of_2011_comes_in_once(capsys):
    for _twice in range(2):
        call_command("import_census")
    assert CensusTable.objects.count() == 1
    people = {
        m: sum(CensusShare.objects.filter(measure=m).values_list("people", flat=True)) for m in ("region", "gender")
    }
    assert people == {"region": 1_210_854_977, "gender": 1_210_854_977}
    assert CensusShare.objects.filter(measure="region").count() == 36


@pytest.mark.django_db
@pytest.mark.parametrize(
    "lines", ["", "a,b,c\n1,2,3", "measure,category,people\nregion,1,many", "measure,category,people\nshoe,1,5",
              "measure,category,people\nage,1,5\nage,1,6", "measure,category,people\nage,1,0"],
)  # fmt: skip
def test_a_census_that_cannot_be_read_changes_nothing(tmp_path: Path, lines):
    call_command("import_census", verbosity=0)
    before = CensusShare.objects.count()
    file = tmp_path / "census.csv"
    file.write_text(lines)
    with pytest.raises(CommandError):
        call_command("import_census", str(file))
    with pytest.raises(CommandError):
        call_command("import_census", str(tmp_path / "nothing.csv"))
    assert CensusShare.objects.count() == before


# -- in a survey --------------------------------------------------------------------------------------------
@pytest.fixture
def measured(make_survey) -> Survey:
    table = CensusTable.objects.create(slug="small", name="Small census", source="x")
    CensusShare.objects.create(table=table, measure="gender", category="f", people=50)
    CensusShare.objects.create(table=table, measure="gender", category="m", people=50)
    survey = make_survey(census=table)
    section = add_section(survey)
    ask(section, "sex", "single", options=options("f", "m", "o"), measures="gender")
    ask(section, "like", "single", options=options("yes", "no"))
    return survey


@pytest.mark.django_db
def test_weights_move_the_shares_and_say_what_they_cost(measured, meera):
    for n in range(12):
        answer(measured, person(f"c{n}"), sex="f" if n < 9 else "m", like="yes" if n < 9 else "no")
    answer(measured, person("other"), sex="o", like="yes")
    found = weighing_of(measured)

    assert (found.people, found.weighed) == (13, 12)
    like = measured.questions.get(name="like").pk
    assert found.shares[like, "no"] == pytest.approx(50.0)
    assert found.design_effect == pytest.approx(12 * (9 * (2 / 3) ** 2 + 3 * 4) / 144)
    assert found.likeness[0].score == pytest.approx(100 * (1 - (abs(9 / 13 - 0.5) + abs(3 / 13 - 0.5) + 1 / 13) / 2))
    client = Client()
    client.force_login(meera)
    page = client.get(f"/admin/surveys/survey/{measured.pk}/evaluation/").content.decode()
    assert "Design effect (Kish) 1.33" in page
    assert "Raking converged after 1 rounds." in page


@pytest.mark.django_db
def test_a_respect_in_which_somebody_is_missing_is_left_out_and_said(measured):
    for n in range(11):
        answer(measured, person(f"c{n}"), sex="f", like="yes")
    found = weighing_of(measured)
    assert found.weights is None
    assert found.likeness[0].missing == ["M"]


@pytest.mark.django_db
def test_whoever_comes_after_a_quota_is_full_is_counted_apart_and_can_change_sides(measured):
    women = Quota.objects.create(survey=measured, gender="f", most=1)
    everybody = Quota.objects.create(survey=measured, most=10)
    first, second = (answer(measured, person(f"c{n}"), sex="f") for n in range(2))
    man = answer(measured, person("man"), sex="m")

    assert [Response.objects.get(pk=r.pk).over_quota for r in (first, second, man)] == [False, True, False]
    assert [Quota.objects.get(pk=q.pk).taken for q in (women, everybody)] == [1, 2]
    sheet = Sheet.of(measured)
    answering.keep(first, sheet, {sheet.by_name["sex"]: "m"})
    assert [Quota.objects.get(pk=q.pk).taken for q in (women, everybody)] == [0, 2]
    answering.keep(second, sheet, {sheet.by_name["sex"]: "f"})
    assert Response.objects.get(pk=second.pk).over_quota is False
    assert [Quota.objects.get(pk=q.pk).taken for q in (women, everybody)] == [1, 3]


@pytest.mark.django_db(transaction=True)
def test_two_who_send_at_once_never_overfill_a_quota(measured):
    Quota.objects.create(survey=measured, gender="f", most=3)
    people = [person(f"c{n}") for n in range(8)]
    failed: list[BaseException] = []

    def send(who: Any) -> None:
        try:
            answer(measured, who, sex="f")
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    senders = [threading.Thread(target=send, args=(who,)) for who in people]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    assert failed == []
    assert Quota.objects.get().taken == 3
    assert Response.objects.filter(over_quota=False).count() == 3


@pytest.mark.django_db
def test_the_database_itself_keeps_a_quota(measured):
    """The control: without looking for room, the database refuses the one too many."""

    Quota.objects.create(survey=measured, most=1, taken=1)
    assert quotas.fitting(measured.pk, {})
    with pytest.raises(IntegrityError):
        Quota.objects.update(taken=F("taken") + 1)
