"""A fast wrong answer is worth nothing: the page is looked at, and what was written is counted in the database."""

from __future__ import annotations

import time

from bench.house import House
from bench.workloads import PEOPLE, Workload, signed_in_headers

ROWS = {
    "vote": ("SELECT count(*) FROM comments_commentvote WHERE person_id > 1000", "portal", "bare vote"),
    "comment": ("SELECT count(*) FROM comments_comment WHERE activity_id = 500", "portal"),
    "ballot-hot": ("SELECT count(*) FROM polls_cast", "portal"),
    "ballot-1000": ("SELECT count(*) FROM polls_cast", "portal"),
}
WAITS = "SELECT (SELECT count(*) FROM comments_tally) + (SELECT count(*) FROM polls_waiting)"
DRIFT = """
  SELECT count(*) FROM comments_comment c JOIN (
    SELECT comment_id, count(*) FILTER (WHERE value = 1) AS up FROM comments_commentvote GROUP BY comment_id
  ) v ON v.comment_id = c.id WHERE c.up <> v.up
"""
KEPT = """
  SELECT count(*) FROM activities_activity a WHERE a.id = 500 AND a.comment_count <>
    (SELECT count(*) FROM comments_comment c WHERE c.activity_id = a.id AND c.state = 'visible')
"""

# Of every poll that is open: what is counted is the number of ballots, and the chain has one link for each casting.
MISCOUNTED = """
  SELECT count(*) FROM polls_poll p WHERE p.sealed_at IS NULL AND (
    (SELECT count(*) FROM polls_ballot b WHERE b.poll_id = p.activity_ptr_id) <>
      coalesce((SELECT n FROM polls_count c WHERE c.poll_id = p.activity_ptr_id
        AND segment = 'all' AND number = 0 AND value = 0), 0)
    OR (SELECT count(*) FROM polls_cast c WHERE c.poll_id = p.activity_ptr_id) <>
      (SELECT count(*) FROM polls_link l WHERE l.poll_id = p.activity_ptr_id))
"""


def page(work: Workload) -> None:
    """Raises AssertionError unless the portal's page is whole: 200, all it must show, and the right cache policy."""
    if not work.shows:
        return
    target = work.sides["portal"]
    signed_in = target.mode == "read"
    status, headers, body = target.fetch(signed_in_headers(PEOPLE[0]) if signed_in else None)
    assert status == 200, f"{work.name}: {target.path} answered {status}"
    missing = [words for words in (*work.shows, b"</html>") if words not in body]
    assert not missing, f"{work.name}: {target.path} lacks {missing}"
    policy = headers.get("cache-control", "")
    assert policy.startswith("private" if signed_in else "public"), f"{work.name}: Cache-Control is {policy!r}"


class Counted:
    """Remembers how many rows there were, and says afterwards what does not agree."""

    def __init__(self, house: House, work: Workload) -> None:
        self.house, self.work = house, work
        self.before = self.rows()

    def rows(self) -> int:
        return self.house.count(ROWS[self.work.name][0]) if self.work.name in ROWS else 0

    def faults(self) -> list[str]:
        if self.work.name not in ROWS:
            return []
        sides = [self.work.sides[name] for name in ROWS[self.work.name][1:]]
        least, most = sum(side.asked for side in sides), sum(side.most for side in sides)
        new = self.rows() - self.before
        faults = [] if least <= new <= most else [f"{new} new rows for {least} to {most} requests"]
        until = time.monotonic() + 15  # the worker adds differences up once a second
        while self.house.count(WAITS) and time.monotonic() < until:
            time.sleep(0.5)
        if wrong := self.house.count(DRIFT):
            faults.append(f"{wrong} comments whose counter is not the number of votes")
        if self.house.count(KEPT):
            faults.append("the discussion's counter is not the number of comments")
        if wrong := self.house.count(MISCOUNTED):
            faults.append(f"{wrong} polls whose count or chain is not that of the ballots")
        return faults
