"""Answers questions about clauses in public: one, or several that ask the same. Whoever asked is told, and finds it in the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _
from django.utils.translation import override
from rapidfuzz import fuzz

from commons.activities import ledger
from commons.activities.lifecycle import refuse, require
from commons.activities.models import Contribution
from commons.activities.readiness import said_in
from commons.activities.rules import may_answer
from commons.audit.events import happened
from commons.audit.record import record
from commons.core import keyset
from commons.core.plain import plain
from consultations.campaigns import normal
from consultations.models import Annotation, Clarification, Consultation, Wording

if TYPE_CHECKING:
    from commons.people.models import User

SIZE = 30
LIKE = 60.0  # of 100: so alike is what is offered to be answered together
MOST_COMPARED, MOST_OFFERED = 1000, 8
LAST = 2**62  # of one clause, what has no answer comes last


def questions(consultation: Consultation) -> QuerySet[Annotation]:
    """All that officials answer, shown to others or not."""
    return Annotation.objects.given().filter(activity=consultation, stance=Annotation.Stance.ASK)


@transaction.atomic
def answer(consultation: Consultation, asked: Collection[int], by: User, words: Any) -> Clarification:
    """The public answer to these questions, in both languages: a new one, or the one they share with other words.

    Whoever has these very words already is not told again. Raises PermissionDenied, or ValidationError by field.
    """
    require(may_answer(by, consultation))
    if not all(said_in(words, code) for code in ("en", "hi")):
        raise ValidationError({"words": _("Write it in English and in Hindi.")})
    rows = list(questions(consultation).select_for_update(no_key=True).filter(pk__in=asked).order_by("pk"))
    if not rows or len(rows) != len(set(asked)):
        refuse(_("Only a question is answered here."))
    made = shared_by(rows)
    before = plain(made.words) if made else ""
    if made and before == plain(words):
        return made
    known = Annotation.objects.filter(pk__in=asked).values_list("pk", "clarification__words")
    have = {pk for pk, said in known if said is not None and plain(said) == plain(words)}
    made = made or Clarification(consultation=consultation)
    made.words, made.by, made.answered_at = words, by, Now()
    made.save()
    made.refresh_from_db()
    Annotation.objects.filter(pk__in=[row.pk for row in rows]).update(clarification=made)
    consultation.clarifications.filter(questions=None).delete()
    enter(rows, made, by)
    after = {"words": plain(words), "questions": [row.pk for row in rows]}
    record("question.answer", made, by=by, activity_id=consultation.pk, before={"words": before}, after=after)
    happened("question answered", *[row.pk for row in rows if row.pk not in have])
    return made


def shared_by(rows: list[Annotation]) -> Clarification | None:
    """The answer that belongs to exactly these questions."""
    made = Clarification.objects.filter(questions=rows[0]).first()
    return made if made and set(made.questions.all()) == set(rows) else None


def enter(rows: list[Annotation], made: Clarification, by: User) -> None:
    """Into the ledger, in each asker's language. The news of it is “question answered”; nobody hears it twice.

    What the matrix has decided stays what became of it.
    """
    lines: dict[str, list[Contribution]] = defaultdict(list)
    undecided = [Contribution.Standing.RECEIVED, Contribution.Standing.READ]
    asked = Contribution.objects.filter(annotation__in=rows, standing__in=undecided)
    for line in asked.select_related("person"):
        lines[line.person.language if line.person else line.language].append(line)
    for language, those in lines.items():
        with override(language):
            words = str(made.words)
        ledger.dispose(those, by=by, standing=Contribution.Standing.READ, words=words, announced=False)


def like(row: Annotation) -> list[Annotation]:
    """Questions without an answer that ask nearly the same, the most alike first."""
    own = normal(row.body)
    waiting = questions(row.activity).filter(clarification=None).exclude(pk=row.pk).order_by("pk")[:MOST_COMPARED]
    scored = [(fuzz.token_set_ratio(own, normal(one.body)), one) for one in waiting]
    found = sorted((pair for pair in scored if pair[0] >= LIKE), key=lambda pair: (-pair[0], pair[1].pk))
    return [one for _score, one in found[:MOST_OFFERED]]


@dataclass(frozen=True)
class Asked:
    """A question as the page shows it: `begins` a clause, `ends` those that share an answer, which stands below the last.

    `root` names the clause of the top level, `place` the very one, `text` what it says there.
    """

    row: Annotation
    root: str
    place: str
    text: str
    begins: bool
    ends: bool


def page(
    consultation: Consultation, *, clause: int | None, answered: str, after: str
) -> tuple[list[Asked], str | None]:
    """Shown questions in the order of the text, those with one answer side by side; and where the next page begins."""
    rows = questions(consultation).filter(state=Annotation.State.VISIBLE)
    if clause is not None:
        rows = rows.filter(counted_at__contains=[clause])
    if answered:
        rows = rows.filter(clarification__isnull=answered == "no")
    position = Wording.objects.filter(draft=OuterRef("draft"), clause=OuterRef("clause")).values("position")
    rows = rows.annotate(
        position=Coalesce(Subquery(position[:1]), 0),
        shares=Coalesce(F("clarification"), Value(LAST), output_field=BigIntegerField()),
    )
    found = keyset.page(rows.select_related("author", "clarification"), ["position", "shares", "id"], after, SIZE)
    return shown(found.rows), found.next


def shown(rows: Sequence[Annotation]) -> list[Asked]:
    clauses = {row.clause_id for row in rows} | {row.root_id for row in rows}
    wordings = Wording.objects.filter(draft__in={row.draft_id for row in rows}, clause__in=clauses)
    named = {(one.draft_id, one.clause_id): one for one in wordings.defer("html", "source")}
    made = []
    for before, row, following in zip([None, *rows], rows, [*rows[1:], None], strict=False):
        own, root = named[row.draft_id, row.clause_id], named[row.draft_id, row.root_id]
        begins = before is None or before.clause_id != row.clause_id
        ends = following is None or pair(following) != pair(row)
        made.append(Asked(row, str(root), own.label, own.text, begins, ends))
    return made


def pair(row: Annotation) -> tuple[int, int | None]:
    return row.clause_id, row.clarification_id
