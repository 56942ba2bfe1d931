"""Loads a poll through the person who asks for it, and what its pages need beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BigIntegerField

from commons.activities.by_address import ByAddress
from commons.core.compiled import Compiled, Given
from polls.models import Ballot, Option, Poll

if TYPE_CHECKING:
    from commons.people.models import User

POLLS = ByAddress(Poll)
OPTIONS = Compiled(
    lambda: (
        Option.objects.filter(poll_id=Given("poll", BigIntegerField()))
        .select_related("picture")
        .defer("picture__webp")
        .order_by("number")
    )
)
BALLOT = Compiled(
    lambda: Ballot.objects.filter(poll_id=Given("poll", BigIntegerField()), voter_id=Given("voter", BigIntegerField()))
)


def options_of(poll: Poll) -> list[Option]:
    """In the order of their numbers, with their pictures but without the pictures' bytes."""
    return OPTIONS.rows(poll=poll.pk)


def ballot_of(poll: Poll, person: User) -> Ballot | None:
    for ballot in BALLOT.rows(poll=poll.pk, voter=person.pk):
        return ballot
    return None
