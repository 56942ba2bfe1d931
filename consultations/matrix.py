"""The response matrix: its rows, what still lacks one, publishing it, and each person's answer that follows from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import override

from commons.activities import ledger, rules
from commons.activities.lifecycle import locked, refuse, require
from commons.activities.models import Activity, Contribution, Disposition
from commons.audit.events import happened
from commons.audit.record import record
from consultations.models import Annotation, Consultation, Export, MatrixRow, Submission, Theme, Wording

if TYPE_CHECKING:
    from commons.people.models import User

Keys = set[tuple[int | None, int | None]]
MANY = 5  # people: what so many say gets a row of its own
BATCH = 500
Decision, Standing, Reason = MatrixRow.Decision, Contribution.Standing, Disposition.Reason
FOLLOWS = {
    Decision.ACCEPTED: (Standing.ADOPTED, ""),
    Decision.IN_PART: (Standing.ADOPTED_IN_PART, ""),
    Decision.NOT_ACCEPTED: (Standing.NOT_ADOPTED, None),
    Decision.PROVIDED: (Standing.NOT_ADOPTED, Reason.PROVIDED),
    Decision.OUT_OF_SCOPE: (Standing.NOT_ADOPTED, Reason.OUT_OF_SCOPE),
    Decision.REFERRED: (Standing.REFERRED, ""),
}


@dataclass(frozen=True)
class Gap:
    """So many people said something under a theme about a clause, and no row answers it."""

    clause: int | None
    theme: int | None
    people: int
    label: str = ""
    title: str = ""
    campaign: str = ""


def given(consultation: Consultation) -> Any:
    return Annotation.objects.given().filter(activity=consultation)


def whole(consultation: Consultation) -> Any:
    return Submission.objects.filter(activity=consultation).exclude(state=Submission.State.REMOVED)


def groups(consultation: Consultation) -> dict[tuple[int | None, int | None], int]:
    """How many people spoke, by clause of the top level and theme. The whole document is the clause None."""
    rows = given(consultation).values("root", "theme").annotate(n=Count("author", distinct=True))
    found: dict[tuple[int | None, int | None], int] = {(row["root"], row["theme"]): row["n"] for row in rows}
    for row in whole(consultation).values("theme").annotate(n=Count("author", distinct=True)):
        found[None, row["theme"]] = row["n"]
    return found


def keys_of(consultation: int) -> Keys:
    """What the rows speak of: clause and theme of each."""
    return {(row.clause_id, row.theme_id) for row in MatrixRow.objects.filter(consultation=consultation)}


def answering(keys: Keys, clause: int | None, theme: int | None) -> tuple[int | None, int | None] | None:
    """The row that answers what was said there: the nearest one there is."""
    for key in ((clause, theme), (None, theme), (clause, None), (None, None)):
        if key in keys:
            return key
    return None


def own_row(keys: Keys, clause: int | None, theme: int | None) -> bool:
    """Whether what many say there has a row that speaks of it, and not of everything else."""
    return (clause, theme) in keys or (theme is not None and (None, theme) in keys)


def gaps(consultation: Consultation) -> list[Gap]:
    """What keeps the matrix from being published: groups and campaigns of five or more without a row, the largest first."""
    keys = keys_of(consultation.pk)
    labels = labels_of(consultation)
    titles = dict(consultation.themes.values_list("pk", "title"))
    found = [
        Gap(clause, theme, people, labels.get(clause, "") if clause else "", titles.get(theme, "") if theme else "")
        for (clause, theme), people in groups(consultation).items()
        if people >= MANY and not own_row(keys, clause, theme)
    ]
    many = given(consultation).filter(campaign__people__gte=MANY)
    for row in many.values("campaign", "campaign__sample", "campaign__people", "root", "theme").distinct():
        if not own_row(keys, row["root"], row["theme"]) and not any(
            (g.clause, g.theme) == (row["root"], row["theme"]) for g in found
        ):
            clause, theme = row["root"], row["theme"]
            found.append(
                Gap(
                    clause,
                    theme,
                    row["campaign__people"],
                    labels.get(clause, ""),
                    titles.get(theme, ""),
                    row["campaign__sample"][:120],
                )
            )
    return sorted(found, key=lambda gap: (-gap.people, gap.clause or 0, gap.theme or 0))


def unanswered(consultation: Consultation) -> int:
    """How many groups no row answers at all, not even the one for everything else."""
    keys = keys_of(consultation.pk)
    return sum(answering(keys, clause, theme) is None for clause, theme in groups(consultation))


def labels_of(consultation: Consultation) -> dict[int | None, str]:
    """What the clauses of the top level are called in the first draft, which people answered."""
    rows = Wording.objects.filter(draft__consultation=consultation, depth=0).order_by("-draft__number")
    return {row.clause_id: str(row) for row in rows.only("clause_id", "label", "heading", "draft_id")}


def write_row(row: MatrixRow, by: User) -> None:
    """Saves a row, new or changed, until the matrix is published. Whoever wrote it last is its officer."""
    with locked(row.consultation, by) as activity:
        require(rules.may_answer(by, activity))
        if Consultation.objects.get(pk=row.consultation_id).matrix_at:
            refuse(_("The matrix is published: it stays as it is."))
        if row.decision == Decision.NOT_ACCEPTED and not row.reason:
            raise ValidationError({"reason": _("Say why: choose a reason.")})
        if row.decision == Decision.REFERRED and row.referred_to is None:
            raise ValidationError({"referred_to": _("Say which institution it goes to.")})
        row.officer = by
        row.save()
        record("matrix.write", row, by=by, activity_id=activity.pk)


def publish(consultation: Consultation, by: User) -> None:
    """The matrix, for everybody, and each person's answer. Somebody who wrote none of its rows; twice is once.

    Raises ValidationError while five or more people lack a row, or anybody an answer.
    """
    with locked(consultation, by) as row:
        require(rules.may_steer(by, row))
        current = Consultation.objects.get(pk=consultation.pk)
        if current.matrix_at:
            return
        if current.rows.filter(officer=by).exists():
            raise PermissionDenied
        if row.state != Activity.State.PUBLISHED or row.phase() != Activity.Phase.CLOSED:
            refuse(_("People still respond. The matrix is published after the close."))
        if missing := gaps(consultation):
            words = _("%(people)s people said something about %(what)s, and no row answers it.")
            refuse(
                words
                % {"people": missing[0].people, "what": missing[0].label or missing[0].title or _("the whole text")}
            )
        if unanswered(consultation):
            refuse(_("Some responses have no answer yet: write the row for everything else."))
        count(consultation)
        Consultation.objects.filter(pk=consultation.pk).update(matrix_at=Now(), matrix_by=by)
        total = current.rows.count()
        Export.objects.bulk_create(
            [Export(consultation=consultation, format=kind, language=code, total=total) for kind in Export.Format for code, _name in settings.LANGUAGES],
            ignore_conflicts=True,
        )  # fmt: skip
        record("matrix.publish", row, by=by, activity_id=row.pk, after={"rows": total})
        happened("matrix published", row.pk)


def count(consultation: Consultation) -> None:
    """Writes into each row how many people and organisations it answers."""
    for row in consultation.rows.all():
        notes = covered(row)
        people = notes.aggregate(n=Count("author", distinct=True))["n"]
        texts = whole_covered(row)
        both = texts.aggregate(
            people=Count("pk", filter=Q(by=Submission.By.PERSON)), organisations=Count("pk", filter=Q(by=Submission.By.ORGANISATION))
        )  # fmt: skip
        MatrixRow.objects.filter(pk=row.pk).update(people=people + both["people"], organisations=both["organisations"])


def places(row: MatrixRow) -> list[tuple[int | None, int | None]]:
    """The groups this row answers, or would once it is written, because no nearer row does."""
    mine = (row.clause_id, row.theme_id)
    keys = keys_of(row.consultation_id) | {mine}
    return [key for key in groups(row.consultation) if answering(keys, *key) == mine]


def at(keys: list[tuple[int | None, int | None]]) -> Q:
    found = Q(pk=None)
    for clause, theme in keys:
        if clause is not None:
            found |= Q(root=clause, theme=theme)
    return found


def covered(row: MatrixRow) -> Any:
    return given(row.consultation).filter(at(places(row)))


def whole_covered(row: MatrixRow) -> Any:
    themes = [theme for clause, theme in places(row) if clause is None]
    wanted = Q(theme__in=[theme for theme in themes if theme]) | (Q(theme=None) if None in themes else Q(pk=None))
    return whole(row.consultation).filter(wanted)


def people_answered(row: MatrixRow) -> int:
    """How many people the row answers, or would once it is written."""
    authors = covered(row).exclude(author=None).values("author")
    return int(authors.union(whole_covered(row).exclude(author=None).values("author")).count())


def tell(consultation: Consultation) -> int:
    """Gives every response the answer of its row, some hundreds at a time; goes on where it stopped. Returns how many."""
    told = 0
    for row in consultation.rows.select_related("consultation", "officer", "referred_to"):
        lines = Q(annotation__in=covered(row)) | Q(submission__in=whole_covered(row))
        while True:
            with transaction.atomic():
                current = MatrixRow.objects.select_for_update(no_key=True).get(pk=row.pk)
                found = Contribution.objects.filter(lines, activity=consultation.pk, pk__gt=current.told_upto)
                found = found.select_related("person")
                batch = list(found.order_by("pk")[:BATCH])
                if not batch:
                    break
                dispose(row, batch)
                MatrixRow.objects.filter(pk=row.pk).update(told_upto=batch[-1].pk)
                told += len(batch)
    return told


def dispose(row: MatrixRow, batch: list[Contribution]) -> None:
    """The row's decision in each person's language; where nobody is known, in that in which it was written."""
    standing, reason = FOLLOWS[Decision(row.decision)]
    by_language: dict[str, list[Contribution]] = defaultdict(list)
    for line in batch:
        by_language[line.person.language if line.person else line.language].append(line)
    for language, lines in by_language.items():
        with override(language):
            words = str(row.response)[:2000]
        ledger.dispose(
            lines, by=row.officer, standing=standing, reason=row.reason if reason is None else reason, words=words,
            link=f"{settings.SITE_URL}/consultations/{row.consultation.slug}/matrix/#row-{row.pk}", referred_to=row.referred_to,
        )  # fmt: skip


def tell_all() -> int:
    """Every published matrix whose people are not all told yet."""
    told = 0
    for consultation in Consultation.objects.filter(matrix_at__isnull=False, matrix_told_at=None):
        told += tell(consultation)
        Consultation.objects.filter(pk=consultation.pk).update(matrix_told_at=Now())
    return told


def check_answered(activity: Activity) -> None:
    """Raises ValidationError while the matrix is not published: nobody is declared answered before."""
    if not Consultation.objects.filter(pk=activity.pk, matrix_at__isnull=False).exists():
        refuse(_("The response matrix is published first: an outcome says that everybody is answered."))


# -- themes -------------------------------------------------------------------------------------------
@transaction.atomic
def assign(
    consultation: Consultation, by: User, *, annotations: list[int], submissions: list[int], title: str
) -> Theme | None:
    """Puts responses under a theme, made when there is none of that title; an empty title takes them out."""
    require(rules.may_answer(by, consultation))
    if Consultation.objects.get(pk=consultation.pk).matrix_at:
        refuse(_("The matrix is published: it stays as it is."))
    theme = None
    if title.strip():
        theme, _new = Theme.objects.get_or_create(
            consultation=consultation, title=title.strip()[:160], defaults={"author": by}
        )
        theme = theme.merged_into or theme
    given(consultation).filter(pk__in=annotations).update(theme=theme)
    whole(consultation).filter(pk__in=submissions).update(theme=theme)
    what = {"theme": theme.title if theme else "", "responses": len(annotations) + len(submissions)}
    record("theme.assign", consultation, by=by, activity_id=consultation.pk, after=what)
    return theme


@transaction.atomic
def merge(theme: Theme, into: Theme, by: User) -> None:
    """Two themes become one; what lay under the first lies under the second."""
    require(rules.may_answer(by, theme.consultation))
    if theme.pk == into.pk or theme.consultation_id != into.consultation_id or into.merged_into_id:
        refuse(_("Choose another theme of this consultation."))
    if theme.rows.exists():
        refuse(_("This theme has a row in the matrix already."))
    Annotation.objects.filter(theme=theme).update(theme=into)
    Submission.objects.filter(theme=theme).update(theme=into)
    Theme.objects.filter(pk=theme.pk).update(merged_into=into)
    record("theme.merge", theme, by=by, activity_id=theme.consultation_id, after={"into": into.title})
