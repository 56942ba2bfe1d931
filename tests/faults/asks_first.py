"""The portal with the usual mistake, for the control: it looks whether somebody has voted, and if not, writes."""

from typing import Any

from mygov.wsgi import application
from polls import voting
from polls.models import Ballot

__all__ = ["application"]


def ask_then_insert(given: dict[str, Any], **_more: Any) -> tuple[str, str, None]:
    whose = {"poll_id": given["poll"], "voter_id": given["person"]}
    kept = {"receipt": given["receipt"], "secret": given["secret"], "choice": given["choice"], "traits": "all"}
    ballot = Ballot.objects.filter(**whose).first() or Ballot.objects.create(**whose, **kept)
    return ballot.receipt, ballot.secret, None


voting.written = ask_then_insert  # type: ignore[assignment]
