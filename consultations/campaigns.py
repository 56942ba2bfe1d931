"""Finds texts that are nearly the same. Bounded work, the same result each time, nothing deleted."""

from __future__ import annotations

import re
from collections import defaultdict
from hashlib import blake2b
from typing import TYPE_CHECKING

from django.db import transaction
from rapidfuzz import fuzz

from consultations.models import Annotation, Campaign, Consultation

if TYPE_CHECKING:
    from collections.abc import Iterable

ALIKE = 85.0  # of 100
SKETCH = 6  # of a text's word triples, those with the smallest hashes
SHORTEST = 6  # words: shorter texts are alike by chance
MOST_COMPARED = 20  # groups with a triple in common that a text is compared with


def normal(text: str) -> str:
    return " ".join(re.findall(r"[\w\u0900-\u097f]+", text.lower()))


def sketch(text: str) -> list[int]:
    words = text.split()
    triples = {" ".join(words[at : at + 3]) for at in range(len(words) - 2)}
    return sorted(int.from_bytes(blake2b(one.encode(), digest_size=8).digest()) for one in triples)[:SKETCH]


def grouped(texts: Iterable[tuple[int, str]]) -> list[list[int]]:
    """The numbers of texts that are alike, in groups of two and more; texts in the order they were written."""
    samples: list[str] = []
    members: list[list[int]] = []
    exactly: dict[str, int] = {}
    by_triple: dict[int, list[int]] = defaultdict(list)
    for pk, text in texts:
        text = normal(text)
        if len(text.split()) < SHORTEST:
            continue
        group = exactly.get(text)
        if group is None:
            marks = sketch(text)
            candidates = list(dict.fromkeys(one for mark in marks for one in by_triple[mark]))[:MOST_COMPARED]
            group = next((one for one in candidates if fuzz.ratio(samples[one], text) >= ALIKE), None)
            if group is None:
                group = len(samples)
                samples.append(text)
                members.append([])
                for mark in marks:
                    by_triple[mark].append(group)
            exactly[text] = group
        members[group].append(pk)
    return [group for group in members if len(group) > 1]


@transaction.atomic
def find(consultation: Consultation) -> int:
    """Groups a consultation's responses anew. Returns how many campaigns there are."""
    rows = Annotation.objects.given().filter(activity=consultation).order_by("pk")
    texts = {pk: f"{body} {proposed}" for pk, body, proposed in rows.values_list("pk", "body", "proposed").iterator()}
    Annotation.objects.filter(activity=consultation).exclude(campaign=None).update(campaign=None)
    Campaign.objects.filter(consultation=consultation).delete()
    found = grouped(texts.items())
    for group in found:
        people = Annotation.objects.filter(pk__in=group).values("author").distinct().count()
        distinct = len({normal(texts[pk]) for pk in group})
        made = Campaign.objects.create(
            consultation=consultation, sample=texts[group[0]].strip(), people=people, distinct=distinct
        )
        Annotation.objects.filter(pk__in=group).update(campaign=made)
    return len(found)
