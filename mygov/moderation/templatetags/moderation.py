"""For templates above and below: who moderates, and what a reason code is called."""

from datetime import date, datetime, timedelta

from django import template
from django.template.context import Context

from commons.core import moments
from commons.people.models import User
from mygov.moderation import rules
from mygov.moderation.models import Case, Name, ScreeningRule
from mygov.moderation.queue import Queue
from mygov.moderation.reasons import Reason
from mygov.moderation.targets import KINDS

register = template.Library()


@register.simple_tag(takes_context=True)
def may_moderate(context: Context) -> bool:
    """Whether the desk is this reader's. No query for anybody who is not staff."""
    request = context.get("request")
    return request is not None and rules.moderates(request.user)


@register.simple_tag(takes_context=True)
def may_check_votes(context: Context) -> bool:
    """Whether this reader looks at votes that may be of one hand."""
    return rules.may_check_votes(context["request"].user)


@register.filter
def kind_label(case: Case) -> str:
    """What a case is about: “Comment”."""
    return str(KINDS[case.kind].label)


@register.simple_tag
def doubted_name(person: User) -> Name | None:
    """The newest name of a person that waits for a moderator or was hidden; None while they bear one."""
    if person.display_name:
        return None
    return Name.objects.filter(author=person, state__in=["held", "hidden"]).order_by("-id").first()


@register.filter
def reason_label(code: str) -> str:
    """The name of a rule; empty for a code that is none."""
    return str(Reason(code).label) if code in Reason.values else ""


@register.filter
def span_to(start: datetime, end: datetime) -> str:
    """How long it is from one moment to the other: “5 hours”."""
    return moments.span(end - start)


@register.filter
def pace(case: Case, now: datetime) -> str:
    """How near a case is to its time: timely, soon or late."""
    return case.pace(now)


@register.filter
def month(first: date) -> str:
    """“November 2026”."""
    return moments.day(first).partition(" ")[2]


@register.filter
def minutes(count: int) -> str:
    """Minutes in their largest whole unit: “5 hours”."""
    return moments.span(timedelta(minutes=count))


@register.filter
def with_cursor(cursor: str, queue: Queue) -> str:
    """The query of the following page of the same queue."""
    return queue.with_cursor(cursor)


@register.filter
def rule_name(kind: str) -> str:
    """What a screening rule is called; its code when this version does not know it any more."""
    known = ScreeningRule.Kind
    return str(known(kind).label) if kind in known.values else kind
