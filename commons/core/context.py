"""What every page knows: its own address in the other languages, and where to come back after signing in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from commons.core.language import in_language


def portal(request: HttpRequest) -> dict[str, Any]:
    here = get_language() or settings.LANGUAGE_CODE
    path = request.get_full_path()
    match = request.resolver_match
    return {
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
        "here": match.view_name if match else "",  # "groups:list": which page of the menu this is
        "LANGUAGE_CODE": here,
        "other_languages": [(code, in_language(path, code)) for code, _name in settings.LANGUAGES if code != here],
        "sign_in_next": "" if "/accounts/" in path else path,
    }
