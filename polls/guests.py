"""Ballots without an account, where a poll allows them: counted by themselves, and taken along by whoever signs in.

A guest's ballot is kept under a hash of the browser's key and the poll's number: the rows of two polls do not tell that
they are of one browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from commons.activities.eligibility import window_allows
from commons.activities.models import Contribution
from commons.comments.refused import Refused
from commons.core.references import new_reference
from commons.integrity.traces import NO_TRACE, Trace
from polls import choices, voting
from polls.models import Ballot, Poll

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commons.people.models import User
    from polls.models import Option

OF_A_GUEST = """
WITH target AS MATERIALIZED (
  SELECT a.id AS poll_id, a.slug, NULL::bigint AS voter_id, %(guest)s::text AS guest, 'guest' AS traits,
    NULL::bigint AS region_id
  FROM polls_poll p JOIN activities_activity a ON a.id = p.activity_ptr_id
  WHERE a.id = %(poll)s AND p.guests AND p.sealed_at IS NULL AND a.state = 'published' AND a.opens_at <= clock_timestamp()
    AND (a.closes_at IS NULL OR a.closes_at > clock_timestamp())
    AND a.min_level <= 1 AND NOT (a.members_only OR a.residents_only)
)"""
# The same ballot from now on counts among those of people, in the groups of whoever signed in.
CLAIM = f"""
WITH target AS MATERIALIZED (
  SELECT b.id AS ballot, a.id AS poll_id, a.slug, person.id AS voter_id,
    {voting.TRAITS} AS traits,
    coalesce(person.district_id, person.state_id) AS region_id
  FROM polls_ballot b JOIN polls_poll p ON p.activity_ptr_id = b.poll_id JOIN activities_activity a ON a.id = b.poll_id
  JOIN people_user person ON person.id = %(person)s
  LEFT JOIN directory_region state ON state.id = person.state_id
  WHERE b.poll_id = %(poll)s AND b.guest = %(guest)s AND p.sealed_at IS NULL AND a.state = 'published'
    AND (a.closes_at IS NULL OR a.closes_at > clock_timestamp())
    AND person.is_active AND person.level >= a.min_level
    AND NOT EXISTS (SELECT FROM polls_ballot mine WHERE mine.poll_id = a.id AND mine.voter_id = person.id)
  FOR UPDATE OF b
), written AS (
  UPDATE polls_ballot b SET voter_id = t.voter_id, guest = NULL, traits = t.traits, secret = %(secret)s,
    network = CASE WHEN %(seen)s THEN %(network)s::bigint ELSE b.network END,
    device = CASE WHEN %(seen)s THEN %(device)s::bigint ELSE b.device END,
    at = CASE WHEN %(seen)s THEN now() ELSE b.at END
  FROM target t WHERE b.id = t.ballot
  RETURNING b.id, b.poll_id, b.receipt, b.secret, b.choice, b.traits, b.standing, old.traits AS before_traits
), history AS (
  INSERT INTO polls_cast (poll_id, ballot_id, choice, traits, before, before_traits, secret, commitment, standing)
  SELECT w.poll_id, w.id, w.choice, w.traits, w.choice, w.before_traits, w.secret, {voting.COMMITMENT}, w.standing
  FROM written w JOIN target t ON t.ballot = w.id RETURNING id
), waits AS (
  INSERT INTO polls_waiting (cast_id) SELECT id FROM history
)
INSERT INTO activities_contribution
  (reference, activity_id, person_id, kind, excerpt, path, channel, external_id, language, region_id, standing)
SELECT %(reference)s, poll_id, voter_id, 'ballot', '', '/polls/' || slug || '/', %(channel)s, '', %(language)s, region_id, 'received'
FROM target
"""  # noqa: S608 - our own constants


def identity(poll_id: int, key: str) -> str:
    """What a ballot keeps of a browser's key."""
    return salted_hmac(f"polls.guest.{poll_id}", key, algorithm="sha256").hexdigest()


def ballot_of(poll: Poll, key: str) -> Ballot | None:
    return Ballot.objects.filter(poll=poll, guest=identity(poll.pk, key)).first() if key else None


def vote(
    poll: Poll, options: Iterable[Option], key: str, values: dict[int, int], *, order: str = "", trace: Trace = NO_TRACE
) -> voting.Recorded:
    """Casts or changes a guest's ballot. Raises ValidationError for what is no choice, Refused when it is not allowed now."""
    choices.check(poll, options, values)
    guest = identity(poll.pk, key)
    given = voting.new_ballot(poll, values, order, Contribution.Channel.WEB, trace) | {"guest": guest}
    with connection.cursor() as cursor:
        cursor.execute(OF_A_GUEST + voting.CAST.format(who="guest"), given)
        row = cursor.fetchone()
    if row is None:
        window = window_allows(poll, None)
        raise Refused("guests", window.reason or _("This poll is for people with an account."))
    return voting.recorded(row, poll, guest=guest)


def claim(key: str, person: User, *, trace: Trace | None = None) -> int:
    """Makes a browser's ballots in open polls this person's own, where they have not voted already. Returns how many.

    Where they have, the guest's ballot stays among the guests': the two are counted apart. `trace` is where they sign in:
    a ballot becomes a person's there and then, so nobody gains by casting it long before. Without one it keeps its own.
    """
    claimed = 0
    for poll in Poll.objects.filter(guests=True, sealed_at=None, state=Poll.State.PUBLISHED).values_list(
        "pk", flat=True
    ):
        given: dict[str, Any] = {
            "poll": poll, "person": person.pk, "guest": identity(poll, key), "secret": voting.new_secret(),
            "reference": new_reference(), "language": person.language, "channel": Contribution.Channel.WEB,
            "seen": trace is not None, "network": trace and trace.network, "device": trace and trace.device,
        }  # fmt: skip
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(CLAIM, given)
                claimed += cursor.rowcount
        except IntegrityError:  # they vote with the account at this very moment: that one counts
            continue
    return claimed
