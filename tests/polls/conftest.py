"""Short ways to vote and to send a ballot."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from commons.integrity.traces import Trace, hashed
from commons.people.models import User
from polls import counting, voting
from polls.models import Ballot, Poll

numbers = count(1)


@pytest.fixture
def people(db) -> Callable[[int], list[User]]:
    """That many citizens."""

    def make(many: int, **fields: Any) -> list[User]:
        start = next(numbers)
        return User.objects.bulk_create(
            User(
                email=f"voter{start}-{n}@example.org", password="!", display_name=f"Voter {n}", **{"level": 1, **fields}
            )
            for n in range(many)
        )

    return make


def cast(poll: Poll, person: User, **values: int) -> voting.Recorded:
    """cast(poll, asha, o1=1): as the form's fields are called."""
    return voting.vote(poll, list(poll.options.all()), person, {int(name[1:]): value for name, value in values.items()})


def stuff(
    poll: Poll, voters: list[User], *, network: str = "198.51.100.0/24", device: str = "", gap: int = 3600,
    own_network: bool = False, **values: int,
) -> None:  # fmt: skip
    """They all cast this ballot from one network, an hour apart, each in a browser of their own unless told otherwise."""
    for place, voter in enumerate(voters):
        where = f"network of {voter.pk}" if own_network else network
        trace = Trace(hashed("network", where), hashed("device", device or f"own {voter.pk}"))
        chosen = {int(name[1:]): value for name, value in values.items()}
        voting.vote(poll, list(poll.options.all()), voter, chosen, trace=trace)
        Ballot.objects.filter(poll=poll, voter=voter).update(at=Now() - timedelta(seconds=place * gap))


def counted(poll: Poll, segment: str = "all") -> counting.Counts:
    """The counts of one group once everything is folded; zeroes are left out."""
    while counting.fold():
        pass
    return {key: n for key, n in counting.read(poll.pk).get(segment, {}).items() if n}


def set_window(poll: Poll, opens: str, closes: str | None) -> None:
    """Moves the window by the database's clock: set_window(poll, "-1 hour", "+1 second")."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE activities_activity SET opens_at = clock_timestamp() + %s::interval,"
            " closes_at = clock_timestamp() + %s::interval WHERE id = %s",
            [opens, closes, poll.pk],
        )
    poll.refresh_from_db()
