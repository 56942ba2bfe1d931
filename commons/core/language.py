"""Which language a page is in: the path decides (`/hi/…`, else English), so shared caches can tell pages apart.

A signed-in person's own choice lives in the session: unprefixed links bring them to their language, and
places without a language of their own (the admin) follow it.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.urls import is_valid_path
from django.utils import translation

SESSION_KEY = "language"
WITHOUT = "/admin/"  # has no language in its path; `/hi/admin/` would be one of the one-word pages, and not found


class LanguageFromPath(LocaleMiddleware):
    def process_request(self, request: HttpRequest) -> HttpResponse | None:  # type: ignore[override]
        super().process_request(request)
        chosen = self.chosen(request)
        if chosen in {None, settings.LANGUAGE_CODE} or translation.get_language_from_path(request.path_info):
            return None
        if request.GET.get("language") == settings.LANGUAGE_CODE:  # an official who works in Hindi previews both
            return None
        with translation.override(chosen):  # which addresses there are depends on the active language
            everywhere = is_valid_path(request.path_info)
            translated = is_valid_path(f"/{chosen}{request.path_info}")
        if everywhere:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        elif translated and request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers:
            return HttpResponseRedirect(f"/{chosen}{request.get_full_path()}")
        return None

    def chosen(self, request: HttpRequest) -> str | None:
        """The signed-in person's language; None without a session, and then no session is touched."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        language = request.session.get(SESSION_KEY)
        return language if language in dict(settings.LANGUAGES) else None


def in_language(path: str, language: str) -> str:
    """The same page in another language: `/hi/groups/` for `/groups/`, and back."""
    if path.startswith(WITHOUT):
        return path
    current = translation.get_language_from_path(path)
    bare = path[len(current) + 1 :] if current else path
    # What follows the language must not become the address of another site: /hi//evil.example
    bare = "/" + bare.lstrip("/\\")
    return bare if language == settings.LANGUAGE_CODE else f"/{language}{bare}"


def written_in(text: str) -> str:
    """The language a text is marked with, so that a screen reader pronounces it: by its script, else the page's."""
    devanagari = sum("\u0900" <= sign <= "\u097f" for sign in text)  # vowel signs are marks, not letters
    latin = sum(sign.isascii() and sign.isalpha() for sign in text)
    if devanagari == latin:
        return (translation.get_language() or settings.LANGUAGE_CODE)[:5]
    return "hi" if devanagari > latin else "en"
