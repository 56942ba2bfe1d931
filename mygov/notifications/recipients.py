"""Who hears what: one function per event, in one place. Each answers with whom to tell and where it leads.

A function takes the event's target id and yields `Told` values; `key` makes telling twice impossible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils.translation import override

from commons.activities.models import Activity, ActivityChange, Contribution, Disposition
from commons.comments.models import Comment
from commons.directory.models import Institution, Post
from commons.follows.models import Follow
from consultations.models import Annotation, Draft, Step, SubmissionFile
from discussions.models import Idea, IdeaNotice, Support
from mygov.moderation.models import Appeal, Decision
from mygov.moderation.targets import KINDS

if TYPE_CHECKING:
    from mygov.moderation.models.case import Target


@dataclass(frozen=True)
class Told:
    """One person hears one thing. `values` fill the words of the event (`words.py`)."""

    person: int
    event: str
    key: str
    path: str
    activity: int | None = None
    values: dict[str, Any] = field(default_factory=dict)


Tells = Callable[[int], Iterator[Told]]


def commented(pk: int) -> Iterator[Told]:
    """Whoever is answered hears it; an official answer is called one."""
    comment = Comment.objects.select_related("parent", "answers", "as_institution").get(pk=pk)
    above = comment.answers or comment.parent
    if above is None or above.author_id in {None, comment.author_id}:
        return
    event = "official answer" if comment.as_institution_id else "reply"
    yield Told(above.author_id, event, f"comment-{pk}", path_of(comment), comment.activity_id)


def path_of(comment: Comment) -> str:
    return f"/comments/{comment.pk}/#c{comment.pk}"


def decision(event: str, kind: str = "comment") -> Tells:
    model = KINDS[kind].model

    def case(pk: int) -> Iterator[Told]:
        """A decision about one's own text or name, with its reason."""
        target = model.objects.select_related("case").get(pk=pk)
        if not target.author_id:
            return
        values = {"reason": target.state_reason, "words": target.state_words}
        key = f"{event}-{pk}-{turn_of(target)}" if kind == "comment" else f"{event}-{kind}-{pk}-{turn_of(target)}"
        path = reasons(Q(**{f"case__{kind}": pk})) if event == "hidden" else ""
        if event != "restored" or not answered_an_appeal(Q(**{f"decision__case__{kind}": pk})):
            shown_at = path_of(target) if kind == "comment" else target.get_absolute_url()
            yield Told(target.author_id, event, key, path or shown_at, target.activity_id, values)

    return case


def turn_of(target: Target) -> int:
    """How often moderators have decided: a text that is hidden a second time is told about a second time."""
    case = getattr(target, "case", None)
    return case.turn if case else 0


def reasons(of: Q) -> str:
    """Where the author reads why, and appeals; empty when no moderator decided."""
    newest = Decision.objects.against().filter(of).values_list("pk", flat=True).first()
    return f"/moderation/decisions/{newest}/" if newest else ""


def answered_an_appeal(of: Q) -> bool:
    """Whether what happened last to it answered an appeal: of that its author hears by itself."""
    return Appeal.objects.filter(of, answer__turn=F("decision__case__turn")).exists()


def appeal_decided(pk: int) -> Iterator[Told]:
    """The author, and the moderator whose decision it was."""
    row = Appeal.objects.select_related("decision", "answer").get(pk=pk)
    key, activity = f"appeal-{pk}", row.decision.activity_id
    values = {"words": row.answer.words if row.answer else ""}
    if row.author_id:
        event, path = "appeal granted" if row.granted else "appeal refused", f"/moderation/decisions/{row.decision_id}/"
        yield Told(row.author_id, event, key, path, activity, values)
    event = "decision reversed" if row.granted else "decision upheld"
    yield Told(row.decision.by_id, event, key, f"/moderation/{row.decision.case_id}/", activity, values)


def idea_rejected(pk: int) -> Iterator[Told]:
    """As other news of an idea; its author is led to the reasons."""
    author = Idea.objects.values_list("author", flat=True).get(pk=pk)
    for told in idea_news("idea rejected")(pk):
        yield replace(told, path=reasons(Q(case__idea=pk)) or told.path) if told.person == author else told


def reports_decided(pk: int) -> Iterator[Told]:
    """Whoever reported it hears what a moderator decided. What is hidden now cannot be led to."""
    row = Decision.objects.select_related("case__activity", *(f"case__{name}" for name in KINDS)).get(pk=pk)
    upheld = row.what != Decision.What.APPROVE
    event = "report upheld" if upheld else "report dismissed"
    path = ((upheld and row.case.activity) or row.case.target).get_absolute_url()
    reports = row.case.reports.filter(handled_at__isnull=False, upheld=upheld).exclude(reporter=None)
    for person in reports.order_by("reporter").values_list("reporter_id", flat=True):
        yield Told(person, event, f"reports-{pk}", path, row.activity_id)


def idea_news(event: str, *, author: bool = True, officials: bool = False) -> Tells:
    def case(pk: int) -> Iterator[Told]:
        """Everybody who supports it; its author; the officials who have to act."""
        idea = Idea.objects.select_related("institution").get(pk=pk)
        values = {"title": idea.title, "words": idea.state_words if event in {"idea retired", "idea rejected"} else ""}
        key, path = f"{event}-{pk}", f"/ideas/{pk}/"
        if author and idea.author_id:
            yield Told(idea.author_id, event, key, path, idea.activity_id, values)
        for person in Support.objects.filter(idea=idea).values_list("person_id", flat=True).iterator():
            yield Told(person, event, key, path, idea.activity_id, values)
        if officials:
            for person in approvers(idea.institution):
                yield Told(person, "idea to answer", f"{key}-official", path, idea.activity_id, values)

    return case


def idea_notice(pk: int) -> Iterator[Told]:
    """What an author writes to everybody who supports the idea."""
    notice = IdeaNotice.objects.select_related("idea").get(pk=pk)
    values = {"title": notice.idea.title, "words": notice.words}
    for person in Support.objects.filter(idea=notice.idea).values_list("person_id", flat=True).iterator():
        path = f"/ideas/{notice.idea_id}/"
        yield Told(person, "idea notice", f"idea-notice-{pk}", path, notice.idea.activity_id, values)


def idea_for_officials(pk: int) -> Iterator[Told]:
    """The officials who have to say who looks at it, and its author."""
    idea = Idea.objects.select_related("institution").get(pk=pk)
    path = f"/ideas/{pk}/"
    for person in approvers(idea.institution):
        yield Told(person, "idea to answer", f"idea-acknowledge-{pk}", path, idea.activity_id, {"title": idea.title})


def disposed(pk: int) -> Iterator[Told]:
    """What became of what one said."""
    row = Disposition.objects.select_related("contribution").get(pk=pk)
    line = row.contribution
    if line.person_id:
        values = {"standing": row.standing, "reference": line.reference, "words": row.words}
        yield Told(
            line.person_id,
            "disposed",
            f"disposition-{pk}",
            f"/impact/mine/?reference={line.reference}#{line.reference}",
            row.activity_id,
            values,
        )


def everybody_in(event: str, *, followers: bool = True, contributors: bool = True) -> Tells:
    def case(pk: int) -> Iterator[Told]:
        """Everybody who spoke there or follows it, unless they turned it off."""
        activity = Activity.objects.get(pk=pk)
        wanted = Q(activity=pk)
        if event == "opened":
            wanted |= follows_what_it_belongs_to(activity)
        people: set[int | None] = set()
        if followers:
            people |= set(Follow.objects.filter(wanted, muted=False).values_list("person_id", flat=True))
        if contributors:
            people |= set(Contribution.objects.filter(activity=pk).values_list("person_id", flat=True))
        people -= {None} | set(Follow.objects.filter(activity=pk, muted=True).values_list("person_id", flat=True))
        path = activity.get_absolute_url()
        # Changes may come again and again; each has its own place in the public log.
        mark = activity.changes.count() if event == "changed" else ""
        for person in sorted(people):  # type: ignore[type-var]
            yield Told(person, event, f"{event}-{pk}-{mark}", path, pk)  # type: ignore[arg-type]

    return case


def follows_what_it_belongs_to(activity: Activity) -> Q:
    """Its group, its institution and those above, its sectors, and regions as the list of activities counts them:
    one it is about, the state around, the districts inside.
    """
    regions = activity.regions.all()
    return (
        Q(group=activity.group_id, group__isnull=False)
        | Q(institution__in=above(activity.institution))
        | Q(sector__in=activity.sectors.all())
        | Q(region__in=regions)
        | Q(region__parent__in=regions)
        | Q(region__districts__in=regions)
    )


def question_answered(pk: int) -> Iterator[Told]:
    """Whoever asked about a clause reads the institution's answer."""
    row = Annotation.objects.select_related("activity", "author", "clarification", "contribution").get(pk=pk)
    if row.author and row.clarification:
        path = f"/consultations/{row.activity.slug}/clauses/{row.clause_id}/#r{pk}"
        with override(row.author.language):
            values = {"words": str(row.clarification.words), "reference": row.contribution.reference}
        key = f"question-{pk}-{row.clarification.answered_at.isoformat()}"
        yield Told(row.author.pk, "official answer", key, path, row.activity_id, values)


LAW: dict[str, tuple[Any, str]] = {
    "draft published": (Draft, "consultation_id"),
    "consultation step": (Step, "consultation_id"),
    "timetable changed": (ActivityChange, "activity_id"),
}


def attachment_refused(pk: int) -> Iterator[Told]:
    """Whoever attached a file to a response in which the scanner found something later."""
    row = SubmissionFile.objects.select_related("submission__activity").defer("data").filter(pk=pk).first()
    if row and row.submission.author_id:
        consultation = row.submission.activity
        path = f"/consultations/{consultation.slug}/responses/"
        yield Told(row.submission.author_id, "attachment refused", f"attachment-{pk}", path, consultation.pk)


def law_news(event: str) -> Tells:
    def case(pk: int) -> Iterator[Told]:
        """A new version of a text, a step, another day for one, the matrix: everybody who follows or responded."""
        model, column = LAW.get(event, (Activity, "id"))
        row = model.objects.get(pk=pk)
        mark = f"-{row.day}" if isinstance(row, Step) else ""  # put off, it is reached again
        for told in everybody_in(event)(getattr(row, column)):
            yield replace(told, key=f"{event}-{pk}{mark}")

    return case


def submitted(pk: int) -> Iterator[Told]:
    """Approvers of the institution and above, but not whoever wrote it."""
    activity = Activity.objects.get(pk=pk)
    key = f"submitted-{pk}-{activity.submitted_at:%s}" if activity.submitted_at else f"submitted-{pk}"
    for person in approvers(activity.institution):
        if person != activity.author_id:
            yield Told(person, "submitted", key, "/admin/", pk)


def approvers(institution: Institution) -> list[int]:
    """Whoever approves for the institution, or for what it is part of."""
    posts = Post.objects.filter(institution__in=above(institution), role=Post.Role.APPROVER)
    return sorted(set(posts.values_list("person_id", flat=True)))


def above(institution: Institution) -> list[Institution]:
    """The institution and those it is part of."""
    chain = [institution]
    while chain[-1].parent_id and len(chain) < 10:
        chain.append(Institution.objects.get(pk=chain[-1].parent_id))
    return chain


def to_author(event: str) -> Tells:
    def case(pk: int) -> Iterator[Told]:
        activity = Activity.objects.get(pk=pk)
        if activity.author_id:
            key = f"{event}-{pk}-{activity.review_note[:40]}-{activity.submitted_at}"[:120]
            yield Told(activity.author_id, event, key, "/admin/", pk, {"words": activity.review_note})

    return case


def nobody(pk: int) -> Iterator[Told]:
    """Recorded, but nobody has to hear it."""
    yield from ()


CASES: dict[str, Tells] = {
    "commented": commented,
    "comment held": decision("held"),
    "comment hidden": decision("hidden"),
    "comment restored": decision("restored"),
    "comment removed": nobody,
    "idea brought": nobody,
    "idea held": decision("held", "idea"),
    "idea hidden": decision("hidden", "idea"),
    "idea restored": decision("restored", "idea"),
    "idea sponsored": decision("idea sponsored", "idea"),
    "idea lost sponsors": nobody,
    "idea put back": nobody,
    "idea flagged": nobody,
    "idea parked": decision("idea parked", "idea"),
    "idea rejected": idea_rejected,
    "appeal decided": appeal_decided,
    "idea stopped": idea_news("idea stopped"),
    "idea opened": idea_news("idea opened"),
    "idea retired": idea_news("idea retired", author=False),
    "idea notice": idea_notice,
    "idea earned acknowledgement": idea_for_officials,
    "idea earned answer": idea_news("idea earned answer", officials=True),
    "idea earned hearing": idea_news("idea earned hearing", officials=True),
    "idea answered": idea_news("idea answered"),
    "reports decided": reports_decided,
    "disposed": disposed,
    "outcome": everybody_in("outcome"),
    "withdrawn": everybody_in("withdrawn"),
    "changed": everybody_in("changed"),
    "annotation held": decision("held", "annotation"),
    "annotation hidden": decision("hidden", "annotation"),
    "annotation restored": decision("restored", "annotation"),
    "annotation removed": nobody,
    "submission held": decision("held", "submission"),
    "submission hidden": decision("hidden", "submission"),
    "submission restored": decision("restored", "submission"),
    "name chosen": nobody,
    "name held": decision("held", "name"),
    "name hidden": decision("hidden", "name"),
    "name restored": decision("restored", "name"),
    "name removed": nobody,
    "attachment refused": attachment_refused,
    "question answered": question_answered,
    "draft published": law_news("draft published"),
    "consultation step": law_news("consultation step"),
    "timetable changed": law_news("timetable changed"),
    "matrix published": law_news("matrix published"),
    "opened": everybody_in("opened", contributors=False),
    "closed": nobody,
    "submitted": submitted,
    "returned": to_author("returned"),
    "published": to_author("published"),
}
