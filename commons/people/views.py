"""A person's own pages, their public one, and the two small acts every page offers: language and draft."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commons.core.caching import public_page
from commons.core.htmx import changed
from commons.core.language import SESSION_KEY, in_language
from commons.people import drafts, profile
from commons.people.models import User
from commons.people.origin import is_our_own


@csrf_exempt
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keeps what somebody typed before signing in, and sends them there.

    Public pages are the same for everybody, so their forms carry no token. This view therefore does nothing a
    stranger could gain by: it keeps text in the visitor's own session, takes it from our own pages only, and
    nothing is published before the person presses a button on a page that does carry a token.
    """
    if not is_our_own(request):
        return HttpResponseForbidden(_("This form came from another site."), content_type="text/plain")
    bookkeeping = {"draft_key", "next", "csrfmiddlewaretoken", "without_account"}
    fields = {name: value for name, value in request.POST.dict().items() if name not in bookkeeping}
    # Where a page can go on without an account, its second button says where.
    next_url = drafts.own_path(request, request.POST.get("without_account") or request.POST.get("next", ""))
    key = request.POST.get("draft_key", "")[:100]
    if request.user.is_authenticated:  # signed in elsewhere while the page was open
        drafts.keep_beside(request.user, key, fields)
    else:
        drafts.keep(request, key, fields)
    if request.user.is_authenticated or "without_account" in request.POST:
        return HttpResponseRedirect(next_url)
    return drafts.to_sign_in(request, next_url)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The same page in the chosen language; a signed-in person keeps the choice."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise Http404
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=chosen)
        request.session[SESSION_KEY] = chosen
    path = drafts.own_path(request, request.POST.get("next", ""))
    translation.activate(chosen)
    return HttpResponseRedirect(in_language(path, chosen))


@require_http_methods(["GET", "HEAD", "POST"])
def own_profile(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    form = profile.ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        person = form.save()
        request.session[SESSION_KEY] = person.language
        url = in_language(request.path, person.language)
        with translation.override(person.language):
            return changed(request, fragment="", context={}, url=url, said=form.said)
    context = {"form": form, "levels": profile.levels(request.user)}
    return render(request, "people/profile.html", context, status=422 if form.is_bound else 200)


@require_GET
def districts(request: HttpRequest) -> HttpResponse:
    """The district's field for the state just chosen, as a fragment of the profile."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, reverse("people:profile"))
    if not request.htmx:  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("people:profile"))
    form = profile.ProfileForm(initial={"state": request.GET.get("state", "")})
    return render(request, "people/profile.html#districts", {"form": form})


@public_page
def public_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """What a person chose to show, and nothing else."""
    person = get_object_or_404(User.objects.filter(is_active=True).select_related("state", "district"), pk=pk)
    shown = [field for field, _words in profile.MAY_BE_SHOWN if field in person.public_fields]
    words = {**dict(profile.SKILLS), **dict(profile.SPOKEN)}
    facts = []
    for field, label in profile.MAY_BE_SHOWN:
        if field not in shown:
            continue
        value = getattr(person, field)
        if field == "interests":
            value = ", ".join(str(sector) for sector in person.interests.all())
        elif isinstance(value, list):
            value = ", ".join(str(words.get(one, one)) for one in value)
        if value:
            facts.append((label, value))
    return render(request, "people/public.html", {"person": person, "facts": facts})
