"""What becomes of a comment that was sent: it is written, or comes back with a message and the text still in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import render
from django.utils.translation import gettext as _

from commons.comments import reading, rules, writing
from commons.comments.models import Comment
from commons.comments.places import composer, viewer_of
from commons.comments.refused import Refused
from commons.comments.render import comment_list
from commons.core.htmx import changed, wants_fragment
from commons.people import drafts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from commons.comments.places import Place


def post(request: HttpRequest, place: Place, parent: Comment | None = None) -> HttpResponse:
    """Writes what was typed; whatever goes wrong, the text is still there."""
    key = place.draft_key(parent)
    typed = {name: request.POST.get(name, "") for name in ("body", "stance")}
    if not request.user.is_authenticated:
        return drafts.keep_and_sign_in(request, key, typed, place.composer_page(parent))
    official = rules.may_answer_officially(request.user, place.activity)
    form = place.form(request.POST, parent=parent)
    if form.is_valid():
        try:
            comment = writing.write(
                place.activity, request.user, form.cleaned_data["body"], parent=parent,
                stance=form.cleaned_data.get("stance", Comment.Stance.NEUTRAL), anchor=place.anchor,
                as_institution=place.activity.institution if request.POST.get("official") else None,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error("body", error)
        except PermissionDenied:
            form.add_error("body", _("You cannot answer in the name of the institution."))
        except Refused as refused:
            drafts.keep(request, key, typed)
            form.add_error("body", _("%(why)s Your text is kept as a draft.") % {"why": refused.words})
        else:
            drafts.forget(request, key)
            return written(request, place, comment, official=official, parent=parent)
    allowed = place.allows(request.user)
    context = composer(place, form, parent=parent, allowed=allowed, official=official)
    template = "comments/_composer.html" if wants_fragment(request) else "comments/write.html"
    return render(request, template, context, status=422)


def written(
    request: HttpRequest, place: Place, comment: Comment, *, official: bool, parent: Comment | None
) -> HttpResponse:
    """The comment as it stands now, and an empty form for the next one."""
    said = _("Your comment is published. Reference %(reference)s.")
    if comment.state == Comment.State.HELD:
        said = _("Your comment waits for a moderator. Reference %(reference)s.")
    said %= {"reference": comment.contribution.reference}
    url = f"{comment.get_absolute_url()}#c{comment.pk}"
    if not wants_fragment(request):
        return changed(request, fragment="", context={}, url=url, said=said)
    allowed = place.allows(request.user)
    viewer = viewer_of(request, place, allowed, official=official)
    html = comment_list(reading.some([comment.pk]), viewer, reading.NOTHING)
    context = composer(place, place.form(), allowed=allowed, official=official)
    context |= {"html": html, "said": said, "comment": comment, "answered": parent}
    return changed(request, fragment="comments/_written.html", context=context, url=url, said=said)
