"""What a reader is shown of a text: its list of contents, a part of its clauses, one clause, what a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from consultations import rules
from consultations.models import Consultation, Draft, Wording

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User

PART = 12  # clauses of the top level on the first screen
MOST_FOUND = 50


def version(
    consultation: Consultation, user: User | AnonymousUser, asked: str = ""
) -> tuple[Draft | None, list[Draft]]:
    """The version asked for, or the newest this person may read, and all they may read. Raises Http404 for others."""
    drafts = list(consultation.drafts.order_by("number"))
    if not rules.may_see_all_versions(user, consultation):
        drafts = [draft for draft in drafts if draft.published_at or draft.number == 1]
    if asked:
        found = next((draft for draft in drafts if str(draft.number) == asked), None)
        if found is None:
            raise Http404
        return found, drafts
    public = [draft for draft in drafts if draft.published_at or draft.number == 1]
    return (public[-1] if public else None), drafts


@dataclass(frozen=True)
class Part:
    """Clauses of the top level with everything in them. `after` is where the next part begins, None at the end."""

    contents: list[Wording]
    rows: list[Wording]
    after: int | None
    before: bool = False


def contents(draft: Draft) -> list[Wording]:
    """The clauses of the top level: their names, and how much was said about each."""
    return list(draft.wordings.roots().select_related("clause").defer("text", "html", "source"))


def part(draft: Draft, start: int = 0, *, whole: bool = False) -> Part:
    """The text from the clause at position `start` on: some clauses, or all."""
    listed = contents(draft)
    roots = [row for row in listed if row.position >= start]
    shown = roots if whole else roots[:PART]
    rows = list(draft.wordings.below(shown).select_related("clause").defer("text", "source")) if shown else []
    after = None if len(shown) == len(roots) else roots[len(shown)].position
    return Part(listed, rows, after, before=bool(shown and listed and shown[0].position > listed[0].position))


def found(draft: Draft, words: str) -> list[Wording]:
    """The clauses that hold every word, in the order of the text."""
    rows = draft.wordings.select_related("clause").defer("source")
    for word in words.split()[:8]:
        rows = rows.filter(Q(text__icontains=word) | Q(heading__icontains=word))
    return list(rows.order_by("position")[:MOST_FOUND])


def last_with(drafts: list[Draft], clause: int) -> Draft | None:
    """The newest of these versions that has the clause."""
    rows = Wording.objects.filter(draft__in=drafts, clause=clause).order_by("-draft__number")
    found = rows.values_list("draft", flat=True).first()
    return next((draft for draft in drafts if draft.pk == found), None)


@dataclass(frozen=True)
class Around:
    """One clause: what it lies in (the outermost first), itself with everything in it, and its neighbours of the top level."""

    above: list[Wording]
    rows: list[Wording]
    previous: Wording | None
    next: Wording | None

    @property
    def itself(self) -> Wording:
        return self.rows[0]


def one_clause(draft: Draft, clause: int) -> Around | None:
    """A clause as this version words it; None when this version does not have it."""
    wordings = Wording.objects.filter(draft=draft)
    own = wordings.filter(clause=clause).values("root_position")
    family = list(wordings.filter(root_position__in=own).select_related("clause").order_by("position"))
    at = next((at for at, row in enumerate(family) if row.clause_id == clause), None)
    if at is None:
        return None
    end = at + 1
    while end < len(family) and family[end].depth > family[at].depth:
        end += 1
    above: list[Wording] = []
    for row in family[:at]:
        above = [one for one in above if one.depth < row.depth] + [row]
    above = [one for one in above if one.depth < family[at].depth]
    roots = wordings.filter(depth=0).only("clause_id", "label", "heading", "draft_id")
    previous = roots.filter(position__lt=family[0].position).order_by("-position").first()
    following = roots.filter(position__gt=family[0].position).order_by("position").first()
    return Around(above, family[at:end], previous, following)
