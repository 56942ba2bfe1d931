"""Reads threads for a page: twenty roots with two replies each, a constant number of queries, plain rows.

No model object a comment: a page of 60 comments is built from tuples (docs/decisions/0004).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.http import Http404

from commons.comments import ranking
from commons.comments.models import Comment
from commons.core import keyset

if TYPE_CHECKING:
    from commons.activities.models import Activity

ROOTS = 20
REPLIES_SHOWN = 2
REPLIES_A_PAGE = 50


class Row(NamedTuple):
    id: int
    root_id: int | None
    parent_id: int | None
    depth: int
    author_id: int | None
    author: str
    has_page: bool  # whoever left, or was brought in from elsewhere, has none
    body_html: str
    body: str  # its beginning, as it was typed
    stance: int
    language: str
    state: str
    state_words: str
    institution: str | None  # its name in all languages, as JSON
    institution_code: str | None
    created_at: datetime
    edited_at: datetime | None
    up: int
    down: int
    aside: int  # votes not counted while they are checked
    left_out: int
    reply_count: int
    pinned: bool
    above_id: int | None  # whom it answers, when that is not the root of its thread
    above: str | None  # how that begins; None when it is not visible
    quotes: bool  # it stands beside what it answers, because nothing nests deeper
    sort_key: Any

    @property
    def lifted(self) -> bool:
        """A pinned reply as it stands at the top; it is in its thread as well."""
        return self.pinned and self.depth == 0 and self.root_id is not None


COLUMNS = """
  c.id, c.root_id, c.parent_id, c.depth, c.author_id, coalesce(u.display_name, ''), coalesce(u.is_active, false),
  c.body_html, left(c.body, 200), c.stance,
  c.language, c.state, c.state_words, i.name, i.code, c.created_at, c.edited_at, c.up, c.down, c.aside, c.left_out, c.reply_count,
  c.pinned_at IS NOT NULL, q.id, left(q.body, 200), c.answers_id IS NOT NULL
"""
JOINS = """
  LEFT JOIN people_user u ON u.id = c.author_id
  LEFT JOIN directory_institution i ON i.id = c.as_institution_id
  LEFT JOIN comments_comment q ON q.id = coalesce(c.answers_id, nullif(c.parent_id, c.root_id)) AND q.state = 'visible'
"""
# Shown: what is visible, one's own that wait or were hidden, and a tombstone where replies hang on it.
SHOWN = """
  (c.state = 'visible' OR (c.author_id = %(me)s AND c.state IN ('held', 'hidden')) OR (c.reply_count > 0))
"""
SHOWN_REPLY = "(c.state = 'visible' OR (c.author_id = %(me)s AND c.state IN ('held', 'hidden')))"


def ask(sql: str, values: dict[str, Any]) -> list[Row]:
    """Limits stand in the SQL as numbers: a plan that is kept must know that a page is short."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(map(Row._make, cursor.fetchall()))


class Thread(NamedTuple):
    """A page of a thread. `next` is the cursor after it; `replies` are by root."""

    pinned: list[Row]
    roots: list[Row]
    replies: dict[int, list[Row]]
    next: str | None


def thread(
    activity: Activity, order: ranking.Order, *, cursor: str = "", me: int | None = None, anchor: str = "",
    stance: int | None = None, size: int = ROOTS,
) -> Thread:  # fmt: skip
    """One page of roots in `order`, the first one with what is pinned. Raises Http404 for a made-up cursor."""
    values: dict[str, Any] = {"activity": activity.pk, "anchor": anchor, "me": me, "stance": stance}
    found, following = (one_lap if order.start is None else ring)(order, values, cursor, size)
    pinned, roots = [lift(row) for row in found if row.pinned], [row for row in found if not row.pinned]
    heads = [row.id for row in pinned + roots if row.root_id is None]
    return Thread(pinned, roots, first_replies(heads, me), following)


WHERE = f"""
  c.activity_id = %(activity)s AND c.anchor = %(anchor)s AND c.parent_id IS NULL AND c.pinned_at IS NULL AND {SHOWN}
  AND (%(stance)s::int IS NULL OR c.stance = %(stance)s)
"""
PINNED = f"""
  SELECT {COLUMNS}, NULL FROM comments_comment c {JOINS.replace("nullif(c.parent_id, c.root_id)", "c.parent_id")}
  WHERE c.activity_id = %(activity)s AND c.anchor = %(anchor)s
    AND c.pinned_at IS NOT NULL AND c.state = 'visible' AND (%(stance)s::int IS NULL OR c.stance = %(stance)s)
  ORDER BY c.pinned_at DESC LIMIT 3
"""  # noqa: S608 - our own constants


def lift(row: Row) -> Row:
    """A pinned reply as it stands at the top: not indented, and quoting what it answers."""
    return row if row.root_id is None else row._replace(depth=0, quotes=True)


def roots_sql(order: ranking.Order, condition: str, size: int) -> str:
    """One root more than a page shows: it tells that there is a next one."""
    way = "DESC" if order.descending else "ASC"
    by = "c.id" if order.column == "id" else f"c.{order.column} {way}, c.id"
    return f"""(
      SELECT {COLUMNS}, c.{order.column} FROM comments_comment c {JOINS}
      WHERE {WHERE} {condition} ORDER BY {by} {way} LIMIT {size + 1}
    )"""  # noqa: S608 - columns are our own names


def beyond(order: ranking.Order) -> str:
    """What comes after the cursor's row."""
    return f"AND (c.{order.column}, c.id) {'<' if order.descending else '>'} (%(key)s, %(id)s)"


def one_lap(order: ranking.Order, values: dict[str, Any], cursor: str, size: int) -> tuple[list[Row], str | None]:
    """A page of a list that has a beginning and an end, and the cursor of the next one."""
    if cursor:
        key, row = numbers(keyset.decode(cursor, 2))
        found = ask(roots_sql(order, beyond(order), size), {**values, "key": key, "id": row})
    else:
        found = ask(f"({PINNED}) UNION ALL {roots_sql(order, '', size)}", values)
    page = one_page(found, size)
    return page, keyset.encode([page[-1].sort_key, page[-1].id]) if len(found) > len(page) else None


def ring(order: ranking.Order, values: dict[str, Any], cursor: str, size: int) -> tuple[list[Row], str | None]:
    """A page of the ring: from the starting point to the end, then from the other end back to it.

    The cursor carries the starting point: whoever goes on reading stays on their ring when the hour moves it on, and
    when they sign in meanwhile.
    """
    lap, key, row = 0, None, None
    if cursor:
        start, descending, lap, key, row = numbers(keyset.decode(cursor, 5))
        order = ranking.Order("shuffle", descending=bool(descending), start=start)
    found = ask(
        ring_sql(order, size, lap=int(lap), goes_on=bool(cursor)),
        {**values, "start": order.start, "key": key, "id": row},
    )
    page = one_page(found, size)
    if len(found) == len(page):
        return page, None
    mark = page[-1].sort_key
    lap = 0 if (mark <= order.start if order.descending else mark >= order.start) else 1
    return page, keyset.encode([order.start, int(order.descending), lap, mark, page[-1].id])


def ring_sql(order: ranking.Order, size: int, *, lap: int, goes_on: bool) -> str:
    """What is pinned, then the laps one after the other, in one statement: the second is not read if the first is enough."""
    first, second = ("<=", ">") if order.descending else (">=", "<")
    after = beyond(order) if goes_on else ""
    laps = [roots_sql(order, f"AND c.shuffle {second} %(start)s {after if lap else ''}", size)]
    if not lap:
        laps.insert(0, roots_sql(order, f"AND c.shuffle {first} %(start)s {after}", size))
    page = f"(SELECT * FROM ({' UNION ALL '.join(laps)}) laps LIMIT {size + 1})"  # noqa: S608 - our own words
    return page if goes_on else f"({PINNED}) UNION ALL {page}"


def one_page(found: list[Row], size: int) -> list[Row]:
    """What is pinned, and as many roots as a page shows."""
    return found[: size + sum(row.pinned for row in found)]


def numbers(values: list[Any]) -> list[Any]:
    if not all(isinstance(value, int | float) and abs(value) < 2**62 for value in values):
        raise Http404
    return values


REPLIES = f"""
  SELECT {COLUMNS}, NULL FROM unnest(%(roots)s::bigint[]) AS r(root)
  CROSS JOIN LATERAL (
    SELECT * FROM comments_comment c WHERE c.root_id = r.root AND {SHOWN_REPLY}
    ORDER BY (c.as_institution_id IS NULL), c.id LIMIT {REPLIES_SHOWN}
  ) c {JOINS} ORDER BY c.root_id, c.id
"""  # noqa: S608 - our own constants


def first_replies(roots: list[int], me: int | None) -> dict[int, list[Row]]:
    """Two replies under each root; an official one is always among them."""
    if not roots:
        return {}
    by_root: dict[int, list[Row]] = {}
    for row in ask(REPLIES, {"roots": roots, "me": me}):
        by_root.setdefault(row.root_id or 0, []).append(row)
    return {root: as_tree(rows) for root, rows in by_root.items()}


def as_tree(rows: list[Row]) -> list[Row]:
    """Each reply under what it answers, as far as that is among them; else where it was said."""
    here = {row.id for row in rows}
    below: dict[int | None, list[Row]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in here else None, []).append(row)
    ordered: list[Row] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        row = waiting.pop()
        ordered.append(row)
        waiting += reversed(below.get(row.id, []))
    return ordered


ALL_REPLIES = f"""
  SELECT {COLUMNS}, NULL FROM comments_comment c {JOINS}
  WHERE c.root_id = %(root)s AND c.id > %(after)s
    AND (c.state = 'visible' OR (c.author_id = %(me)s AND c.state IN ('held', 'hidden'))
         OR EXISTS (SELECT FROM comments_comment k WHERE k.parent_id = c.id AND k.state = 'visible'))
  ORDER BY c.id
"""  # noqa: S608 - our own constants


def all_replies(root: int, *, after: int = 0, me: int | None = None) -> tuple[list[Row], int | None]:
    """A page of everything below a root, and the id after which the next page begins.

    Pages go by when it was said; on a page each reply stands under what it answers.
    """
    rows = ask(f"{ALL_REPLIES} LIMIT {REPLIES_A_PAGE + 1}", {"root": root, "after": after, "me": me})
    more = rows[REPLIES_A_PAGE - 1].id if len(rows) > REPLIES_A_PAGE else None
    return as_tree(rows[:REPLIES_A_PAGE]), more


def start_before(comment: Comment) -> int:
    """After which number a page of replies must begin to contain this one; 0 while it is among the first."""
    before = Comment.objects.filter(root=comment.root_id, pk__lt=comment.pk).order_by("-pk")
    ids = list(before.values_list("pk", flat=True)[: REPLIES_A_PAGE // 2 + 1])
    return ids[-1] if len(ids) > REPLIES_A_PAGE // 2 else 0


def some(ids: list[int]) -> list[Row]:
    """These comments, in the order of the ids."""
    rows = ask(f"SELECT {COLUMNS}, NULL FROM comments_comment c {JOINS} WHERE c.id = ANY(%(ids)s)", {"ids": ids})  # noqa: S608
    return sorted(rows, key=lambda row: ids.index(row.id))


class Mine(NamedTuple):
    """What the reader's own page adds: their votes, and differences not yet in the counters."""

    votes: dict[int, int]
    pending: dict[int, tuple[int, int]]


NOTHING = Mine({}, {})
MINE = """
  SELECT comment_id, value::int, 0, 0 FROM comments_commentvote WHERE person_id = %(me)s AND comment_id = ANY(%(ids)s)
  UNION ALL
  SELECT comment_id, 0, sum(up)::int, sum(down)::int FROM comments_tally WHERE comment_id = ANY(%(ids)s)
  GROUP BY comment_id
"""


def mine(ids: list[int], me: int | None) -> Mine:
    """The reader's votes on these comments. Nothing, and no query, for whoever is not signed in."""
    if me is None or not ids:
        return NOTHING
    votes: dict[int, int] = {}
    pending: dict[int, tuple[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(MINE, {"me": me, "ids": ids})
        for comment, value, up, down in cursor.fetchall():
            if value:
                votes[comment] = value
            else:
                pending[comment] = (up, down)
    return Mine(votes, pending)
