"""What every counter of a poll should be, worked out from its ballots: for `manage.py recount`."""

from __future__ import annotations

from commons.activities.counters import Counter
from polls.counting import DIFFERENCES, SUMMED

NOT_FOLDED = SUMMED.format(differences=DIFFERENCES.format(casts="ARRAY(SELECT cast_id FROM polls_waiting)"))
BALLOTS = SUMMED.format(
    differences="""
    SELECT poll_id, choice, traits, 1 AS sign FROM polls_ballot WHERE standing = 0
    UNION ALL
    SELECT poll_id, NULL, CASE standing WHEN 1 THEN 'aside' ELSE 'left_out' END, 1 FROM polls_ballot WHERE standing <> 0"""
)

# Rows and waiting casts are read in one statement: a ballot cast meanwhile is in both or in neither.
COUNTERS = [
    Counter(
        "polls_count", "n",
        f"""
        SELECT c.id, c.n + coalesce(w.n, 0)::int, coalesce(b.n, 0)::int FROM polls_count c
        LEFT JOIN ({NOT_FOLDED}) w USING (poll_id, segment, number, value)
        LEFT JOIN ({BALLOTS}) b USING (poll_id, segment, number, value)
        """,  # noqa: S608 - our own constants
    ),
    Counter(
        "activities_activity", "participant_count",
        """
        SELECT p.activity_ptr_id, a.participant_count + coalesce(w.people, 0)::int, coalesce(b.people, 0)::int
        FROM polls_poll p JOIN activities_activity a ON a.id = p.activity_ptr_id
        LEFT JOIN (SELECT c.poll_id, count(*) AS people FROM polls_waiting JOIN polls_cast c ON c.id = cast_id
                   WHERE c.before IS NULL GROUP BY 1) w ON w.poll_id = a.id
        LEFT JOIN (SELECT poll_id, count(*) AS people FROM polls_ballot GROUP BY 1) b ON b.poll_id = a.id
        """,
    ),
]  # fmt: skip
