"""Answering a survey. Every answer is kept the moment it is given; the database's clock decides whether it still counts.

What a person does in one survey is done one after the other (the response's row is locked), so that a second press
and a second device find what the first did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from commons.activities import ledger
from commons.activities.counters import Counter
from commons.activities.models import Activity, Contribution
from commons.comments.refused import Refused
from surveys import attachments, quotas, rules
from surveys.asking import Sheet, Walk, seed_of
from surveys.conditions import is_empty
from surveys.models import Answer, Attachment, Question, Response, Survey

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.core.files.uploadedfile import UploadedFile

    from commons.people.models import User

KIND = "survey"  # of the ledger's line


@dataclass(frozen=True)
class Respondent:
    """Somebody with an account, or a guest known by a key that only their browser has."""

    user: User | AnonymousUser
    guest_key: str = ""

    @property
    def who(self) -> str:
        return f"person-{self.user.pk}" if self.user.is_authenticated else f"guest-{self.guest_key}"

    def response(self, survey: Survey) -> Response | None:
        if self.user.is_authenticated:
            return Response.objects.filter(activity=survey, person=self.user).first()
        if not self.guest_key:
            return None
        return Response.objects.filter(activity=survey, guest_key=self.guest_key, person=None).first()


def walk_of(sheet: Sheet, respondent: Respondent, response: Response | None) -> Walk:
    """The person's way with what they answered so far."""
    if response is None:
        return Walk(sheet, {}, seed_of(sheet.survey, respondent.who))
    return Walk(sheet, answers_of(response), response.seed)


def answers_of(response: Response) -> dict[str, Any]:
    """Answers to the current versions of questions, by name: also those that conditions hide."""
    current = response.answers.filter(question__retired_at=None)
    return dict(current.values_list("question__name", "value"))


@transaction.atomic
def begin(survey: Survey, by: Respondent, *, channel: str = Contribution.Channel.WEB) -> Response:
    """The person's response, begun with the first answer. Raises Refused when they may not answer."""
    found = by.response(survey)
    if found:
        return found
    allowed = rules.may_answer(by.user, survey)
    if not allowed.allowed:
        raise Refused(allowed.code, allowed.reason)
    person = by.user if by.user.is_authenticated else None
    row = Response(
        activity=survey, person=person, guest_key="" if person else by.guest_key,
        by_guest=person is None, channel=channel, language=(get_language() or "en")[:5], seed=seed_of(survey, by.who),
    )  # fmt: skip
    Response.objects.bulk_create([row], ignore_conflicts=True)  # a second press at the same moment made it already
    response = by.response(survey)
    if response is None:  # signed in, and this very key belonged to a guest who has signed up meanwhile
        raise Refused("again", _("Something changed meanwhile. Open the survey again."))
    return response


# The moment is judged in the statement that writes: no answer is kept after the close, whatever a web server's clock says.
KEEP = """
WITH open AS (
  SELECT r.id FROM surveys_response r JOIN activities_activity a ON a.id = r.activity_id
  JOIN surveys_survey s ON s.activity_ptr_id = a.id
  WHERE r.id = %(response)s AND a.state = 'published' AND a.opens_at <= clock_timestamp()
    AND (a.closes_at IS NULL OR a.closes_at > clock_timestamp()) AND (r.completed_at IS NULL OR s.editable)
), dropped AS (
  DELETE FROM surveys_answer USING open WHERE response_id = open.id AND question_id = ANY(%(dropped)s)
), kept AS (
  INSERT INTO surveys_answer (response_id, question_id, value, counts, changed_at)
  SELECT open.id, given.question, given.value, true, clock_timestamp()
  FROM open, unnest(%(questions)s::bigint[], %(values)s::jsonb[]) AS given(question, value)
  ON CONFLICT (response_id, question_id) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
), touched AS (
  UPDATE surveys_response r SET changed_at = clock_timestamp() FROM open WHERE r.id = open.id RETURNING r.id
)
SELECT count(*) FROM touched
"""


@transaction.atomic
def keep(response: Response, sheet: Sheet, given: dict[Question, Any]) -> Walk:
    """Keeps these answers (None takes one back) and returns the way that is shown from now on.

    Raises Refused when the survey is not open or the response is fixed, ValidationError (by question's name) for an
    answer to a question that is hidden, and on a sent response for one that leaves a required question without an answer.
    Nothing is kept then.
    """
    response = Response.objects.select_for_update(of=("self",)).get(pk=response.pk)
    before = Walk(sheet, answers_of(response), response.seed)
    answers = dict(before.answers)
    for question, value in given.items():
        answers.pop(question.name, None)
        if not is_empty(value):
            answers[question.name] = value
    after = Walk(sheet, answers, response.seed)
    check(response, before, after, given)
    write(response, given)
    mark_counted(response, before, after)
    if response.completed_at and any(question.measures for question in given):
        quotas.take(response, quotas.measures_of(after))
    return after


def check(response: Response, before: Walk, after: Walk, given: dict[Question, Any]) -> None:
    """A question may be answered that was shown before or is shown because of these answers."""
    visible = {name for walk in (before, after) for names in walk.shown.values() for name in names}
    wrong = {}
    for question, value in given.items():
        if question.name not in visible and not is_empty(value):
            wrong[question.name] = _("This question is not asked of you.")
        elif response.completed_at and question.required and is_empty(value) and question in after.lacking():
            wrong[question.name] = _("This must be answered.")
    if wrong:
        raise ValidationError(wrong)


def write(response: Response, given: dict[Question, Any]) -> None:
    kept = [(question.pk, Jsonb(value)) for question, value in given.items() if not is_empty(value)]
    dropped = [question.pk for question, value in given.items() if is_empty(value)]
    values: dict[str, Any] = {
        "response": response.pk,
        "dropped": dropped,
        "questions": [q for q, _v in kept],
        "values": [v for _q, v in kept],
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, values)
        done = cursor.fetchone()[0]
    if not done:
        raise refusal(response)


def refusal(response: Response) -> Refused:
    survey = Survey.objects.select_related("institution", "group").get(pk=response.activity_id)
    if not rules.may_change(response, survey):
        return Refused("sent", _("Your answers are sent, and this survey lets nobody change them afterwards."))
    return Refused("closed", _("This survey is not open any more. What you had answered until then is kept."))


def mark_counted(response: Response, before: Walk, after: Walk) -> None:
    """Answers to questions that are hidden now do not count; they stay, and count again when the question comes back."""
    counted = after.counted()
    if counted == set(after.answers) and before.counted() == set(before.answers):
        return
    ids = [after.sheet.by_name[name].pk for name in counted]
    Answer.objects.filter(response=response).filter(
        ~Q(question__in=ids), counts=True, question__retired_at=None
    ).update(counts=False)
    Answer.objects.filter(response=response, question__in=ids, counts=False).update(counts=True)


@transaction.atomic
def attach(response: Response, sheet: Sheet, question: Question, file: UploadedFile) -> Walk:
    """Keeps a file as the answer, instead of the one before. Raises ValidationError (by name) and Refused like `keep`."""
    try:
        name, content_type, content = attachments.made_safe(file)
    except ValidationError as error:
        raise ValidationError({question.name: error.messages}) from error
    row = Attachment.objects.create(
        response=response, question=question, name=name, content_type=content_type, content=content
    )
    walk = keep(response, sheet, {question: {"file": row.pk, "name": name, "size": len(content)}})
    response.attachments.filter(question=question).exclude(pk=row.pk).delete()
    return walk


SEND = """
UPDATE surveys_response r SET completed_at = clock_timestamp() FROM activities_activity a
WHERE r.id = %s AND a.id = r.activity_id AND r.completed_at IS NULL AND a.state = 'published'
  AND a.opens_at <= clock_timestamp() AND (a.closes_at IS NULL OR a.closes_at > clock_timestamp())
"""


@transaction.atomic
def send(response: Response, sheet: Sheet) -> Response:
    """The person is through: from now on the response counts. Twice is once.

    Raises ValidationError (by question's name) while a required question is not answered, Refused after the close.
    """
    survey = sheet.survey
    row = Response.objects.select_for_update(of=("self",)).select_related("person", "contribution").get(pk=response.pk)
    if row.completed_at:
        return row
    walk = Walk(sheet, answers_of(row), row.seed)
    if lacking := walk.lacking():
        raise ValidationError({question.name: _("This must be answered.") for question in lacking})
    if not walk.answers:
        raise ValidationError(_("Answer at least one question first."))
    with connection.cursor() as cursor:
        cursor.execute(SEND, [row.pk])
        if not cursor.rowcount:
            raise refusal(row)
    line = ledger.receive(survey, row.person, KIND, str(survey.title), channel=row.channel)
    Contribution.objects.filter(pk=line.pk).update(path=f"/surveys/{survey.slug}/")
    Response.objects.filter(pk=row.pk).update(contribution=line)
    Activity.objects.filter(pk=survey.pk).update(participant_count=F("participant_count") + 1, last_activity_at=Now())
    quotas.take(row, quotas.measures_of(walk))
    row.refresh_from_db()
    return row


@transaction.atomic
def claim(guest_key: str, person: User) -> None:
    """What somebody answered as a guest is theirs once they sign in, where they had not answered already."""
    mine = Response.objects.select_for_update(of=("self",)).filter(guest_key=guest_key, person=None)
    for row in mine.exclude(activity__responses__person=person):
        Response.objects.filter(pk=row.pk).update(person=person, guest_key="")
        if row.contribution_id:
            Contribution.objects.filter(pk=row.contribution_id).update(person=person)


PARTICIPANTS = Counter(
    "activities_activity",
    "participant_count",
    """
    SELECT a.id, a.participant_count, coalesce(r.sent, 0) FROM activities_activity a
    LEFT JOIN (SELECT activity_id, count(*) AS sent FROM surveys_response WHERE completed_at IS NOT NULL GROUP BY 1) r
      ON r.activity_id = a.id WHERE a.kind = 'surveys'
    """,
)
