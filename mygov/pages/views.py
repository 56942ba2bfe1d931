"""Pages that belong to no activity."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import select_template
from django.templatetags.static import static
from django.utils.translation import get_language

from commons.core.caching import public_page
from mygov.pages.footer import PAGES


@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One of the footer's pages, in the reader's language where its text exists in it."""
    if slug not in PAGES:
        raise Http404
    text = select_template([f"pages/{get_language()}/{slug}.html", f"pages/en/{slug}.html"])
    context = {
        "title": PAGES[slug].title,
        "updated": PAGES[slug].updated,
        "text": text.render({"contact": settings.CONTACT}, request),
    }
    return render(request, "pages/page.html", context)


@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return page(request, "accessibility")


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/sitemap.html")


@public_page
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "offline.html")


def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, because a service worker reaches no higher than its own address."""
    script = (settings.BASE_DIR / "static" / "sw.js").read_text()
    return HttpResponse(script, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


def favicon(request: HttpRequest) -> HttpResponse:
    """For whoever asks without reading the page, which names its own."""
    return HttpResponsePermanentRedirect(static("mark.png"))


def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /accounts/", "Disallow: /moderation/"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a hole."""
    lines = [f"Contact: {settings.SITE_URL}/contact/", "Expires: 2027-11-24T00:00:00Z", "Preferred-Languages: en, hi"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
