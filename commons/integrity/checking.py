"""What a moderator does with a cluster: sets its votes aside while they are checked, puts them back, or leaves them out.

Each step moves exactly the votes it says, and each can be taken back: `Suspect.moved` remembers which votes this cluster
keeps out of the count, so that two clusters never move the same vote twice. Who may is the moderators' desk's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from commons.audit.record import record
from commons.core.cleaning import clean_text
from commons.integrity.kinds import KINDS, Shown, VoteKind
from commons.integrity.models import Cluster, Standing, Suspect

if TYPE_CHECKING:
    from commons.people.models import User

State = Cluster.State
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4117, 4)"
ALLOWED: dict[str, set[str]] = {
    State.ASIDE: {State.PROPOSED, State.DISMISSED, State.RELEASED},
    State.RELEASED: {State.ASIDE, State.LEFT_OUT},
    State.LEFT_OUT: {State.ASIDE},
    State.DISMISSED: {State.PROPOSED},
}


class AlreadyDecided(Exception):
    """Somebody was faster. `cluster` is as they left it."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(str(cluster))
        self.cluster = cluster


@transaction.atomic
def decide(cluster: Cluster, by: User, to: str, *, seen: str, words: str) -> int:
    """Brings a cluster from the state `seen` to `to`. Returns how many votes moved in or out of the count.

    Raises AlreadyDecided when it stands otherwise by now; ValidationError without words, for a step there is not, for
    secret votes that are too few, and where the count is final.
    """
    words = clean_text(words)
    if not words:
        raise ValidationError({"words": _("Say why. It is kept with the decision.")})
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    current = Cluster.objects.select_for_update(of=("self",)).select_related("decided_by").get(pk=cluster.pk)
    if current.state != seen:
        raise AlreadyDecided(current)
    if current.state not in ALLOWED.get(to, set()):
        raise ValidationError(_("That is not possible now."))
    moved = carry_out(current, to)
    if to != State.DISMISSED and current.vote_kind.settled(current.activity_id):
        raise ValidationError(_("The count is published: nothing moves any more."))
    Cluster.objects.filter(pk=cluster.pk).update(state=to, decided_by=by, decided_at=Now(), words=words)
    record(f"votes.{to}", current, by=by, words=words, before={"state": seen}, after={"state": to, "votes": moved})
    return moved


def carry_out(cluster: Cluster, to: str) -> int:
    match to:
        case State.ASIDE:
            return move(cluster, Standing.COUNTED, Standing.CHECKED)
        case State.LEFT_OUT:
            return move(cluster, Standing.CHECKED, Standing.LEFT_OUT)
        case State.RELEASED:
            return move(cluster, Standing.CHECKED, Standing.COUNTED) + move(
                cluster, Standing.LEFT_OUT, Standing.COUNTED
            )
    return 0


def move(cluster: Cluster, was: Standing, to: Standing) -> int:
    """Moves the cluster's votes: those that count, or those that it keeps out itself. ValidationError for too few."""
    suspects = cluster.suspects.order_by("target", "person_id")
    if was != Standing.COUNTED:
        suspects = suspects.filter(moved=True)
    pairs = list(suspects.values_list("target", "person_id"))
    if not pairs:
        return 0
    targets, people = map(list, zip(*pairs, strict=True))
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"targets": targets, "people": people, "was": was.value, "to": to.value}
        cursor.execute(cluster.vote_kind.move, values)
        moved = cursor.fetchall()
        if was == Standing.COUNTED and 0 < len(moved) < cluster.vote_kind.fewest:
            raise ValidationError(_("These are too few: the result would tell how they voted."))
        if moved:
            cursor.execute(MARK, [to != Standing.COUNTED, *map(list, zip(*moved, strict=True)), cluster.pk])
    return len(moved)


MARK = """
UPDATE integrity_suspect s SET moved = %s FROM unnest(%s::bigint[], %s::bigint[]) AS m(target, person)
WHERE s.cluster_id = %s AND s.target = m.target AND s.person_id = m.person
"""


def leave_out_undecided(kind: VoteKind, activity_id: int) -> None:
    """What is set aside when a count becomes final stays out; the words are those of whoever set it aside."""
    for cluster in Cluster.objects.filter(kind=kind.name, activity=activity_id, state=State.ASIDE).order_by("pk"):
        Cluster.objects.filter(pk=cluster.pk).update(state=State.LEFT_OUT)
        record("votes.left_out", cluster, by=None, before={"state": State.ASIDE}, after={"state": State.LEFT_OUT})


@transaction.atomic
def keep_out() -> int:
    """Votes that were taken back and cast again while their cluster is out of the count go out again. How many did.

    Only where votes can still be cast, or could an hour ago.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    out = {State.ASIDE: Standing.CHECKED, State.LEFT_OUT: Standing.LEFT_OUT}
    open_lately = Q(activity__closes_at=None) | Q(activity__closes_at__gt=Now() - timedelta(hours=1))
    secret = [kind.name for kind in KINDS.values() if kind.secret]  # cannot be taken back
    clusters = Cluster.objects.filter(open_lately, state__in=out).exclude(kind__in=secret).order_by("pk")
    return sum(move(cluster, Standing.COUNTED, out[State(cluster.state)]) for cluster in clusters)


@dataclass(frozen=True)
class Preview:
    """One thing that was voted on: how many of the cluster's votes it has, and its counts now and then."""

    shown: Shown
    votes: int
    up: int
    down: int | None


VOTES = """
SELECT v.target, count(*), count(*) FILTER (WHERE v.value = 1), count(*) FILTER (WHERE v.value = -1)
FROM integrity_suspect s JOIN ({votes}) v ON v.target = s.target AND v.person = s.person_id
WHERE s.cluster_id = %(cluster)s AND {which} GROUP BY 1 ORDER BY 2 DESC, 1
"""
PREVIEWED = 50  # things listed


def preview(cluster: Cluster) -> tuple[list[Preview], int]:
    """What the next step would do: votes out of the count, or back into it. And how many votes that are in all."""
    back = cluster.state in {State.ASIDE, State.LEFT_OUT}
    which = "v.standing <> 0 AND s.moved" if back else "v.standing = 0"
    with connection.cursor() as cursor:
        cursor.execute(VOTES.format(votes=KINDS[cluster.kind].votes, which=which), {"cluster": cluster.pk})
        rows = cursor.fetchall()
    shown = cluster.vote_kind.shown([row[0] for row in rows[:PREVIEWED]])
    sign = 1 if back else -1
    listed = []
    for target, votes, up, down in rows[:PREVIEWED]:
        if (one := shown.get(target)) is not None:
            after = None if one.down is None else max(one.down + sign * down, 0)
            listed.append(Preview(one, votes, max(one.up + sign * up, 0), after))
    return listed, sum(row[1] for row in rows)


def concerns(cluster: Cluster, person: User) -> bool:
    """Whether somebody has a part in it: their vote is among them, or what was voted on is theirs."""
    if Suspect.objects.filter(cluster=cluster, person=person).exists():
        return True
    targets = list(cluster.suspects.order_by("target").values_list("target", flat=True).distinct())
    return any(one.author_id == person.pk for one in cluster.vote_kind.shown(targets).values())
