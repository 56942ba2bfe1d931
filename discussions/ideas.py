"""What can be done with an idea. The unique row decides who supports; counts follow within a second."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.activities import ledger
from commons.activities.eligibility import eligibility
from commons.activities.models import Contribution
from commons.audit.events import happened
from commons.audit.record import record
from commons.comments import screening
from commons.comments.writing import Refused
from commons.core import clock
from commons.core.cleaning import clean_text
from commons.core.markdown import to_html
from commons.core.personal_numbers import mask
from commons.directory.rules import Role, holds
from discussions.models import Discussion, Idea, IdeaResponse

if TYPE_CHECKING:
    from commons.directory.models import Region, Sector
    from commons.people.models import User

ANSWER_WITHIN = timedelta(days=60)


@transaction.atomic
def bring(
    forum: Discussion,
    by: User,
    *,
    title: str,
    ask: str,
    detail: str = "",
    sector: Sector | None = None,
    region: Region | None = None,
    channel: str = Contribution.Channel.WEB,
) -> Idea:
    """A new idea, looking for sponsors. Raises Refused when the person or the moment does not allow it."""
    moment = clock.now()
    allowed = eligibility(by, forum, moment)
    if not allowed.allowed:
        raise Refused(allowed.code, allowed.reason)
    title, ask, detail = (mask(clean_text(text))[0] for text in (title, ask, detail))
    twice = forum.ideas.filter(author=by, title=title, ask=ask, created_at__gt=moment - timedelta(minutes=1)).first()
    if twice:
        return twice
    findings = screening.findings(f"{title}\n{ask}\n{detail}", by, forum)
    line = ledger.receive(forum, by, "idea", title, channel=channel)
    idea = Idea.objects.create(
        activity=forum, author=by, contribution=line, title=title, ask=ask, detail=detail, detail_html=to_html(detail),
        sector=sector, region=region, language=(get_language() or "en")[:5],
        state=Idea.State.HELD if findings else Idea.State.PENDING,
        state_reason=findings[0].code if findings else "", state_words=" ".join(f.words for f in findings),
    )  # fmt: skip
    Contribution.objects.filter(pk=line.pk).update(path=f"/ideas/{idea.pk}/")
    happened("idea held" if findings else "idea brought", idea.pk)
    return idea


SUPPORT = """
WITH target AS (
  SELECT i.id FROM discussions_idea i JOIN activities_activity a ON a.id = i.activity_id
  WHERE i.id = %(idea)s AND i.state IN ('pending', 'open') AND i.author_id IS DISTINCT FROM %(person)s
    AND a.state = 'published' AND a.opens_at <= clock_timestamp()
    AND (a.closes_at IS NULL OR a.closes_at > clock_timestamp())
), written AS (
  INSERT INTO discussions_support (idea_id, person_id) SELECT id, %(person)s FROM target
  ON CONFLICT (idea_id, person_id) DO NOTHING RETURNING idea_id
), differed AS (
  INSERT INTO discussions_ideatally (idea_id, difference) SELECT idea_id, 1 FROM written RETURNING difference
)
"""
# Once the institution owes an answer, support stays: nobody may undo what others relied on.
WITHDRAW = """
WITH target AS (
  SELECT i.id FROM discussions_idea i WHERE i.id = %(idea)s AND i.state IN ('pending', 'open') AND i.answer_due IS NULL
), written AS (
  DELETE FROM discussions_support WHERE idea_id IN (SELECT id FROM target) AND person_id = %(person)s RETURNING idea_id
), differed AS (
  INSERT INTO discussions_ideatally (idea_id, difference) SELECT idea_id, -1 FROM written RETURNING difference
)
"""
COUNT = """
SELECT i.support_count + coalesce(sum(t.difference), 0) + coalesce((SELECT sum(difference) FROM differed), 0)
FROM target JOIN discussions_idea i ON i.id = target.id LEFT JOIN discussions_ideatally t ON t.idea_id = i.id GROUP BY i.id
"""


def support(idea_id: int, person_id: int, *, wanted: bool) -> int | None:
    """Supports or withdraws; answers with the count to show. None when that is not possible (any more)."""
    with connection.cursor() as cursor:
        cursor.execute((SUPPORT if wanted else WITHDRAW) + COUNT, {"idea": idea_id, "person": person_id})
        counted = cursor.fetchone()
    return int(counted[0]) if counted else None


FOLD = """
WITH taken AS (
  DELETE FROM discussions_ideatally WHERE id IN (
    SELECT id FROM discussions_ideatally ORDER BY id LIMIT 50000 FOR UPDATE SKIP LOCKED)
  RETURNING idea_id, difference
), summed AS (SELECT idea_id, sum(difference) AS difference FROM taken GROUP BY idea_id)
UPDATE discussions_idea i SET support_count = i.support_count + s.difference FROM summed s WHERE i.id = s.idea_id
RETURNING i.id
"""


@transaction.atomic
def fold() -> None:
    """Adds waiting support, opens ideas that found their sponsors, and starts the clock of those that earned an answer."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD)
        touched = [row[0] for row in cursor.fetchall()]
    for idea in Idea.objects.filter(pk__in=touched).select_related("activity"):
        if idea.state == Idea.State.PENDING and idea.support_count >= idea.activity.sponsors_needed:
            open_up(idea)
        if idea.answer_due is None and idea.support_count >= idea.activity.answer_at:
            Idea.objects.filter(pk=idea.pk, answer_due=None).update(answer_due=(clock.now() + ANSWER_WITHIN).date())


@transaction.atomic
def open_up(idea: Idea) -> None:
    """It found its sponsors: everybody sees it now."""
    moved = Idea.objects.filter(pk=idea.pk, state=Idea.State.PENDING).update(state=Idea.State.OPEN, opened_at=Now())
    if moved:
        record("idea.open", idea, by=None)
        happened("idea opened", idea.pk)


@transaction.atomic
def retire(idea: Idea, by: User, reason: str, words: str) -> None:
    """Its author lays it down; supporters are told. Raises PermissionDenied for anybody else."""
    if idea.author_id != by.pk:
        raise PermissionDenied
    allowed = [Idea.State.PENDING, Idea.State.OPEN]
    moved = Idea.objects.filter(pk=idea.pk, state__in=allowed).update(
        state=Idea.State.RETIRED, state_reason=reason, state_words=clean_text(words)
    )
    if moved:
        record("idea.retire", idea, by=by, words=words, after={"reason": reason})
        happened("idea retired", idea.pk)


@transaction.atomic
def hide(idea: Idea, by: User, reason: str, words: str) -> bool:
    """A moderator's decision, with a reason its author reads. False when it already was hidden."""
    moved = (
        Idea.objects.filter(pk=idea.pk)
        .exclude(state=Idea.State.HIDDEN)
        .update(state=Idea.State.HIDDEN, state_reason=reason, state_words=words)
    )
    if moved:
        record("idea.hide", idea, by=by, words=words, after={"reason": reason})
        happened("idea hidden", idea.pk)
    return bool(moved)


@transaction.atomic
def restore(idea: Idea, by: User, words: str = "") -> bool:
    """Back to looking for sponsors, or open if it had found them."""
    state = Idea.State.OPEN if idea.opened_at else Idea.State.PENDING
    moved = Idea.objects.filter(pk=idea.pk, state__in=[Idea.State.HELD, Idea.State.HIDDEN]).update(
        state=state, state_reason="", state_words=""
    )
    if moved:
        record("idea.restore", idea, by=by, words=words)
        happened("idea restored", idea.pk)
    return bool(moved)


@transaction.atomic
def publish_response(response: IdeaResponse, by: User) -> None:
    """The written answer, published by an approver who did not write it; twice is once."""
    idea = response.idea
    if response.published_at:
        return
    if not holds(by, idea.activity.institution, Role.APPROVER):
        raise PermissionDenied
    if response.author_id == by.pk:
        raise ValidationError(_("Somebody else has to approve what you wrote."))
    IdeaResponse.objects.filter(pk=response.pk).update(approver=by, published_at=Now())
    Idea.objects.filter(pk=idea.pk).update(answered_at=Now())
    record("idea.answer", idea, by=by)
    happened("idea answered", idea.pk)
