"""What became of what citizens said: one's own, everybody's by institution, and one by its reference number."""

from __future__ import annotations

from django.db.models import Avg, Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from commons.activities.models import Activity, Contribution, Disposition
from commons.core import clock, keyset
from commons.core.caching import public_page
from commons.core.references import read_reference
from commons.directory.models import Institution
from commons.people import drafts


def mine(request: HttpRequest) -> HttpResponse:
    """Everything a person contributed, the newest first, each with what became of it; from `?reference=` on, as mails link it."""
    if not request.user.is_authenticated:
        return drafts.to_sign_in(request, request.get_full_path())
    lines = Contribution.objects.filter(person=request.user).select_related(
        "activity__institution", "activity__outcome"
    )
    began = read_reference(request.GET.get("reference", "")[:40])
    first = lines.filter(reference=began).values_list("pk", flat=True).first() if began else None
    if first:
        lines = lines.filter(pk__lte=first)
    page = keyset.page(lines, ["-id"], request.GET.get("after", ""), 20)
    newest = {}
    for row in Disposition.objects.filter(contribution__in=page.rows).select_related("referred_to").order_by("id"):
        newest[row.contribution_id] = row
    rows = [(line, newest.get(line.pk)) for line in page.rows]
    return render(request, "impact/mine.html", {"rows": rows, "next": page.next, "newer": first})


@public_page
def board(request: HttpRequest) -> HttpResponse:
    """What institutions promised and delivered. Counts activities, of which there are hundreds, not contributions."""
    now = clock.now()
    code = request.GET.get("institution", "").replace("\x00", "")[:60]
    chosen = Institution.objects.filter(code=code).first() if code else None
    slug = request.GET.get("activity", "").replace("\x00", "")[:80]
    if slug:
        return answers(request, slug)
    shown = Institution.objects.under([chosen.pk]) if chosen else Institution.objects.all()
    public = Q(activities__state="published", activities__published_at__lte=now)
    promised = public & Q(activities__promise_by__isnull=False)
    delivered = public & Q(activities__outcome_at__isnull=False)
    rows = shown.annotate(
        asked=Count("activities", filter=public),
        promised=Count("activities", filter=promised),
        delivered=Count("activities", filter=delivered),
        overdue=Count("activities", filter=promised & Q(activities__outcome_at=None, activities__promise_by__lt=now)),
        days=Avg(F("activities__outcome_at") - F("activities__closes_at"), filter=delivered),
    ).order_by("-overdue", "code")[:200]
    late = (
        Activity.objects.overdue(now)
        .filter(institution__in=shown)
        .select_related("institution")
        .order_by("promise_by")[:50]
    )
    context = {"rows": rows, "late": late, "chosen": chosen, "now": now}
    return render(request, "impact/board.html", context)


def answers(request: HttpRequest, slug: str) -> HttpResponse:
    """What became of each contribution to one activity: its excerpt and its newest answer, no names."""
    from django.shortcuts import get_object_or_404

    activity = get_object_or_404(Activity.objects.visible_to(request.user).select_related("institution"), slug=slug)
    lines = (
        Contribution.objects.filter(activity=activity)
        .exclude(excerpt="")
        .exclude(standing=Contribution.Standing.RECEIVED)
    )
    lines = lines.filter(
        Q(comment__state="visible")
        | Q(idea__state__in=["open", "retired"])
        | Q(annotation__state="visible")
        | Q(submission__state="visible", submission__confidential=False)
    )
    page = keyset.page(lines, ["-id"], request.GET.get("after", ""), 30)
    newest = {row.contribution_id: row for row in Disposition.objects.filter(contribution__in=page.rows).order_by("id")}
    rows = [(line, newest.get(line.pk)) for line in page.rows]
    return render(request, "impact/answers.html", {"rows": rows, "next": page.next, "activity": activity})


@public_page
def track(request: HttpRequest) -> HttpResponse:
    """One contribution by its reference number: its standing and answer, and nothing about the person."""
    typed = request.GET.get("reference", "")[:40]
    reference = read_reference(typed) if typed else None
    line = (
        Contribution.objects.select_related("activity__institution").filter(reference=reference).first()
        if reference
        else None
    )
    error = ""
    if typed and line is None:
        error = _("We know no such number. Check it against your message: it has eleven signs.")
    answer = line.dispositions.select_related("referred_to").first() if line else None
    context = {"typed": typed, "line": line, "answer": answer, "error": error}
    return render(request, "impact/track.html", context)
