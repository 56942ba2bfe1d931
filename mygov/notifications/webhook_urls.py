"""What providers press. Each proves itself by its signature; no session, no language."""

from __future__ import annotations

from anymail.urls import urlpatterns as of_all_providers
from django.conf import settings
from django.urls import URLPattern, path

from mygov.notifications import sms_receipts

app_name = "webhooks"


def of_provider(name: str) -> list[URLPattern]:
    """The tracking webhook of one mail provider, as anymail calls it: `mail/postmark/tracking/`."""
    wanted = {f"{name}_tracking_webhook", f"{name}_webhook"}
    found = [pattern for pattern in of_all_providers if pattern.name in wanted]
    return [path("mail/" + str(one.pattern), one.callback, name=one.name) for one in found]


urlpatterns = [path("sms/receipts/", sms_receipts.receive, name="sms_receipts"), *of_provider(settings.MAIL_PROVIDER)]
