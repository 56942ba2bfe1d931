"""What a moderator needs to know around a case: what was said before, who says it, who complains, what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commons.comments import similar
from commons.comments.models import Comment
from consultations.models import Annotation, Wording
from mygov.moderation import learning
from mygov.moderation.models import Appeal, Case, Decision
from mygov.moderation.models.case import COLUMNS
from mygov.moderation.trust import MANY, Trust, shown_of, trust_of

if TYPE_CHECKING:
    from typing import Any

MOST = 20


def around(case: Case) -> dict[str, Any]:
    """Nothing about the author but what is public, and counts. Reporters are not named, so that nobody owes them one."""
    return {
        "similar": similar_texts(case),
        "thread": thread_above(case.comment) if case.comment else [],
        "clause": clause_of(case.annotation) if case.annotation else None,
        "appeal": Appeal.objects.filter(decision__case=case).select_related("answer").order_by("-id").first(),
        "reports": list(case.reports.order_by("-id")[:MOST]),
        "decisions": list(case.decisions.select_related("by")[:MOST]),
        "opinion": learning.opinion(case.whole_text),
        **history(case),
    }


def similar_texts(case: Case) -> list[Comment]:
    """What reads almost the same in the same conversation: a campaign shows itself here."""
    if case.comment is None or case.activity is None:
        return []
    known = {case.comment_id, *(one.pk for one in thread_above(case.comment))}
    near = [pk for pk in similar.similar(case.activity, case.comment.body, case.comment.anchor) if pk not in known]
    found = Comment.objects.select_related("author").in_bulk(near)
    return [found[pk] for pk in near if pk in found]


def thread_above(comment: Comment) -> list[Comment]:
    """What it answers, from the root down. The parents came with the case."""
    above: list[Comment] = []
    parent = comment.parent
    while parent is not None and len(above) < 3:
        above.insert(0, parent)
        parent = parent.parent if len(above) < 3 else None
    return above


def clause_of(row: Annotation) -> Wording | None:
    """The clause it answers, in the version it was said of."""
    return Wording.objects.filter(draft=row.draft_id, clause=row.clause_id).first()


def history(case: Case) -> dict[str, Any]:
    if case.author is None:
        return {"author": None}
    against = Decision.objects.against().filter(case__author=case.author)
    earlier = Case.objects.filter(author=case.author).exclude(pk=case.pk).select_related(*COLUMNS)
    shown = shown_of(case.author)
    return {
        "author": case.author,
        "is_new": trust_of(case.author, shown) == Trust.NEW,
        "shown_count": shown,
        "many": MANY,
        "hidden_count": len(against.values_list("pk")[:MANY]),
        "earlier": list(earlier.order_by("-id")[:5]),
    }
