"""Ballots that may be of one hand: out of the count while they are checked, and back (docs/decisions/0017).

Neither the finder nor the desk ever reads a choice. What moves, moves in groups of ten people at least, since everybody
can subtract the result before from the one after; and nothing moves once the count is published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commons.integrity import checking
from commons.integrity.kinds import Shown, VoteKind
from commons.integrity.models import Cluster
from polls import counting
from polls.models import Poll
from polls.models.poll import LONGEST_CHECK
from polls.tally import BALLOTS

if TYPE_CHECKING:
    from django.db.models import QuerySet

NAME = "ballot"

# A guest's ballot is counted by itself and has no account to look at. The value says nothing: a ballot is a ballot.
VOTES = """
SELECT b.poll_id AS target, b.poll_id AS activity, b.voter_id AS person, 1 AS value, b.at, b.network, b.device, b.standing
FROM polls_ballot b JOIN polls_poll p ON p.activity_ptr_id = b.poll_id
WHERE b.voter_id IS NOT NULL AND p.sealed_at IS NULL
"""
# The share lock waits for a seal that is under way, and finds the poll sealed then. Counts are locked in the order of
# counting.ADD.
MOVE = f"""
WITH unsealed AS MATERIALIZED (
  SELECT activity_ptr_id AS id FROM polls_poll WHERE activity_ptr_id = ANY(%(targets)s) AND sealed_at IS NULL
  ORDER BY 1 FOR SHARE
), moved AS (
  UPDATE polls_ballot b SET standing = %(to)s
  FROM unnest(%(targets)s::bigint[], %(people)s::bigint[]) AS s(target, person) JOIN unsealed ON unsealed.id = s.target
  WHERE b.poll_id = s.target AND b.voter_id = s.person AND b.standing = %(was)s
  RETURNING b.poll_id, b.voter_id, b.choice, b.traits
), differed AS (
  INSERT INTO polls_count (poll_id, segment, number, value, n)
  SELECT * FROM ({
    counting.SUMMED.format(
        differences='''
    SELECT poll_id, choice, traits, (%(to)s = 0)::int - (%(was)s = 0)::int AS sign FROM moved
    UNION ALL SELECT poll_id, NULL, 'aside', (%(to)s = 1)::int - (%(was)s = 1)::int FROM moved
    UNION ALL SELECT poll_id, NULL, 'left_out', (%(to)s = 2)::int - (%(was)s = 2)::int FROM moved'''
    )
}) s WHERE n <> 0 ORDER BY 1, 2, 3, 4
  ON CONFLICT (poll_id, segment, number, value) DO UPDATE SET n = polls_count.n + EXCLUDED.n
)
SELECT poll_id, voter_id FROM moved
"""  # noqa: S608 - our own constants
LEAVE_OUT = """
WITH moved AS (
  UPDATE polls_ballot SET standing = 2 WHERE poll_id = %(poll)s AND standing = 1 RETURNING poll_id
)
INSERT INTO polls_count (poll_id, segment, number, value, n)
SELECT poll_id, segment, 0, 0, count(*) * sign FROM moved, (VALUES ('aside', -1), ('left_out', 1)) AS s(segment, sign)
GROUP BY poll_id, segment, sign ORDER BY 1, 2
ON CONFLICT (poll_id, segment, number, value) DO UPDATE SET n = polls_count.n + EXCLUDED.n
"""


def shown(ids: list[int]) -> dict[int, Shown]:
    """Polls as somebody sees them who checks their ballots: how many count, and nothing of what is in them."""
    return {
        poll.pk: Shown(
            str(poll.title), (get_language() or "en")[:2], poll.get_absolute_url(), None,
            counting.read(poll.pk).get("all", {}).get(BALLOTS, 0),
        )
        for poll in Poll.objects.filter(pk__in=ids)
    }  # fmt: skip


def is_published(poll_id: int) -> bool:
    return Poll.objects.filter(pk=poll_id, sealed_at__isnull=False).exists()


KIND = VoteKind(
    NAME, _("Ballots in polls"), "polls_ballot", VOTES, MOVE, shown, secret=True, settled=is_published
)  # fmt: skip


def undecided() -> QuerySet[Cluster]:
    """Groups of ballots that somebody still has to decide about."""
    return Cluster.objects.filter(kind=NAME, state__in=[Cluster.State.PROPOSED, Cluster.State.ASIDE])


def decided_upon() -> Q:
    """Polls whose ballots are all decided upon, or whose time for that is over."""
    waits = undecided().filter(activity=OuterRef("pk"))
    return ~Exists(waits) | waited_long_enough()


def waited_long_enough() -> Q:
    return Q(closes_at__lte=Now() - LONGEST_CHECK)


def settle(poll: Poll) -> None:
    """What is still set aside stays out for good: a person set it aside and said why. What nobody looked at counts."""
    checking.leave_out_undecided(KIND, poll.pk)
    with connection.cursor() as cursor:
        cursor.execute(LEAVE_OUT, {"poll": poll.pk})
