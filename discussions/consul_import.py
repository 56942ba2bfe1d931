"""Brings what was read from a CONSUL portal into a forum of its own, all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction
from i18nfield.strings import LazyI18nString

from commons.activities.models import Activity
from commons.audit.record import record
from commons.comments import bulk as comment_bulk
from commons.core.cleaning import clean_text
from commons.directory.models import Institution
from commons.people.brought_in import accounts_for
from discussions import bulk as idea_bulk
from discussions import consul
from discussions.consul import Proposal, Report
from discussions.consul_threads import Placed, Threads
from discussions.models import Discussion

Say = Callable[[str], object]


@dataclass(frozen=True)
class Source:
    """Which files, and where they go. `institution` is needed only while the forum does not exist."""

    proposals: Path
    comments: Path
    forum: str
    institution: str
    language: str
    zone: ZoneInfo


@transaction.atomic
def bring_in(source: Source, say: Say) -> Report:
    """Reads both files and brings in what is not here yet. `say` tells a person how far it is.

    Raises ValueError for files or a forum that cannot be used; then nothing has changed.
    """
    report = Report()
    proposals = consul.read(source.proposals, consul.PROPOSAL, consul.proposal(source.zone), "proposal", report)
    remarks = consul.read(source.comments, consul.COMMENT, consul.remark(source.zone), "comment", report)
    say(f"{report.read} rows read: {len(proposals)} proposals and {len(remarks)} comments can be understood.")
    for one in [one for one in proposals.values() if not clean_text(one.title + one.summary)]:
        report.report("empty_text", "proposal", one.id)
        del proposals[one.id]

    newest = max([*(one.at for one in proposals.values()), *(one.at for one in remarks.values())], default=None)
    forum = forum_for(source, list(proposals.values()), newest)
    known_ideas = idea_bulk.known_in(forum)
    by_anchor = {f"idea-{idea}": number for number, idea in known_ideas.items()}
    known = {number: by_anchor.get(one.anchor, "") for number, one in comment_bulk.known_in(forum).items()}
    placed = Threads(remarks, proposals.keys() | known_ideas, known, report).place_all()
    say(f"{len(placed)} comments have a place; {report.reported.total()} rows are left out.")

    kinds = {one.person: "" for one in proposals.values()}
    kinds |= {one.remark.person: "" for one in placed}
    kinds |= {one.remark.person: one.remark.kind for one in placed if one.remark.kind not in consul.OF_NO_KIND}
    people = accounts_for(source.forum, {person: f"{kind} {person}" if kind else "" for person, kind in kinds.items()})
    say(f"{len(people)} people have an account that nobody can sign in to.")

    ideas = idea_bulk.bring_in(forum, [brought(one, people) for one in proposals.values()], language=source.language)
    anchors = {number: f"idea-{idea}" for number, idea in (known_ideas | idea_bulk.known_in(forum)).items()}
    comments = comment_bulk.bring_in(forum, [said(one, people, anchors) for one in placed], language=source.language)
    say(f"{len(ideas)} ideas and {len(comments)} comments are written.")

    report.created = len(ideas) + len(comments)
    report.unchanged = len(proposals) + len(placed) - report.created
    report.noted["deeper_than_ours"] = comment_bulk.quoting_in(forum)
    compare_counters(proposals, Counter(one.proposal for one in remarks.values()), report)
    note_lengths(proposals, placed, report)
    if report.created:
        record("forum.import", forum, by=None, after={"created": report.created}, activity_id=forum.pk)
    return report


def brought(one: Proposal, people: dict[str, int]) -> idea_bulk.Brought:
    return idea_bulk.Brought(
        external_id=one.id, author_id=people[one.person], title=one.title or one.summary, ask=one.summary,
        detail=one.text, at=one.at, support=one.supports,
    )  # fmt: skip


def said(one: Placed, people: dict[str, int], anchors: dict[str, str]) -> comment_bulk.Said:
    remark = one.remark
    return comment_bulk.Said(
        external_id=remark.id, author_id=people[remark.person], text=one.text, at=remark.at, parent=one.parent,
        anchor=anchors[remark.proposal], up=remark.up, down=remark.down,
    )  # fmt: skip


def compare_counters(proposals: dict[str, Proposal], rows: Counter[str], report: Report) -> None:
    """Our counters are counted from rows, so a wrong number of theirs is said and goes no further."""
    for one in proposals.values():
        if one.comments != rows[one.id]:
            words = f"says {one.comments} comments, the file has {rows[one.id]}"
            report.note("wrong_counter", "proposal", one.id, words)


def note_lengths(proposals: dict[str, Proposal], placed: list[Placed], report: Report) -> None:
    """Longer than we let people write; brought in whole."""
    for one in proposals.values():
        if len(clean_text(one.text)) > idea_bulk.DETAIL:
            report.note("longer_than_ours", "proposal", one.id)
    for comment in placed:
        if len(comment.text) > 1000:
            report.note("longer_than_ours", "comment", comment.remark.id)


def forum_for(source: Source, proposals: list[Proposal], newest: datetime | None) -> Discussion:
    """The forum of that name; made when there is none, with the window in which people spoke there."""
    forum = Discussion.objects.select_related("institution").filter(slug=source.forum).first()
    if forum is not None:
        if not forum.is_forum:
            raise ValueError(f"{source.forum} is a discussion, not a forum")
        if source.institution and forum.institution.code != source.institution:
            raise ValueError(f"{source.forum} belongs to {forum.institution.code}")
        return forum
    if Activity.objects.filter(slug=source.forum).exists():
        raise ValueError(f"{source.forum} is something else than a forum")
    opened = min((one.at for one in proposals), default=newest)
    if opened is None or newest is None:
        raise ValueError("there is nothing to bring in")
    over = all(one.archived for one in proposals)
    forum = Discussion.objects.create(
        slug=source.forum, is_forum=True, institution=institution_for(source.institution),
        title=LazyI18nString({"en": "Proposals brought in from another portal", "hi": "दूसरे पोर्टल से लाए गए प्रस्ताव"}),
        summary=LazyI18nString({
            "en": "What people proposed and discussed elsewhere, in their own language and words.",
            "hi": "लोगों ने दूसरी जगह जो प्रस्ताव रखे और जो चर्चा की, उन्हीं की भाषा और शब्दों में।",
        }),
        promise=LazyI18nString({
            "en": "These proposals were made elsewhere; they are here to be read.",
            "hi": "ये प्रस्ताव दूसरी जगह रखे गए थे; यहाँ वे पढ़ने के लिए हैं।",
        }),
        conversation=Activity.Conversation.NONE, state=Activity.State.PUBLISHED, published_at=opened, opens_at=opened,
        closes_at=newest + timedelta(seconds=1) if over else None, last_activity_at=newest,
        # Nobody is told that it opened or closed: that was long ago.
        opened_announced_at=opened, closed_announced_at=newest if over else None,
    )  # fmt: skip
    record("activity.import", forum, by=None, activity_id=forum.pk)
    return forum


def institution_for(code: str) -> Institution:
    """The institution of that code; without one, a place for what belongs to nobody here."""
    if code:
        found = Institution.objects.filter(code=code).first()
        if found is None:
            raise ValueError(f"there is no institution {code}")
        return found
    name = LazyI18nString({"en": "Brought in from elsewhere", "hi": "दूसरी जगह से लाया गया"})
    return Institution.objects.get_or_create(code="brought-in", defaults={"name": name})[0]
