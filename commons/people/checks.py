"""A gateway that needs DLT ids has them all, or the portal says so before the first code is not sent."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from commons.people import sms


@register
def dlt_ids(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not sms.gateway_named(settings.SMS_GATEWAY).needs_dlt:
        return []
    names = [text.template(language) for text in sms.TEXTS for language, _name in settings.LANGUAGES]
    missing = [name for name in names if not settings.SMS_TEMPLATES.get(name)]
    if not settings.SMS_ENTITY_ID or not settings.SMS_HEADER:
        missing.append("entity id or header")
    if not settings.SMS_URL:
        missing.append("gateway's address")
    if not missing:
        return []
    return [Error(f"SMS lack: {', '.join(missing)}.", hint="See .env.example.", id="people.E001")]
