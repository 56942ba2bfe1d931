"""The first page of the admin: what waits for this official, before anything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commons.activities.admin_links import admin_url
from commons.activities.kinds import kind
from commons.activities.models import Activity, Outcome
from commons.core import clock
from commons.core.moments import ist, ist_date, span
from commons.directory.rules import OFFICIAL, Role
from commons.directory.scoped_admin import reach
from discussions.models import Idea, IdeaResponse
from groups.models import Group
from surveys import versions

if TYPE_CHECKING:
    from datetime import datetime

MOST = 20
SOON = timedelta(days=14)
State = Activity.State


@dataclass(frozen=True)
class Item:
    """One line: what it is, where it leads, and the facts a person decides by."""

    kind: str
    title: str
    url: str
    facts: str
    late: bool = False
    note: str = ""


@dataclass(frozen=True)
class Part:
    """One list of the first page, and the sentence that stands there when it is empty."""

    title: str
    empty: str
    items: list[Item] = field(default_factory=list)


def desk(request: HttpRequest) -> list[Part]:
    """What waits for the person's approval, came back to them, is owed soon, and closed without an answer."""
    now = clock.now()
    approves, writes = reach(request, Role.APPROVER), reach(request, *OFFICIAL)
    parts = []
    if approves:
        waiting = [*for_approval(request.user, approves), *trial_runs(approves, now), *proposed_groups(request.user)]
        parts.append(Part(_("Waiting for my approval"), _("Nothing waits for your approval."), waiting))
    if writes:
        parts += [
            Part(_("Returned to you"), _("Nothing came back to you."), returned(request.user)),
            Part(_("Your drafts"), _("You have no drafts."), drafts(request.user)),
            Part(
                _("Promises due soon or overdue"), _("No answer is due in the next two weeks."), promises(writes, now)
            ),
            Part(_("Closed without an outcome"), _("Everything that closed has its outcome."), unanswered(writes, now)),
        ]
    return parts


def for_approval(user: Any, institutions: Iterable[int]) -> list[Item]:
    """Activities in review, outcomes and answers that somebody else wrote."""
    not_mine = ~Q(author=user) | Q(author=None)
    activities = (
        Activity.objects.filter(not_mine, state=State.IN_REVIEW, institution__in=institutions)
        .select_related("author", "institution").order_by("submitted_at")[:MOST]
    )  # fmt: skip
    outcomes = Outcome.objects.filter(not_mine, published_at=None, activity__institution__in=institutions)
    responses = IdeaResponse.objects.filter(not_mine, published_at=None, idea__institution__in=institutions)
    return [
        *(
            Item(kind_of(row), str(row.title), admin_url(row, "publish"), by(row.author, row.institution, row.submitted_at))
            for row in activities
        ),
        *(
            Item(_("Outcome"), str(row.headline), reverse("admin:activities_outcome_publish", args=[row.pk]),
                 by(row.author, row.activity.title))
            for row in outcomes.select_related("author", "activity").order_by("id")[:MOST]
        ),
        *(
            Item(_("Answer to an idea"), row.summary, reverse("admin:discussions_idearesponse_publish", args=[row.pk]),
                 by(row.author, row.idea.title))
            for row in responses.select_related("author", "idea").order_by("id")[:MOST]
        ),
    ]  # fmt: skip


def trial_runs(institutions: Iterable[int], now: datetime) -> list[Item]:
    """Surveys that turn people away until an approver has looked at their first responses."""
    return [
        Item(
            kind_of(row), str(row.title), reverse("admin:surveys_survey_analysis", args=[row.pk]),
            _("Trial run: nobody new can answer until you have looked at the first responses"), late=True,
        )
        for row in versions.trials_over(now).filter(institution__in=institutions)[:MOST]
    ]  # fmt: skip


def proposed_groups(user: Any) -> list[Item]:
    """Groups that institutions propose wait for the platform's administrators."""
    if not user.is_superuser:
        return []
    groups = Group.objects.filter(state=Group.State.PROPOSED).select_related("institution").order_by("created_at")
    return [
        Item(_("Group"), str(row.name), reverse("admin:groups_group_activate", args=[row.pk]), str(row.institution))
        for row in groups[:MOST]
    ]


def kind_of(row: Activity) -> str:
    return str(kind(row.kind).kind_name)


def by(author: Any, *facts: Any) -> str:
    shown = [_("written by %(name)s") % {"name": author.shown_name}] if author else []
    return " · ".join([*shown, *(ist(fact) if hasattr(fact, "astimezone") else str(fact) for fact in facts if fact)])


def returned(user: Any) -> list[Item]:
    rows = Activity.objects.filter(author=user, state=State.DRAFT).exclude(review_note="").order_by("-submitted_at")
    return [
        Item(kind_of(row), str(row.title), admin_url(row), _("submitted %(when)s") % {"when": ist(row.submitted_at)} if row.submitted_at else "", note=row.review_note)
        for row in rows[:MOST]
    ]  # fmt: skip


def drafts(user: Any) -> list[Item]:
    rows = Activity.objects.filter(author=user, state=State.DRAFT, review_note="").order_by("-id")
    return [
        Item(
            kind_of(row),
            str(row.title) or row.slug,
            admin_url(row),
            _("begun %(when)s") % {"when": ist(row.created_at)},
        )
        for row in rows[:MOST]
    ]


def promises(institutions: Iterable[int], now: datetime) -> list[Item]:
    """Answers promised by a day that is near or past, the latest first to be late."""
    activities = (
        Activity.objects.published(now)
        .filter(institution__in=institutions, outcome_at=None, promise_by__lte=now + SOON).order_by("promise_by")[:MOST]
    )  # fmt: skip
    ideas = (
        Idea.objects.to_answer()
        .filter(institution__in=institutions, answer_due__lte=(now + SOON).date())
        .order_by("answer_due")[:MOST]
    )
    found: list[tuple[Any, Item]] = []
    for row in activities:
        promised: datetime = row.promise_by  # type: ignore[assignment]
        late = promised < now
        facts = overdue_by if late else due_in
        words = facts(ist_date(promised), span(abs(promised - now)))
        found.append((promised.date(), Item(kind_of(row), str(row.title), admin_url(row), words, late)))
    for idea in ideas:
        due: date = idea.answer_due  # type: ignore[assignment]
        late = due < now.date()
        facts = overdue_by if late else due_in
        words = facts(date_format(due), span(abs(due - now.date())))
        url = reverse("admin:discussions_idea_change", args=[idea.pk])
        found.append((due, Item(_("Idea"), idea.title, url, words, late)))
    return [item for _day, item in sorted(found, key=lambda pair: pair[0])]


def overdue_by(day: str, length: str) -> str:
    return _("promised by %(day)s: %(span)s overdue") % {"day": day, "span": length}


def due_in(day: str, length: str) -> str:
    return _("promised by %(day)s: %(span)s left") % {"day": day, "span": length}


def unanswered(institutions: Iterable[int], now: datetime) -> list[Item]:
    rows = Activity.objects.unanswered(now).filter(institution__in=institutions).order_by("closes_at")
    return [
        Item(kind_of(row), str(row.title), admin_url(row), _("closed on %(date)s") % {"date": ist_date(row.closes_at)})  # type: ignore[arg-type]
        for row in rows[:MOST]
    ]
