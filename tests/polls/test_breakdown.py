"""Tables by group hide what could tell who somebody is, and whatever it could be worked out from."""

from fractions import Fraction

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from commons.directory import regions
from commons.directory.models import Region
from polls import sealing, tiles
from polls.suppression import FEWEST, hidden_cells
from tests.polls.conftest import cast, counted, set_window

small = st.integers(0, 60)
tables = st.integers(1, 5).flatmap(
    lambda columns: st.lists(
        st.lists(small, min_size=columns, max_size=columns).map(tuple), min_size=1, max_size=6
    ).map(tuple)
)


def worked_out(table: tuple[tuple[int, ...], ...], hidden: frozenset[tuple[int, int]]) -> set[tuple[int, int]]:
    """An attacker who knows every total and every shown cell: the hidden ones that follow from the equations.

    A cell follows when its unit vector is a combination of the lines' equations (Gaussian elimination, exactly).
    """
    unknown = sorted(hidden)
    rows = range(len(table))
    columns = range(len(table[0]))
    lines = [[cell for cell in unknown if cell[0] == r] for r in rows] + [
        [cell for cell in unknown if cell[1] == c] for c in columns
    ]
    matrix = [[Fraction(cell in line) for cell in unknown] for line in lines if line]
    rank = 0
    for column in range(len(unknown)):
        pivot = next((r for r in range(rank, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[rank], matrix[pivot] = matrix[pivot], matrix[rank]
        matrix[rank] = [value / matrix[rank][column] for value in matrix[rank]]
        for r in range(len(matrix)):
            if r != rank and matrix[r][column]:
                matrix[r] = [a - matrix[r][column] * b for a, b in zip(matrix[r], matrix[rank], strict=True)]
        rank += 1
    alone = [row for row in matrix if sum(map(bool, row)) == 1]
    return {unknown[next(i for i, value in enumerate(row) if value)] for row in alone}


def is_whole(table, hidden) -> bool:
    """Everything is hidden: there is nothing more that could be."""
    return len(hidden) == len(table) * len(table[0])


@given(tables)
def test_no_small_number_is_shown_and_none_can_be_worked_out(table):
    hidden = hidden_cells(table)
    assert all((r, c) in hidden for r, row in enumerate(table) for c, n in enumerate(row) if n < FEWEST)
    if hidden and not is_whole(table, hidden) and len(table) > 1 and len(table[0]) > 1:
        left = worked_out(table, hidden)
        lines_full = {
            cell for cell in left
            if all((cell[0], c) in hidden for c in range(len(table[0]))) and all((r, cell[1]) in hidden for r in range(len(table)))
        }  # fmt: skip
        assert left <= lines_full


def test_the_attack_finds_what_hiding_only_small_numbers_leaves_open():
    """The control: without complements, the totals give the hidden cell away."""
    table = ((40, 30, 3), (50, 20, 20))
    assert worked_out(table, frozenset({(0, 2)})) == {(0, 2)}
    assert worked_out(table, hidden_cells(table)) == set()


def test_by_hand():
    # 3 is small; its row needs a second one (30 is the smallest shown), and so do both their columns.
    assert hidden_cells(((40, 30, 3), (50, 20, 20))) == {(0, 2), (0, 1), (1, 2), (1, 1)}
    assert hidden_cells(((40, 30), (50, 20))) == frozenset()


# -- on the page -------------------------------------------------------------------------------------------------------


@pytest.fixture
def by_groups(make_poll, people):
    """30 people of Kerala, 25 of Goa, 3 of Sikkim and 20 of nowhere; 40 women, the others have not said."""
    poll = make_poll(options=("Red", "Green"))
    for code, name, many in ((32, "Kerala", 30), (30, "Goa", 25), (11, "Sikkim", 3), (0, "", 20)):
        state = Region.objects.create(level="state", lgd_code=code, name=name) if code else None
        for place, person in enumerate(people(many, state=state, gender="f" if place_is_first(many) else "")):
            cast(poll, person, **{"o1" if place % 2 else "o2": 1})
    counted(poll)
    return poll


def place_is_first(many: int) -> bool:
    return many in {30, 25}


@pytest.mark.django_db
def test_a_closed_poll_says_who_voted_how_and_hides_the_few(by_groups):
    set_window(by_groups, "-1 hour", "-1 minute")
    assert sealing.seal_closed() == 1
    page = Client().get(f"/polls/{by_groups.slug}/results/").content.decode()
    section = page.partition('id="groups"')[2].partition("</section>")[0]
    assert "Kerala" in section
    assert "Sikkim" not in section
    assert 'class="tiles"' in section
    assert "not shown: too few people voted" in section
    assert ">3<" not in section


@pytest.mark.django_db
def test_while_it_is_open_there_are_no_tables(by_groups, asha):
    cast(by_groups, asha, o1=1)
    client = Client()
    client.force_login(asha)
    page = client.get(f"/polls/{by_groups.slug}/results/").content.decode()
    assert "Results so far" in page
    assert 'id="groups"' not in page


@pytest.mark.django_db
def test_year_of_birth_and_gender_are_never_public(client, asha):
    asha.born, asha.gender = "1988", "f"
    asha.public_fields = ["about", "born", "gender"]
    asha.save()
    page = client.get(f"/people/{asha.pk}/").content.decode()
    assert "1988" not in page
    assert "Woman" not in page


def test_every_state_has_a_square_of_its_own():
    places = tiles.places()
    rows = (regions.DATA / "states.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert set(places) == {f"state:{row.split(',')[0]}" for row in rows}
    assert len({(column, row) for column, row, _code in places.values()}) == len(places) == 36
