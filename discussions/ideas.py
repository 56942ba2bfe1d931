"""Bringing an idea and supporting one. The unique row decides who supports; counts follow within a second."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commons.activities import ledger
from commons.activities.counters import Counter
from commons.activities.eligibility import eligibility
from commons.activities.models import Contribution
from commons.audit.events import happened
from commons.comments import screening
from commons.comments.counting import lock_person_in
from commons.comments.refused import Refused
from commons.core import clock
from commons.core.cleaning import clean_text
from commons.core.markdown import to_html
from commons.core.personal_numbers import mask
from commons.integrity.kinds import Shown, VoteKind
from commons.integrity.traces import NO_TRACE, Trace
from discussions import idea_steps
from discussions.models import Discussion, Idea
from discussions.models.idea import SPONSORS_WITHIN

if TYPE_CHECKING:
    from commons.directory.models import Region, Sector
    from commons.people.models import User


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
    lock_person_in(forum.pk, by.pk)  # so that a double click finds the first one
    moment = clock.now()
    allowed = eligibility(by, forum, moment)
    if not allowed.allowed:
        raise Refused(allowed.code, allowed.reason)
    (title, in_title), (ask, in_ask), (detail, in_detail) = (mask(clean_text(text)) for text in (title, ask, detail))
    twice = forum.ideas.filter(author=by, title=title, ask=ask, created_at__gt=moment - timedelta(minutes=1)).first()
    if twice:
        return twice
    masked = in_title | in_ask | in_detail
    findings = screening.findings(f"{title}\n{ask}\n{detail}", by, forum, masked=masked)
    line = ledger.receive(forum, by, "idea", title, channel=channel)
    idea = Idea.objects.create(
        activity=forum, author=by, contribution=line, title=title, ask=ask, detail=detail, detail_html=to_html(detail),
        sector=sector, region=region, institution=forum.institution, language=(get_language() or "en")[:5],
        state=Idea.State.HELD if findings else Idea.State.PENDING,
        state_reason=findings[0].code if findings else "", state_words=" ".join(f.words for f in findings),
    )  # fmt: skip
    Contribution.objects.filter(pk=line.pk).update(path=f"/ideas/{idea.pk}/")
    happened("idea held" if findings else "idea brought", idea.pk, because=findings)
    return idea


# The moment is the database's: nobody supports before the forum opens, after an idea closed, or an unsponsored idea
# whose time is over. `level` keeps to what the forum asks for.
SUPPORT = """
WITH target AS (
  SELECT i.id FROM discussions_idea i JOIN activities_activity a ON a.id = i.activity_id
  JOIN people_user p ON p.id = %(person)s AND p.is_active AND p.level >= a.min_level
  WHERE i.id = %(idea)s AND i.author_id IS DISTINCT FROM %(person)s AND a.state = 'published'
    AND ((i.state = 'open' AND (i.closes_at IS NULL OR i.closes_at > clock_timestamp()))
      OR (i.state IN ('pending', 'sponsored') AND i.created_at > clock_timestamp() - %(sponsors_within)s))
    AND a.opens_at <= clock_timestamp() AND (a.closes_at IS NULL OR a.closes_at > clock_timestamp())
), written AS (
  INSERT INTO discussions_support (idea_id, person_id, network, device)
  SELECT id, %(person)s, %(network)s::bigint, %(device)s::bigint FROM target
  ON CONFLICT (idea_id, person_id) DO NOTHING RETURNING idea_id
), differed AS (
  INSERT INTO discussions_ideatally (idea_id, difference) SELECT idea_id, 1 FROM written RETURNING difference
)
"""
# Once the institution owes an answer, support stays: nobody may undo what others relied on.
WITHDRAW = """
WITH target AS (
  SELECT i.id FROM discussions_idea i WHERE i.id = %(idea)s AND i.state IN ('pending', 'sponsored', 'open')
    AND i.answer_due IS NULL AND (i.closes_at IS NULL OR i.closes_at > clock_timestamp())
), written AS (
  DELETE FROM discussions_support WHERE idea_id IN (SELECT id FROM target) AND person_id = %(person)s RETURNING idea_id, standing
), differed AS (
  INSERT INTO discussions_ideatally (idea_id, difference, aside, left_out)
  SELECT idea_id, -(standing = 0)::int, -(standing = 1)::int, -(standing = 2)::int FROM written RETURNING difference
)
"""
COUNT = """
SELECT i.support_count + coalesce(sum(t.difference), 0) + coalesce((SELECT sum(difference) FROM differed), 0)
FROM target JOIN discussions_idea i ON i.id = target.id LEFT JOIN discussions_ideatally t ON t.idea_id = i.id GROUP BY i.id
"""


def support(idea_id: int, person_id: int, *, wanted: bool, trace: Trace = NO_TRACE) -> int | None:
    """Supports or withdraws; answers with the count to show. None when that is not possible (any more)."""
    values: dict[str, Any] = {
        "idea": idea_id, "person": person_id, "sponsors_within": SPONSORS_WITHIN,
        "network": trace.network, "device": trace.device,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute((SUPPORT if wanted else WITHDRAW) + COUNT, values)
        counted = cursor.fetchone()
    return int(counted[0]) if counted else None


# Out of the count, or back into it (commons.integrity.checking).
MOVE = """
WITH moved AS (
  UPDATE discussions_support v SET standing = %(to)s
  FROM unnest(%(targets)s::bigint[], %(people)s::bigint[]) AS s(target, person)
  WHERE v.idea_id = s.target AND v.person_id = s.person AND v.standing = %(was)s
  RETURNING v.idea_id, v.person_id
), differed AS (
  INSERT INTO discussions_ideatally (idea_id, difference, aside, left_out)
  SELECT idea_id, (%(to)s = 0)::int - (%(was)s = 0)::int,
    (%(to)s = 1)::int - (%(was)s = 1)::int, (%(to)s = 2)::int - (%(was)s = 2)::int
  FROM moved
)
SELECT idea_id, person_id FROM moved
"""
VOTES = """
SELECT v.idea_id AS target, i.activity_id AS activity, v.person_id AS person, 1 AS value, v.at, v.network, v.device, v.standing
FROM discussions_support v JOIN discussions_idea i ON i.id = v.idea_id
"""


def shown(ids: list[int]) -> dict[int, Shown]:
    """Ideas as somebody sees them who checks their support."""
    found = Idea.objects.filter(pk__in=ids).annotate(
        count_now=F("support_count") + Coalesce(Sum("tallies__difference"), 0)
    )
    return {
        one.pk: Shown(one.title, one.language, one.get_absolute_url(), one.author_id, one.count_now) for one in found
    }


KIND = VoteKind("support", _("Support for ideas"), "discussions_support", VOTES, MOVE, shown)

OUT_OF_COUNT = """
  SELECT i.id, i.{column} + coalesce(t.waiting, 0), coalesce(s.rows, 0) FROM discussions_idea i
  LEFT JOIN (SELECT idea_id, sum({column}) AS waiting FROM discussions_ideatally GROUP BY 1) t ON t.idea_id = i.id
  LEFT JOIN (SELECT idea_id, count(*) AS rows FROM discussions_support WHERE standing = {standing} GROUP BY 1) s
    ON s.idea_id = i.id
"""
SUPPORT_COUNT = Counter(
    "discussions_idea",
    "support_count",
    """
    SELECT i.id, i.support_count + coalesce(t.waiting, 0), i.imported_support + coalesce(s.rows, 0)
    FROM discussions_idea i
    LEFT JOIN (SELECT idea_id, sum(difference) AS waiting FROM discussions_ideatally GROUP BY 1) t ON t.idea_id = i.id
    LEFT JOIN (SELECT idea_id, count(*) AS rows FROM discussions_support WHERE standing = 0 GROUP BY 1) s
      ON s.idea_id = i.id
    """,
)
COUNTERS = [
    SUPPORT_COUNT,
    Counter("discussions_idea", "aside", OUT_OF_COUNT.format(column="aside", standing=1)),
    Counter("discussions_idea", "left_out", OUT_OF_COUNT.format(column="left_out", standing=2)),
]

FOLD = """
WITH taken AS (
  DELETE FROM discussions_ideatally WHERE id <= (
    SELECT max(id) FROM (SELECT id FROM discussions_ideatally ORDER BY id LIMIT 50000) oldest)
  RETURNING idea_id, difference, aside, left_out
), summed AS (
  SELECT idea_id, sum(difference) AS difference, sum(aside) AS aside, sum(left_out) AS left_out FROM taken GROUP BY idea_id
)
UPDATE discussions_idea i SET support_count = i.support_count + s.difference, aside = greatest(i.aside + s.aside, 0),
  left_out = greatest(i.left_out + s.left_out, 0) FROM summed s WHERE i.id = s.idea_id
RETURNING i.id
"""


@transaction.atomic
def fold() -> None:
    """Adds waiting support, and lets every idea that reached or lost a threshold by it take its step."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD)
        touched = [row[0] for row in cursor.fetchall()]
    for idea in Idea.objects.filter(pk__in=touched).select_related("activity").order_by("pk"):
        idea_steps.by_support(idea)
