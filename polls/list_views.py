"""The published list of ballots, the script that counts it again, and looking up one's own receipt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from commons.core import clock
from polls import choices, counting, papers, publishing, rules, voting
from polls.finding import POLLS
from polls.models import Ballot

if TYPE_CHECKING:
    from polls.models import Option, Poll

SCRIPT = Path(__file__).with_name("verify_poll.py")
FOR_EVERYBODY = "public, max-age=300"  # final, but a later version of the portal may describe it better


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The file as it lies in the source: what was reviewed is what people run."""
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8", headers=headers)


@require_safe
def ballots(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every ballot that counts, by receipt, and the chain. 404 until both the count and the results are public."""
    poll = POLLS.get(request.user, slug)
    if not poll.is_counted or rules.hides_results(poll, clock.now(), has_voted=False, ballots=rules.FEWEST):
        raise Http404
    pieces = publishing.document(poll, list(poll.options.all()), counting.read(poll.pk))
    headers = {
        "Cache-Control": FOR_EVERYBODY,
        "Content-Disposition": f'attachment; filename="{poll.slug}-ballots.json"',
    }
    return StreamingHttpResponse(pieces, content_type="application/json", headers=headers)


def looked_up(request: HttpRequest, poll: Poll, options: list[Option]) -> dict[str, Any]:
    """The ballot with the receipt in the address, as the list has it."""
    typed = request.GET.get("receipt", "")[:40]
    if not typed:
        return {}
    receipt = voting.read_receipt(typed)
    found = Ballot.objects.filter(poll=poll, receipt=receipt).first() if receipt else None
    lines = papers.in_words(poll, options, choices.read(found.choice)) if found else []
    return {"typed_receipt": typed, "found": lines, "found_receipt": receipt, "found_ballot": found}
