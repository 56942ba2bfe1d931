"""Pages by keyset: every row once, whatever the order, and no made-up cursor breaks anything."""

import pytest
from django.http import Http404

from commons.core.keyset import encode, page
from commons.directory.models import Region


@pytest.fixture
def states(db):
    return Region.objects.bulk_create(
        Region(level="state", lgd_code=100 - n, name=f"State {n}", is_union_territory=n % 3 == 0) for n in range(10)
    )


@pytest.mark.parametrize(
    "order", [["lgd_code", "id"], ["-lgd_code", "-id"], ["is_union_territory", "-id"], ["-is_union_territory", "id"]]
)
def test_walking_the_pages_meets_every_row_once_in_order(states, order):
    met: list[Region] = []
    cursor: str | None = ""
    while cursor is not None:
        found = page(Region.objects.all(), order, cursor, size=3)
        met += found.rows
        cursor = found.next

    assert met == list(Region.objects.order_by(*order))


@pytest.mark.parametrize(
    "cursor",
    ["%%%", "e30", encode([1]), encode([1, 2, 3]), encode([1, "not a number"]), encode([[1], 2]), "9" * 5000],
)
def test_a_made_up_cursor_is_not_found(states, cursor):
    with pytest.raises(Http404):
        page(Region.objects.all(), ["lgd_code", "id"], cursor, size=3)
