"""One ballot, one statement: the row, its history, what waits to be counted, and the ledger's line.

The poll must be open by the database's clock at the moment of the insert. The unique row decides that a person counts
once; who votes again changes the same ballot.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.activities.eligibility import eligibility
from commons.activities.models import Contribution
from commons.comments.refused import Refused
from commons.core.references import ALPHABET, new_reference
from commons.integrity.traces import NO_TRACE, Trace
from polls import choices
from polls.models import Ballot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commons.people.models import User
    from polls.models import Option, Poll

# The groups a person's ballot is counted in.
TRAITS = """concat('all', '|state:' || state.lgd_code, '|born:' || nullif(person.born, ''),
      '|gender:' || nullif(person.gender, ''), '|channel:' || %(channel)s::text)"""
# What polls/chain.py says, in the database's words, of a written ballot `w` in a target `t`.
COMMITMENT = """encode(sha256(convert_to(
    concat_ws(E'\\n', 'mygov-ballot-1', t.slug, w.receipt, w.choice, w.secret), 'UTF8')), 'hex')"""
# Who votes must be active and verified as far as the poll asks; `vouched` says that membership and residence were seen.
OF_A_PERSON = f"""
WITH target AS MATERIALIZED (
  SELECT a.id AS poll_id, a.slug, person.id AS voter_id, NULL AS guest,
    {TRAITS} AS traits,
    coalesce(person.district_id, person.state_id) AS region_id
  FROM polls_poll p JOIN activities_activity a ON a.id = p.activity_ptr_id
  JOIN people_user person ON person.id = %(person)s
  LEFT JOIN directory_region state ON state.id = person.state_id
  WHERE a.id = %(poll)s AND p.sealed_at IS NULL AND a.state = 'published' AND a.opens_at <= clock_timestamp()
    AND (a.closes_at IS NULL OR a.closes_at > clock_timestamp())
    AND person.is_active AND person.level >= a.min_level
    AND (%(vouched)s OR NOT (a.members_only OR a.residents_only))
)"""  # noqa: S608 - our own constants
# Who chooses the same again changes nothing.
CAST = f"""
, written AS (
  INSERT INTO polls_ballot (poll_id, voter_id, guest, receipt, secret, choice, "order", traits, network, device)
  SELECT poll_id, voter_id, guest, %(receipt)s, %(secret)s, %(choice)s, %(order)s, traits, %(network)s::bigint, %(device)s::bigint
  FROM target
  ON CONFLICT (poll_id, {{who}}) DO UPDATE SET
    choice = EXCLUDED.choice, secret = EXCLUDED.secret, "order" = EXCLUDED."order", traits = EXCLUDED.traits, at = now(),
    network = EXCLUDED.network, device = EXCLUDED.device
  WHERE polls_ballot.choice <> EXCLUDED.choice
  RETURNING id, poll_id, receipt, secret, choice, traits, new.standing, old.choice AS before, old.traits AS before_traits
), history AS (
  INSERT INTO polls_cast (poll_id, ballot_id, choice, traits, before, before_traits, secret, commitment, standing)
  SELECT w.poll_id, w.id, w.choice, w.traits, w.before, w.before_traits, w.secret, {COMMITMENT}, w.standing
  FROM written w JOIN target t ON t.poll_id = w.poll_id RETURNING id
), waits AS (
  INSERT INTO polls_waiting (cast_id) SELECT id FROM history
), line AS (
  INSERT INTO activities_contribution
    (reference, activity_id, person_id, kind, excerpt, path, channel, external_id, language, region_id, standing)
  SELECT %(reference)s, poll_id, voter_id, 'ballot', '', '/polls/' || slug || '/', %(channel)s, '', %(language)s, region_id,
    'received'
  FROM target WHERE voter_id IS NOT NULL AND EXISTS (SELECT FROM written WHERE before IS NULL)
)
SELECT w.receipt, w.secret, w.before FROM target LEFT JOIN written w ON true
"""  # noqa: S608 - our own constants


@dataclass(frozen=True)
class Recorded:
    """What a voter gets back. `changed` is False for a first ballot, and for the same choice once more."""

    receipt: str
    secret: str
    changed: bool


def vote(
    poll: Poll,
    options: Iterable[Option],
    person: User,
    values: dict[int, int],
    *,
    order: str = "",
    channel: str = Contribution.Channel.WEB,
    trace: Trace = NO_TRACE,
) -> Recorded:
    """Casts or changes this person's ballot: `values` by the option's number, as in polls/choices.py.

    `trace` says where it comes from. A ballot that is out of the count stays out, however it is changed.
    Raises ValidationError for what is no choice in this poll, Refused when the person or the moment does not allow it.
    """
    choices.check(poll, options, values)
    given = new_ballot(poll, values, order, channel, trace) | {"person": person.pk}
    row = written(given, vouched=False)
    if row is None:
        allowed = eligibility(person, poll)
        if not allowed.allowed:
            raise Refused(allowed.code, allowed.reason)
        row = written(given, vouched=True)
    if row is None:
        raise Refused("closed", _("This has closed."))
    return recorded(row, poll, voter=person)


def new_ballot(poll: Poll, values: dict[int, int], order: str, channel: str, trace: Trace = NO_TRACE) -> dict[str, Any]:
    """The values of the statement. Receipt and secret are drawn anew; a changed ballot keeps its receipt."""
    return {
        "poll": poll.pk, "choice": choices.write(values), "order": order[:60], "channel": channel,
        "receipt": new_receipt(), "secret": new_secret(),
        "reference": new_reference(), "language": (get_language() or "en")[:5],
        "network": trace.network, "device": trace.device,
    }  # fmt: skip


def new_secret() -> str:
    return secrets.token_hex(16)


def new_receipt() -> str:
    """Sixteen random signs (79 bits), as `XXXX-XXXX-XXXX-XXXX`."""
    signs = "".join(secrets.choice(ALPHABET) for _n in range(16))
    return "-".join(signs[place : place + 4] for place in range(0, 16, 4))


def read_receipt(typed: str) -> str | None:
    """The receipt as stored, whatever case, spaces or dashes were typed; None when it cannot be one."""
    signs = "".join(sign for sign in typed.upper() if sign in ALPHABET)
    return "-".join(signs[place : place + 4] for place in range(0, 16, 4)) if len(signs) == 16 else None


def written(given: dict[str, Any], *, vouched: bool) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(OF_A_PERSON + CAST.format(who="voter_id"), {**given, "vouched": vouched})
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def recorded(row: tuple[Any, ...], poll: Poll, **whose: Any) -> Recorded:
    receipt, secret, before = row
    if receipt is None:  # the same choice as before: nothing was written
        ballot = Ballot.objects.get(poll=poll, **whose)
        return Recorded(ballot.receipt, ballot.secret, False)
    return Recorded(receipt, secret, before is not None)
