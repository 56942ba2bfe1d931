"""Attachments of responses: the portal leads whoever may have one to a link that works for minutes; the files' host answers that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from commons.core import file_origin
from commons.people.models import User
from consultations import rules
from consultations.models import Consultation, Submission, SubmissionFile
from consultations.views import CONSULTATIONS

if TYPE_CHECKING:
    from consultations.models.submission_file import FileQuerySet

SALT = "consultations.attachment"
LASTS = 300  # seconds


@require_safe
def file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The address that pages know. It says who asks; the link it leads to is for this file and this person."""
    consultation = CONSULTATIONS.get(request.user, slug)
    found = get_object_or_404(seen_by(request.user, consultation).only("pk"), submission=pk)
    token = signing.dumps([found.pk, request.user.pk], salt=SALT)
    return HttpResponseRedirect(file_origin.address(reverse("attachments:download", args=[token])))


def seen_by(user: User | AnonymousUser, consultation: Consultation) -> FileQuerySet:
    """What the public may have, one's own, and all for the institution's officials; nothing that waits for the scanner."""
    files = SubmissionFile.objects.passed().filter(submission__activity=consultation)
    if rules.may_see_all_versions(user, consultation):
        return files
    public = Q(submission__confidential=False, submission__state=Submission.State.VISIBLE)
    return files.filter(public | Q(submission__author=user.pk) if user.is_authenticated else public)


@require_safe
def download(request: HttpRequest, token: str) -> HttpResponse:
    """The file itself, on the files' host if there is one. The rules are asked again: what was hidden a moment ago is not there."""
    if file_origin.address("") and not file_origin.is_apart(request):
        raise Http404
    try:
        pk, person = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature as wrong:
        raise Http404 from wrong
    who = get_object_or_404(User, pk=person, is_active=True) if person else AnonymousUser()
    consultation = get_object_or_404(Consultation.objects.visible_to(who), submissions__file=pk)
    found = get_object_or_404(seen_by(who, consultation), pk=pk)
    return file_origin.download(found.name, found.media_type, bytes(found.data))
