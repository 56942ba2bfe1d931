"""SMS that only half of the people could read are refused at the start, not at the first send."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from mygov.notifications import channels


@register
def registered_texts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """No template at all means that nobody is told by SMS; some, that one was forgotten."""
    languages = [code for code, _name in settings.LANGUAGES]
    named = {text.template(code): channels.template_id(text, code) for text in channels.ALL_TEXTS for code in languages}
    missing = sorted(name for name, template in named.items() if not template)
    if len(missing) == len(named) or not missing:
        return []
    return [Error(f"SMS lack DLT templates: {', '.join(missing)}.", hint="See .env.example.", id="notifications.E001")]
