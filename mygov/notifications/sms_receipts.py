"""`/webhooks/sms/receipts/`: the SMS gateway reports what became of a message.

    POST  X-Timestamp: 1790000000   X-Signature: hex of HMAC-SHA256(secret, timestamp + "." + body)
          {"id": "report's own id", "message": "what `send` answered with", "status": "accepted | lost | arrived | dead"}

200 for every report that was heard, once or again; 401 for a missing, old or future timestamp, 403 for a wrong
signature, 413 for more than 64 KB, 400 for what cannot be read. Without a secret in the settings there is no such page.
"""

from __future__ import annotations

import hmac
import json
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mygov.notifications import receipts
from mygov.notifications.channels import Channel, Fate

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_BYTES = 65_536
OLDEST = 300  # seconds a signature is good for, either way


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """The signature is the proof; there is no session to forge."""
    if not settings.SMS_RECEIPT_SECRET:
        raise Http404
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return answer(413, "too large")
    stamp = request.headers.get("X-Timestamp", "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12 and abs(time.time() - int(stamp)) <= OLDEST):
        return answer(401, "old or no timestamp")
    if not hmac.compare_digest(
        signature(stamp, request.body).encode(), request.headers.get("X-Signature", "").encode()
    ):
        return answer(403, "wrong signature")
    report = read(request.body)
    if report is None:
        return answer(400, "not a report")
    return answer(200, "heard" if receipts.hear(report[0], Channel.SMS, *report[1:]) else "heard before")


def signature(stamp: str, body: bytes) -> str:
    return hmac.new(settings.SMS_RECEIPT_SECRET.encode(), stamp.encode() + b"." + body, "sha256").hexdigest()


def read(body: bytes) -> tuple[str, str, str] | None:
    """The report's id, the message's, its status. None when it is no such thing."""
    try:
        told = json.loads(body)
        report = (told["id"], told["message"], told["status"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    fits = all(isinstance(word, str) and 0 < len(word) <= 200 and "\x00" not in word for word in report)
    return report if fits and report[2] in Fate.values else None


def answer(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain")
