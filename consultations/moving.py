"""Moves what people quoted to a later version: by clause, then by text, in the clause, in what was split from it, anywhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched

from consultations.anchoring import SHORTEST, UNPLACED, Anchor, Place, place
from consultations.models import Annotation, Clause, Draft, Placement, Wording

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


def everything_said(consultation: int) -> Iterator[Quoted]:
    rows = Annotation.objects.given().filter(activity=consultation).order_by("pk")
    for pk, clause, *quote in rows.values_list("pk", "clause", "exact", "prefix", "suffix").iterator(chunk_size=BATCH):
        yield Quoted(pk, clause, Anchor(*quote))


def move_all(draft: Draft) -> Counter[str]:
    """Places every response in this version, instead of what was placed there before. Returns how many, by how."""
    Placement.objects.filter(draft=draft).delete()
    return move(draft, everything_said(draft.consultation_id))


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
