"""Answers when something went wrong: one sentence that helps, and one thing to do."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from commons.activities.models import Activity
from commons.people.drafts import own_path

SHORTEST = 4  # letters of a word worth searching for


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or from elsewhere. What was typed is shown again, so that it can be copied."""
    texts = [
        value
        for name, value in request.POST.items()
        if name in {"body", "title", "ask", "detail", "words", "proposed", "interest"} and value
    ]
    context = {"texts": texts, "back": own_path(request, request.headers.get("Referer", ""))}
    return render(request, "csrf.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what is unknown and what may not be seen. Looks for what the address seems to mean."""
    meant = " ".join(request.path_info.rstrip("/").rpartition("/")[2].replace("-", " ").replace("_", " ").split())[:80]
    return render(request, "404.html", {"meant": meant, "found": like(meant)}, status=404)


def like(meant: str) -> list[Activity]:
    """Up to three published activities that have a word of the address in their title or summary."""
    words = [word for word in meant.replace("\x00", "").split() if len(word) >= SHORTEST and not word.isdigit()][:4]
    if not words:
        return []
    with_a_word = Q()
    for word in words:
        with_a_word |= Q(search_text__icontains=word)
    return list(Activity.objects.published().filter(with_a_word).order_by("-last_activity_at")[:3])


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Drawn without the request: nothing that may be broken is asked for anything."""
    return HttpResponse(render_to_string("500.html"), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)
