"""Answers when something went wrong: one sentence that helps, and one thing to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or from elsewhere. What was typed is shown again, so that it can be copied."""
    texts = [
        value for name, value in request.POST.items() if name in {"body", "title", "ask", "detail", "words"} and value
    ]
    return render(request, "csrf.html", {"texts": texts}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what is unknown and what may not be seen. Offers to search for what the address seems to mean."""
    meant = " ".join(part for part in request.path_info.replace("-", " ").split("/") if part and part != "hi")[-80:]
    response = render(request, "404.html", {"meant": meant}, status=404)
    return response


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)
