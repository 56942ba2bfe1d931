"""Answering a clause or the whole document, changing one's mind until the close, taking it back. The database's clock decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext as _

from commons.activities import ledger
from commons.activities.counters import Counter
from commons.activities.eligibility import eligibility
from commons.activities.models import Activity, Contribution
from commons.audit.events import happened
from commons.comments import screening
from commons.comments.counting import lock_activity, lock_person_in
from commons.comments.refused import Refused
from commons.core import clock
from commons.core.cleaning import clean_text
from commons.core.language import written_in
from commons.core.personal_numbers import mask
from consultations import reading
from consultations.anchoring import anchor
from consultations.attachments import Cleaned
from consultations.models import Annotation, Clause, Consultation, Draft, Submission, SubmissionFile

if TYPE_CHECKING:
    from commons.people.models import User

State, Stance = Annotation.State, Annotation.Stance
LIMITS = {"body": 4000, "proposed": 10_000, "exact": 2000}


def enter(consultation: Consultation, by: User) -> None:
    """Queues one person's acts here, and raises Refused when the person or the moment does not allow it."""
    lock_person_in(consultation.pk, by.pk)
    allowed = eligibility(by, lock_activity(consultation.pk), clock.now())
    if not allowed.allowed:
        raise Refused(allowed.code, allowed.reason)


@transaction.atomic
def respond(
    consultation: Consultation,
    draft: Draft,
    clause: int,
    by: User,
    *,
    stance: str,
    body: str = "",
    proposed: str = "",
    exact: str = "",
    channel: str = Contribution.Channel.WEB,
) -> Annotation:
    """One's answer to a clause: a new one, or the one given before with these words instead.

    Raises ValidationError by field for what is typed, Refused when the person or the moment does not allow it.
    """
    around = reading.one_clause(draft, clause)
    if around is None or draft.consultation_id != consultation.pk:
        raise Refused("gone", _("This clause is no longer there."))
    texts, masked = cleaned(body=body, proposed=proposed, exact=exact)
    if stance != Stance.AMEND:
        texts["proposed"] = ""
    check(stance, texts)
    if texts["proposed"] and texts["proposed"] in {texts["exact"], around.itself.text}:
        raise ValidationError({"proposed": _("It reads as before. Change the words that should be different.")})
    where = anchor(around.itself.text, texts["exact"])
    if where is None:
        raise ValidationError(
            {"exact": _("These words are not in the clause. Copy them from it, or leave this empty.")}
        )
    enter(consultation, by)
    said = texts["body"] or texts["proposed"] or f"{around.itself.label}: {Stance(stance).label}"
    row = Annotation.objects.select_for_update(no_key=True).filter(author=by, clause=clause).first()
    findings = screening.findings(said, by, consultation, masked=masked) or looked_at_again(row)
    is_new = row is None
    if row is None:
        line = ledger.receive(consultation, by, "response", said, channel=channel)
        row = Annotation(activity=consultation, author=by, clause_id=clause, contribution=line)
    elif row.state == State.VISIBLE:
        count(row, -1)
    if (row.stance, row.body) != (stance, texts["body"]):
        row.clarification = None  # what was answered were other words
    row.draft, row.stance, row.body, row.proposed = draft, stance, texts["body"], texts["proposed"]
    row.exact, row.prefix, row.suffix = where.exact, where.prefix, where.suffix
    row.root_id = around.above[0].clause_id if around.above else clause
    row.counted_at = [clause, *(one.clause_id for one in around.above)]
    row.language = written_in(said)
    row.state = State.HELD if findings else State.VISIBLE
    row.state_reason = findings[0].code if findings else ""
    row.state_words = " ".join(finding.words for finding in findings)
    row.edited_at = None if is_new else clock.now()
    row.save()
    path = f"/consultations/{consultation.slug}/clauses/{clause}/"
    Contribution.objects.filter(pk=row.contribution_id).update(path=path, excerpt=ledger.excerpt(said))
    if row.state == State.VISIBLE:
        count(row, +1)
    else:
        happened("annotation held", row.pk, because=findings)
    return row


def looked_at_again(row: Annotation | Submission | None) -> list[screening.Finding]:
    """Nobody shows by an edit what waits for a moderator, or what one has hidden."""
    if row is None or row.state not in {State.HELD, State.HIDDEN}:
        return []
    return [screening.Finding(row.state_reason, _("Its author has changed it; a moderator looks at it again."))]


def cleaned(**texts: str) -> tuple[dict[str, str], set[str]]:
    """The texts as they are stored, and what personal numbers were hidden. Raises ValidationError for what is too long."""
    found: dict[str, str] = {}
    masked: set[str] = set()
    for name, text in texts.items():
        found[name], kinds = mask(clean_text(text))
        masked |= kinds
        if len(found[name]) > LIMITS[name]:
            words = _("This is %(now)s characters; at most %(most)s are possible.")
            raise ValidationError({name: words % {"now": len(found[name]), "most": LIMITS[name]}})
    return found, masked


def check(stance: str, texts: dict[str, str]) -> None:
    """Raises ValidationError, beside its field, for what a stance lacks."""
    if stance not in Stance.values:
        raise ValidationError({"stance": _("Choose what you think of this clause.")})
    if stance == Stance.AMEND and not texts["proposed"]:
        raise ValidationError({"proposed": _("Write how it should read.")})
    if stance == Stance.ASK and not texts["body"]:
        raise ValidationError({"body": _("Write your question.")})


def count(row: Annotation, difference: int) -> None:
    """One answer more or fewer, at its clause and what that lies in; the person too when it is their only one here.

    Clauses are locked in the order of their numbers, behind person and activity: two who answer at once wait in turn.
    """
    column = f"{row.stance}_count"
    list(Clause.objects.select_for_update(no_key=True).filter(pk__in=row.counted_at).order_by("pk").values_list("pk"))
    Clause.objects.filter(pk__in=row.counted_at).update(**{column: Greatest(F(column) + difference, 0)})
    count_person(row.activity_id, row.author_id, difference, annotation=row.pk)


def count_person(
    activity: int, author: int | None, difference: int, *, annotation: int | None = None, submission: int | None = None
) -> None:
    others = Annotation.objects.filter(activity=activity, author=author, state=State.VISIBLE).exclude(
        pk=annotation or 0
    )
    whole = Submission.objects.filter(activity=activity, author=author, state=State.VISIBLE).exclude(pk=submission or 0)
    alone = not others.exists() and not whole.exists()
    Activity.objects.filter(pk=activity).update(
        participant_count=Greatest(F("participant_count") + (difference if alone else 0), 0),
        last_activity_at=Now() if difference > 0 else F("last_activity_at"),
    )


@transaction.atomic
def take_back(row: Annotation, by: User) -> None:
    """Takes one's own answer back before the close: its words go, its place in the ledger stays. Twice is once."""
    enter(row.activity, by)
    current = Annotation.objects.select_for_update(no_key=True).get(pk=row.pk, author=by)
    if current.state == State.REMOVED:
        return
    if current.state == State.VISIBLE:
        count(current, -1)
    Annotation.objects.filter(pk=row.pk).update(
        state=State.REMOVED, body="", proposed="", exact="", prefix="", suffix=""
    )
    Contribution.objects.filter(pk=row.contribution_id).update(excerpt="")
    happened("annotation removed", row.pk)


@transaction.atomic
def submit(
    consultation: Consultation,
    person: User,
    *,
    file: Cleaned | None = None,
    channel: str = Contribution.Channel.WEB,
    **typed: Any,
) -> Submission:
    """One's answer to the whole document, new or instead of the one before; a file given before stays unless there is a new one.

    `typed` are the fields of a Submission. Raises ValidationError by field, Refused when it is not allowed now.
    """
    typed["body"], masked = mask(clean_text(typed.get("body", "")))
    typed["interest"], typed["organisation"] = (
        clean_text(typed.get("interest", "")),
        clean_text(typed.get("organisation", "")),
    )
    if typed["by"] == Submission.By.ORGANISATION:
        if not typed["organisation"]:
            raise ValidationError({"organisation": _("Say for which organisation you speak.")})
        if not typed["interest"]:
            raise ValidationError({"interest": _("Say what interest the organisation has in the matter.")})
    enter(consultation, person)
    row = Submission.objects.select_for_update(no_key=True).filter(author=person, activity=consultation).first()
    attached = SubmissionFile.objects.filter(submission=row, refused_at=None)
    if not typed["body"] and file is None and not (row and attached.exists()):
        raise ValidationError({"body": _("Write your response, or attach a file.")})
    # What a confidential response says, nobody sees but the officials.
    said = "" if typed.get("confidential") else f"{typed['organisation']}\n{typed['body']}".strip()
    findings = screening.findings(said, person, consultation, masked=masked) if said else []
    findings = findings or looked_at_again(row)
    was_visible = row is not None and row.state == State.VISIBLE
    if row is None:
        row = Submission(activity=consultation, author=person)
        row.contribution = ledger.receive(consultation, person, "submission", "", channel=channel)
    else:
        row.edited_at = clock.now()
    for name, value in typed.items():
        setattr(row, name, value)
    row.language = written_in(typed["body"])
    row.state = State.HELD if findings else State.VISIBLE
    row.state_reason = findings[0].code if findings else ""
    row.state_words = " ".join(finding.words for finding in findings)
    row.save()
    # The ledger's line is public: of a confidential response it holds no word.
    excerpt = str(consultation.title) if row.confidential or not row.body else row.body
    path = f"/consultations/{consultation.slug}/submissions/"
    Contribution.objects.filter(pk=row.contribution_id).update(path=path, excerpt=ledger.excerpt(excerpt))
    if file is not None:
        SubmissionFile.objects.filter(submission=row).delete()
        SubmissionFile.objects.create(
            submission=row,
            name=file.name,
            media_type=file.media_type,
            size=len(file.data),
            data=file.data,
            scanned_at=Now() if file.scanned else None,
        )
    if was_visible != (row.state == State.VISIBLE):
        count_person(consultation.pk, person.pk, -1 if was_visible else +1, submission=row.pk)
    if findings:
        happened("submission held", row.pk, because=findings)
    return row


def kept(stance: str) -> Counter:
    return Counter(
        "consultations_clause", f"{stance}_count",
        f"""
        SELECT c.id, c.{stance}_count, coalesce(n.rows, 0) FROM consultations_clause c LEFT JOIN (
          SELECT place, count(*) AS rows FROM consultations_annotation a, unnest(a.counted_at) AS place
          WHERE a.state = 'visible' AND a.stance = '{stance}' GROUP BY place) n ON n.place = c.id
        """,  # noqa: S608 - the stances are ours
    )  # fmt: skip


PEOPLE = Counter(
    "activities_activity", "participant_count",
    """
    SELECT a.id, a.participant_count, coalesce(n.people, 0) FROM activities_activity a LEFT JOIN (
      SELECT activity_id, count(DISTINCT author_id) AS people FROM (
        SELECT activity_id, author_id FROM consultations_annotation WHERE state = 'visible'
        UNION ALL SELECT activity_id, author_id FROM consultations_submission WHERE state = 'visible') AS said
      GROUP BY 1) n ON n.activity_id = a.id
    WHERE a.kind = 'consultations'
    """,
)  # fmt: skip
COUNTERS = [*(kept(stance) for stance in Stance.values), PEOPLE]
