"""Ideas that were brought elsewhere, many at a time. See commons/comments/bulk.py for what differs and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from commons.activities.ledger import excerpt
from commons.activities.models import Contribution
from commons.core.cleaning import clean_text
from commons.core.markdown import to_html
from commons.core.personal_numbers import mask
from commons.core.sequences import reserve
from discussions.models import Discussion, Idea

TITLE, ASK, DETAIL = 80, 300, 800


@dataclass(frozen=True)
class Brought:
    """One idea of another platform. `external_id` is its number there; `support` is known only as a number."""

    external_id: str
    author_id: int
    title: str
    ask: str
    detail: str
    at: datetime
    support: int = 0


def known_in(forum: Discussion) -> dict[str, int]:
    """What was brought into this forum before: its number there → ours."""
    before = Idea.objects.filter(activity=forum).exclude(contribution__external_id="")
    return dict(before.values_list("contribution__external_id", "pk"))


@transaction.atomic
def bring_in(forum: Discussion, brought: Sequence[Brought], *, language: str) -> list[Idea]:
    """Writes what is not here yet. They are open as long as the forum is, whatever support they found.

    A title or ask that is longer than ours is cut at a word, and stands whole at the head of the detail.
    """
    known = known_in(forum)
    new = [one for one in brought if one.external_id not in known]
    lines, ideas = [], []
    for one, line_id, idea_id in zip(new, reserve(Contribution, len(new)), reserve(Idea, len(new)), strict=True):
        title, ask, detail = fit(one)
        line = Contribution(
            pk=line_id, activity_id=forum.pk, person_id=one.author_id, kind="idea", excerpt=excerpt(title),
            path=f"/ideas/{idea_id}/", channel=Contribution.Channel.IMPORT, external_id=one.external_id,
            language=language, created_at=one.at,
        )  # fmt: skip
        lines.append(line)
        ideas.append(
            Idea(
                pk=idea_id,
                activity=forum,
                author_id=one.author_id,
                contribution=line,
                title=title,
                ask=ask,
                detail=detail,
                detail_html=to_html(detail),
                language=language,
                state=Idea.State.OPEN,
                institution_id=forum.institution_id,
                support_count=one.support,
                imported_support=one.support,
                sponsored_at=one.at,
                opened_at=one.at,
                closes_at=forum.closes_at,
                created_at=one.at,
            )
        )
    Contribution.objects.bulk_create(lines, batch_size=500)
    Idea.objects.bulk_create(ideas, batch_size=500)
    return ideas


def fit(one: Brought) -> tuple[str, str, str]:
    """Title, ask and detail as they are stored. Without an ask the title says it."""
    title, ask, detail = (mask(clean_text(text))[0] for text in (one.title, one.ask, one.detail))
    title = " ".join(title.split())
    cut = [text for text, most in ((title, TITLE), (ask, ASK)) if len(text) > most]
    return shorten(title, TITLE), shorten(ask or title, ASK), "\n\n".join([*cut, detail]).strip()


def shorten(text: str, most: int) -> str:
    """The text if it is short enough; else as many whole words as fit, and an ellipsis."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rsplit(None, 1)[0] if " " in head else head).rstrip() + "…"
