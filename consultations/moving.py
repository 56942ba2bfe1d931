"""Moves what people quoted to a later version: by clause, then by text, in the clause, in what was split from it, anywhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commons.activities.lifecycle import require
from commons.activities.rules import may_answer
from commons.audit.record import record
from consultations.anchoring import SHORTEST, UNPLACED, Anchor, Place, place
from consultations.models import Annotation, Clause, Draft, Placement, Wording

if TYPE_CHECKING:
    from commons.people.models import User

BATCH = 1000


@dataclass(frozen=True)
class Quoted:
    """What is moved of a response: its clause, and what it quotes."""

    pk: int
    clause: int
    quote: Anchor


class Mover:
    """Knows a version's texts. `split` names for a clause those that were split from it."""

    def __init__(self, texts: dict[int, str], split: dict[int, list[int]]) -> None:
        self.texts, self.split = texts, split
        self.whole = "\x00".join(texts.values())

    def move(self, quoted: Quoted) -> tuple[int | None, Place]:
        """The clause in the later version, and where in it. The same every time."""
        near = [one for one in [quoted.clause, *self.split.get(quoted.clause, [])] if one in self.texts]
        if not quoted.quote.exact:
            return (near[0], place(self.texts[near[0]], quoted.quote)) if near else (None, UNPLACED)
        found = [(one, place(self.texts[one], quoted.quote)) for one in near]
        for one, where in found:
            if where.how == "exact":
                return one, where
        if len(quoted.quote.exact) >= SHORTEST and quoted.quote.exact in self.whole:
            elsewhere = [one for one, text in self.texts.items() if quoted.quote.exact in text]
            if len(elsewhere) == 1:
                return elsewhere[0], place(self.texts[elsewhere[0]], quoted.quote)
        fuzzy = [(one, where) for one, where in found if where.how == "fuzzy"]
        if fuzzy:
            return max(fuzzy, key=lambda pair: (pair[1].score, -pair[0]))
        return None, UNPLACED


def mover_to(draft: Draft) -> Mover:
    texts = dict(Wording.objects.filter(draft=draft).order_by("position").values_list("clause", "text"))
    split: dict[int, list[int]] = defaultdict(list)
    for clause, parent in (
        Clause.objects.filter(pk__in=texts, split_from__isnull=False).order_by("pk").values_list("pk", "split_from")
    ):
        if parent is not None:
            split[parent].append(clause)
    return Mover(texts, split)


def everything_said(draft: Draft) -> Iterator[Quoted]:
    """All that was said, but what an official placed in this version by hand."""
    rows = Annotation.objects.given().filter(activity=draft.consultation_id).order_by("pk")
    rows = rows.exclude(pk__in=Placement.objects.filter(draft=draft, how=Placement.How.HAND).values("annotation"))
    for pk, clause, *quote in rows.values_list("pk", "clause", "exact", "prefix", "suffix").iterator(chunk_size=BATCH):
        yield Quoted(pk, clause, Anchor(*quote))


def move_all(draft: Draft) -> Counter[str]:
    """Places every response in this version, instead of what was placed there before. Returns how many, by how.

    What an official placed by hand stays.
    """
    Placement.objects.filter(draft=draft).exclude(how=Placement.How.HAND).delete()
    return move(draft, everything_said(draft))


@transaction.atomic
def place_by_hand(row: Annotation, draft: Draft, clause: int | None, by: User) -> None:
    """An official says where a response stands in a version; None: nowhere. Raises ValidationError for a clause it has not."""
    require(may_answer(by, row.activity))
    if clause is not None and not draft.wordings.filter(clause=clause).exists():
        raise ValidationError({"clause": _("Choose a clause of this version.")})
    how = Placement.How.HAND  # nowhere too is a decision: placing all anew leaves it alone
    before: dict[str, Any] = dict(
        Placement.objects.filter(annotation=row, draft=draft).values("clause", "how").first() or {}
    )
    Placement.objects.update_or_create(
        annotation=row, draft=draft, defaults={"clause_id": clause, "how": how, "begin": 0, "end": 0}
    )
    after = {"version": draft.number, "clause": clause, "how": how.value}
    record("response.place", row, by=by, activity_id=row.activity_id, before=before, after=after)


def move(draft: Draft, said: Iterable[Quoted]) -> Counter[str]:
    mover, shares = mover_to(draft), Counter[str]()
    for batch in batched(said, BATCH, strict=False):
        rows = []
        for quoted in batch:
            clause, where = mover.move(quoted)
            shares[where.how] += 1
            rows.append(
                Placement(
                    annotation_id=quoted.pk,
                    draft=draft,
                    clause_id=clause,
                    how=where.how,
                    begin=where.begin,
                    end=where.end,
                )
            )
        Placement.objects.bulk_create(rows)
    return shares
