"""Tallies worked out by hand, and against a slow reference written from the definition, ballot by ballot."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polls import choices
from polls.models import Poll
from polls.tally import BALLOTS, NONE, points, tally

Method = Poll.Method


def counts_of(ballots: list[dict[int, int]]) -> Counter[tuple[int, int]]:
    """What the counts of these ballots are, as the database keeps them."""
    counted = Counter({BALLOTS: len(ballots)})
    for ballot in ballots:
        counted.update(ballot.items() if ballot else [NONE])
    return counted


def results(method, ballots, numbers=(1, 2, 3), **more):
    return {one.number: one.result for one in tally(method, counts_of(ballots), numbers, **more).options}


def order(method, ballots, numbers=(1, 2, 3), **more):
    return [one.number for one in tally(method, counts_of(ballots), numbers, **more).options]


@pytest.mark.parametrize("method", ["single", "pictures", "yes_no"])
def test_one_choice_is_counted(method):
    found = tally(method, counts_of([{1: 1}, {2: 1}, {2: 1}, {}]), (1, 2, 3))
    assert [(one.number, one.result, one.share) for one in found.options] == [
        (2, 2, Fraction(1, 2)), (1, 1, Fraction(1, 4)), (3, 0, 0),
    ]  # fmt: skip
    assert (found.ballots, found.none) == (4, 1)


def test_several_choices_are_shares_of_ballots():
    found = tally("multiple", counts_of([{1: 1, 2: 1}, {2: 1}]), (1, 2, 3))
    assert [(one.number, one.share) for one in found.options] == [(2, 1), (1, Fraction(1, 2)), (3, 0)]


# Three voters rank A B C, one B C A, one C only. By hand:
RANKED = [{1: 1, 2: 2, 3: 3}] * 3 + [{2: 1, 3: 2, 1: 3}, {3: 1}]


def test_borda_by_hand():
    # A: 3·3 + 1 = 10; B: 3·2 + 3 = 9; C: 3·1 + 2 + 3 = 8
    assert results("ranked", RANKED, ranking="borda") == {1: 10, 2: 9, 3: 8}


def test_dowdall_by_hand():
    # A: 3·60 + 20 = 200; B: 3·30 + 60 = 150; C: 3·20 + 30 + 60 = 150
    assert results("ranked", RANKED, ranking="dowdall") == {1: 200, 2: 150, 3: 150}


def test_the_points_of_places():
    assert [points(i, 5, "borda") for i in range(5)] == [5, 4, 3, 2, 1]
    assert [points(i, 5, "dowdall") for i in range(5)] == [60, 30, 20, 15, 12]
    assert points(6, 9, "dowdall") == Fraction(60, 7)


def test_the_two_ways_of_counting_can_differ():
    ballots = [{1: 1, 2: 2, 3: 3}] * 5 + [{2: 1, 3: 2, 1: 3}] * 4
    assert results("ranked", ballots, ranking="borda") == {1: 19, 2: 22, 3: 13}
    assert results("ranked", ballots, ranking="dowdall") == {1: 380, 2: 390, 3: 220}
    ballots = [{1: 1, 2: 2, 3: 3}] * 6 + [{2: 1, 3: 2, 1: 3}] * 4
    assert order("ranked", ballots, ranking="borda") == [2, 1, 3]  # 22, 24, 14
    assert order("ranked", ballots, ranking="dowdall") == [1, 2, 3]  # 440, 420, 240


def test_a_score_is_the_mean_of_who_scored():
    assert results("score", [{1: 5, 2: 0}, {1: 2}, {2: 3}]) == {1: Fraction(7, 2), 2: Fraction(3, 2), 3: 0}


def test_a_score_of_nought_is_an_opinion():
    assert results("score", [{1: 0}, {1: 4}])[1] == 2


def test_dots_are_added_up():
    found = tally("dots", counts_of([{1: 5, 2: 3}, {2: 8}]), (1, 2, 3))
    assert [(one.number, one.result, one.share) for one in found.options] == [
        (2, 11, Fraction(11, 16)), (1, 5, Fraction(5, 16)), (3, 0, 0),
    ]  # fmt: skip


def test_a_budget_pays_in_the_order_of_support_and_passes_over_what_does_not_fit():
    ballots = [{1: 1, 3: 1}, {1: 1, 2: 1}, {1: 1, 2: 1, 3: 1}, {1: 1}, {3: 1}]
    found = tally("budget", counts_of(ballots), (1, 2, 3), costs={1: 60, 2: 30, 3: 50}, budget=100)
    assert [(one.number, one.ballots, one.funded) for one in found.options] == [
        (1, 4, True), (3, 3, False), (2, 2, True),
    ]  # fmt: skip


def test_with_the_same_support_the_cheaper_is_paid_first():
    found = tally("budget", counts_of([{1: 1, 2: 1}]), (1, 2), costs={1: 80, 2: 50}, budget=100)
    assert {one.number for one in found.options if one.funded} == {2}


def test_nobody_has_voted():
    for method in Method.values:
        found = tally(method, {}, (1, 2))
        assert [(one.result, one.share) for one in found.options] == [(0, 0), (0, 0)]


# -- the slow reference ------------------------------------------------------------------------------------------------

NUMBERS = tuple(range(1, 6))
COSTS = {1: 10, 2: 25, 3: 40, 4: 55, 5: 70}


def ranking_of(numbers: list[int]) -> dict[int, int]:
    return {number: place for place, number in enumerate(numbers, start=1)}


subset = st.sets(st.sampled_from(NUMBERS), max_size=5)
BALLOT = {
    Method.SINGLE: st.one_of(st.just({}), st.sampled_from(NUMBERS).map(lambda n: {n: 1})),
    Method.MULTIPLE: subset.map(lambda chosen: dict.fromkeys(chosen, 1)),
    Method.BUDGET: subset.map(lambda chosen: dict.fromkeys(chosen, 1)),
    Method.RANKED: st.lists(st.sampled_from(NUMBERS), unique=True).map(ranking_of),
    Method.SCORE: st.dictionaries(st.sampled_from(NUMBERS), st.integers(0, 5)),
    Method.DOTS: st.dictionaries(st.sampled_from(NUMBERS), st.integers(1, 8)),
}


def slow(method: str, ballots: list[dict[int, int]], number: int, ranking: str) -> Fraction:
    """One option's result from the definition: goes through every ballot."""
    total, scored = Fraction(0), 0
    for ballot in ballots:
        if number not in ballot:
            continue
        scored += 1
        if method == Method.RANKED and ranking == "borda":
            total += len(NUMBERS) + 1 - ballot[number]
        elif method == Method.RANKED:
            total += Fraction(60, ballot[number])
        else:
            total += ballot[number]
    return total / scored if method == Method.SCORE and scored else total


@pytest.mark.parametrize("ranking", ["borda", "dowdall"])
@pytest.mark.parametrize("method", list(BALLOT))
@given(data=st.data())
def test_every_tally_is_what_the_definition_says(method, ranking, data):
    ballots = data.draw(st.lists(BALLOT[method], max_size=12))
    found = tally(method, counts_of(ballots), NUMBERS, ranking=ranking, costs=COSTS, budget=100)
    assert {one.number: one.result for one in found.options} == {
        number: slow(method, ballots, number, ranking) for number in NUMBERS
    }
    assert found.none == sum(not ballot for ballot in ballots)
    assert [one.result for one in found.options] == sorted((one.result for one in found.options), reverse=True)
    assert all(0 <= one.share <= 1 for one in found.options)
    if method == Method.BUDGET:
        paid = [one.number for one in found.options if one.funded]
        assert sum(COSTS[number] for number in paid) <= 100


@given(st.dictionaries(st.integers(1, 18), st.integers(0, 99)))
def test_a_choice_is_read_as_it_was_written(values):
    assert choices.read(choices.write(values)) == values
    assert len(choices.write(values)) <= 200
