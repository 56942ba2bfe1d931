"""Brings a version of the text in, and publishes a later one. What is identical changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from commons.activities import rules
from commons.activities.lifecycle import done, locked, note_change, refuse, require
from commons.activities.models import Activity
from commons.audit.events import happened
from commons.audit.record import record
from commons.core.sequences import reserve
from consultations import matching, moving
from consultations.matching import Match, Old
from consultations.models import Clause, Consultation, Draft, Wording
from consultations.outline import Outline, Parsed

if TYPE_CHECKING:
    from commons.people.models import User


@dataclass(frozen=True)
class Proposal:
    """A text that could become the next version: its clauses, and which clause of the last version each one is."""

    outline: Outline
    old: list[Old]
    matches: list[Match]

    @property
    def counts(self) -> dict[str, int]:
        """For people and for the last line of an import."""
        how = Counter(match.how for match in self.matches)
        split = sum(match.split_from is not None for match in self.matches)
        found = {match.clause for match in self.matches}
        return {
            "read": len(self.matches), "created": how["new"], "split": split, "unchanged": self.unchanged,
            "changed": len(self.matches) - how["new"] - self.unchanged,
            "removed": sum(one.clause not in found for one in self.old), "left_out": self.outline.left_out,
        }  # fmt: skip

    @property
    def unchanged(self) -> int:
        before = {one.clause: one for one in self.old}
        return sum(
            same(before[match.clause], new)
            for match, new in zip(self.matches, self.outline.clauses, strict=True)
            if match.clause is not None
        )

    @property
    def identical(self) -> bool:
        in_order = [match.clause for match in self.matches] == [one.clause for one in self.old]
        return in_order and self.unchanged == len(self.old)


def same(old: Old, new: Parsed) -> bool:
    return (old.label, old.heading, old.text, old.depth) == (new.label, new.heading, new.text, new.depth)


def newest(consultation: Consultation) -> Draft | None:
    return consultation.drafts.order_by("-number").first()


def known(draft: Draft | None) -> list[Old]:
    """The clauses of a version, as they are compared."""
    if draft is None:
        return []
    rows = draft.wordings.order_by("position")
    return [Old(row.clause_id, row.depth, row.number, row.label, row.heading, row.text) for row in rows]


def propose(consultation: Consultation | None, outline: Outline) -> Proposal:
    """Compares a text with the newest version there is."""
    old = known(newest(consultation)) if consultation is not None and consultation.pk else []
    matches = matching.match(old, outline.clauses, [clause.given for clause in outline.clauses])
    return Proposal(outline, old, matches)


def correct(proposal: Proposal, chosen: dict[int, int | None]) -> Proposal:
    """The proposal with what an official chose by hand: for a new clause's place the old clause, or None for a new one.

    Raises ValidationError when an old clause is chosen twice, or is not one of this text.
    """
    clauses = {one.clause for one in proposal.old}
    matches = list(proposal.matches)
    for at, clause in chosen.items():
        if not 0 <= at < len(matches) or (clause is not None and clause not in clauses):
            refuse(_("Choose among the clauses of the earlier version."))
        if clause != matches[at].clause:
            split_from = matches[at].split_from or (matches[at].clause if clause is None else None)
            matches[at] = Match(clause, "id" if clause else "new", None if clause else split_from, 1.0)
    twice = [clause for clause, count in Counter(m.clause for m in matches).items() if clause and count > 1]
    if twice:
        labels = [one.label for one in proposal.old if one.clause in twice]
        words = _("An earlier clause can go on in one new clause only: %(labels)s is chosen twice.")
        refuse(words % {"labels": ", ".join(labels)})
    return Proposal(proposal.outline, proposal.old, matches)


def bring_in(
    consultation: Consultation,
    by: User,
    proposal: Proposal,
    *,
    stage: str = Draft.Stage.DRAFT,
    language: str = "en",
    source: str = "",
) -> Draft | None:
    """Saves a proposal as the next version; None when it is the newest one already.

    What citizens have not seen is replaced, whoever brought it. Raises PermissionDenied for other institutions, and
    ValidationError when another version was brought in since the proposal was made.
    """
    with locked(consultation, by) as row:
        require(rules.may_write(by, row))
        last = newest(consultation)
        if known(last) != proposal.old:
            refuse(_("Another version was brought in meanwhile. Bring this one again."))
        if last and proposal.identical and (last.stage, last.language) == (stage, language):
            return None
        if row.state == Activity.State.WITHDRAWN:
            refuse(_("This was withdrawn."))
        seen = row.state == Activity.State.PUBLISHED
        if seen and stage == Draft.Stage.DRAFT:
            refuse(_("Citizens answer the draft that is published. Bring a revised draft or the final text."))
        unseen = last if last and last.published_at is None and not (seen and last.number == 1) else None
        number = unseen.number if unseen else (last.number + 1 if last else 1)
        clause_ids = new_clauses(consultation, proposal.matches)
        if unseen:
            unseen.delete()
        draft = Draft.objects.create(
            consultation=consultation, number=number, stage=stage, language=language, source=source[:200], author=by,
            clause_count=sum(clause.depth == 0 for clause in proposal.outline.clauses),
        )  # fmt: skip
        write_wordings(draft, proposal.outline.clauses, clause_ids)
        consultation.clauses.filter(wordings=None).delete()
        # Before it is published the text is a part of what is approved: whoever changed it last does not approve it.
        verb = "draft.bring_in" if seen else "activity.edit"
        record(
            verb, row if not seen else draft, by=by, activity_id=row.pk, after={"version": number, **proposal.counts}
        )
        return draft


def new_clauses(consultation: Consultation, matches: Sequence[Match]) -> list[int]:
    """The clause of each wording: the old one, or a row made now."""
    new = [match for match in matches if match.clause is None]
    ids = reserve(Clause, len(new)) if new else []
    Clause.objects.bulk_create(
        Clause(pk=pk, consultation=consultation, split_from_id=match.split_from)
        for pk, match in zip(ids, new, strict=True)
    )
    made = iter(ids)
    return [match.clause if match.clause is not None else next(made) for match in matches]


def write_wordings(draft: Draft, clauses: Sequence[Parsed], ids: Sequence[int]) -> None:
    rows, root = [], 0
    for position, (clause, pk) in enumerate(zip(clauses, ids, strict=True)):
        root = position if clause.depth == 0 else root
        rows.append(
            Wording(
                draft=draft, clause_id=pk, position=position, root_position=root, depth=clause.depth,
                number=clause.number[:20], label=clause.label[:60], heading=clause.heading, text=clause.text, html=clause.html,
                source="\n\n".join(clause.paragraphs),
            )
        )  # fmt: skip
    Wording.objects.bulk_create(rows, batch_size=500)


def publish(draft: Draft, by: User) -> None:
    """A revised draft or the final text, for everybody. Somebody else than whoever brought it in; twice is once."""
    with locked(draft.consultation, by) as row:
        require(rules.may_steer(by, row))
        current = Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
        if current.published_at:
            return
        if current.author_id == by.pk:
            raise PermissionDenied
        if current.number == 1:
            refuse(_("The first draft is published with its consultation."))
        if row.state != Activity.State.PUBLISHED or row.phase() != Activity.Phase.CLOSED:
            refuse(_("People still answer the draft. A later version is published after the close."))
        Draft.objects.filter(pk=draft.pk).update(published_at=Now(), approver=by)
        placed = moving.move_all(draft)
        record("draft.publish", draft, by=by, activity_id=row.pk, after=dict(placed))
        happened("draft published", draft.pk)


def as_markdown(draft: Draft) -> str:
    """The version as text that can be edited and brought in again: each clause says which one it is."""
    parts: list[str] = []
    for row in draft.wordings.order_by("position"):
        mark = f"{{#c{row.clause_id}}}"
        first, _break, rest = row.source.partition("\n\n")
        if row.depth == 0:
            number = f"{row.number}. " if row.number else ""
            parts += [f"## {number}{row.heading} {mark}", first, rest]
        elif first.startswith("|"):
            parts += [f"{row.number} {mark}", first, rest]
        else:
            parts += [f"{row.number} {first} {mark}", rest]
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def sign_shorter(consultation: Consultation, by: User, reason: Any) -> None:
    """An approver signs, in public, why it is open for fewer than 30 days: before it is published, or before it is shortened."""
    with locked(consultation, by) as row:
        require(rules.may_steer(by, row))
        if row.state == Activity.State.WITHDRAWN or row.phase() == Activity.Phase.CLOSED:
            refuse(_("Nobody can respond any more."))
        if not str(reason).strip():
            raise ValidationError({"reason": _("Citizens will read why: give a reason.")})
        Consultation.objects.filter(pk=consultation.pk).update(
            short_reason=reason, short_signed_by=by, short_signed_at=Now()
        )
        seen = row.state == Activity.State.PUBLISHED
        if seen:
            note_change(row, by, "short_reason", consultation.short_reason, reason, "")
        done("consultation.sign_shorter", row, by, "changed" if seen else "", words=str(reason))
