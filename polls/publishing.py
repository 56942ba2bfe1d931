"""The published list of a poll's ballots: what anybody can count again (docs/decisions/0013).

Ordered by receipt, which is by chance, and without anything about the voter or the moment. The chain stands beside it
as it grew; without a voter's secret nobody can tell which of its links belongs to which receipt.

Where ballots were left out after a check, each row says whether it is one of them, and both results are published. A list
in which all count is the one it was before there were checks: its fingerprints stay what they were.
"""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from commons.integrity.models import Standing
from polls import counting
from polls.chain import FIRST
from polls.models import Ballot, Link, Poll
from polls.results import tally_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from polls.counting import Counts
    from polls.models import Option

ALL_COUNT, SOME_LEFT_OUT = "mygov-ballots-1", "mygov-ballots-2"  # the formats
AT_A_TIME = 5000


def format_of(poll: Poll) -> str:
    left_out = Ballot.objects.filter(poll=poll).exclude(standing=Standing.COUNTED)
    return SOME_LEFT_OUT if left_out.exists() else ALL_COUNT


def first_head(format_name: str, slug: str) -> str:
    return sha256(f"{format_name}\n{slug}".encode()).hexdigest()


def head_after(head: str, receipt: str, choice: str, whose: str) -> str:
    """The fingerprint of the list up to this ballot; `whose` is "person", "guest", or "left out" for a person's."""
    return sha256("\n".join([head, receipt, choice, whose]).encode()).hexdigest()


def rows(poll: Poll) -> Iterator[dict[str, Any]]:
    """Every ballot as it is published, in order, some thousands in memory at a time."""
    format_name = format_of(poll)
    head, last = first_head(format_name, poll.slug), ""
    while True:
        # By keys, since a cursor of the server does not outlive the pooler's transaction.
        found = list(
            Ballot.objects.filter(Q(receipt__gt=last), poll=poll)
            .order_by("receipt")
            .values_list("receipt", "choice", "guest", "standing")[:AT_A_TIME]
        )
        for receipt, choice, browser, standing in found:
            guest, left_out = browser is not None, standing != Standing.COUNTED
            head = head_after(head, receipt, choice, "left out" if left_out else "guest" if guest else "person")
            marked = {"left_out": left_out} if format_name == SOME_LEFT_OUT else {}
            yield {"receipt": receipt, "choice": choice, "guest": guest, **marked, "head": head}
            last = receipt
        if len(found) < AT_A_TIME:
            return


def links(poll: Poll) -> Iterator[dict[str, Any]]:
    last = 0
    while True:
        found = list(Link.objects.filter(poll=poll, place__gt=last).order_by("place")[:AT_A_TIME])
        for link in found:
            yield {"commitment": link.commitment, "change": link.is_change, "head": link.head}
            last = link.place
        if len(found) < AT_A_TIME:
            return


def result(poll: Poll, options: list[Option], counts: Counts) -> dict[str, Any]:
    """What the portal counted, as exact numbers: the verifier must come to the same."""
    found = tally_of(poll, options, counts)
    by_number = {one.number: str(one.result) for one in found.options}
    return {
        "ballots": found.ballots, "none": found.none,
        "options": {str(option.number): by_number[option.number] for option in options},
    }  # fmt: skip


def document(poll: Poll, options: list[Option], counts: dict[str, Counts]) -> Iterator[str]:
    """`ballots.json`, piece by piece."""
    format_name, people = format_of(poll), counts.get("all", {})
    published = {"people": result(poll, options, people), "guests": result(poll, options, counts.get("guest", {}))}
    if format_name == SOME_LEFT_OUT:
        both = Counter(people) + Counter(counting.read_out(poll.pk))
        published["people_with_left_out"] = result(poll, options, both)
    head = {
        "format": format_name, "poll": poll.slug, "question": poll.title.data, "method": poll.method, "ranking": poll.ranking,
        "most": poll.votes_for, "budget": poll.budget, "allows_none": poll.allows_none,
        "opened": poll.opens_at, "closed": poll.closes_at,
        "options": [{"number": o.number, "label": o.label.data, "cost": o.cost} for o in options],
        "result": published,
        "list_head": poll.list_head, "chain_head": poll.chain_head,
    }  # fmt: skip
    yield json.dumps(head, ensure_ascii=False, default=str)[:-1]
    yield ',\n"ballots": ['
    yield from joined(rows(poll))
    yield '],\n"chain": ['
    yield from joined(links(poll))
    yield "]}\n"


def joined(pieces: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Rows one to a line, some hundreds a piece."""
    batch: list[str] = []
    begun = False
    for piece in pieces:
        batch.append(json.dumps(piece))
        if len(batch) == 500:
            yield (",\n" if begun else "\n") + ",\n".join(batch)
            batch, begun = [], True
    if batch:
        yield (",\n" if begun else "\n") + ",\n".join(batch)


def heads(poll: Poll) -> tuple[str, str]:
    """The fingerprints of the whole list and of the chain."""
    list_head, chain_head = first_head(format_of(poll), poll.slug), FIRST
    for row in rows(poll):
        list_head = row["head"]
    last = Link.objects.filter(poll=poll).order_by("-place").first()
    return list_head, last.head if last else chain_head
