"""What the demo has sent, for everybody who runs it. These addresses exist in demo mode only (mygov/urls.py)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from commons.core import keyset
from mygov.demo.models import OutboxMessage
from mygov.demo.texts import language_of

SIZE = 20
MOST_RECIPIENTS = 60


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Mail and SMS, the newest first; `to` keeps one recipient's."""
    to = request.GET.get("to", "").replace("\x00", "").strip()[:254]
    messages = OutboxMessage.objects.all()
    if to:
        messages = messages.filter(recipient__icontains=to)
    page = keyset.page(messages, ["-id"], request.GET.get("after", ""), SIZE)
    recipients = OutboxMessage.objects.order_by("recipient").values_list("recipient", flat=True).distinct()
    context = {
        "rows": [(row, language_of(row.subject + row.body)) for row in page.rows],
        "next_url": "?" + urlencode({"to": to, "after": page.next} if to else {"after": page.next})
        if page.next
        else "",
        "to": to,
        "recipients": recipients[:MOST_RECIPIENTS],
    }
    return render(request, "demo/outbox.html", context)


@require_safe
@csp_override({"sandbox": True, "default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE]})  # type: ignore[dict-item]
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """A mail as its HTML looks. Sandboxed: whatever stands in it can neither run nor reach this site."""
    shown = get_object_or_404(OutboxMessage, pk=pk)
    if not shown.html:
        raise Http404
    return HttpResponse(shown.html)
