"""Who may report, and who may decide what. Views and templates ask here.

A moderator of the platform decides everywhere. A moderator of an institution or of a group decides there, with one
exception: nobody hides alone what citizens say about the institution they work for. They ask, and a moderator of
the platform who does not work there decides. Nobody decides about what they wrote. Whoever hands a case up leaves it to
the next level: moderators of an institution to those of the platform, these to its administrators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from commons.comments.models import Comment
from commons.directory.models import Institution, InstitutionQuerySet, Post
from commons.directory.rules import Role, institutions_of, is_platform_moderator
from commons.integrity import checking
from mygov.moderation import appeals
from mygov.moderation.models import Decision, Level, Standing

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.integrity.models import Cluster
    from commons.people.models import User
    from mygov.moderation.models import Case
    from mygov.moderation.models.case import CaseQuerySet, Target

What = Decision.What


def may_report(user: User | AnonymousUser, target: Target) -> bool:
    """Whoever is signed in; not one's own text, and not an institution's official answer."""
    official = isinstance(target, Comment) and target.as_institution_id is not None
    return user.is_authenticated and target.author_id != user.pk and not official


def moderates(user: User | AnonymousUser) -> bool:
    """Whether the desk is theirs to enter. Like all staff they sign in with a second factor."""
    if not user.is_authenticated or not user.is_active or not user.is_staff:
        return False
    return user.is_superuser or Post.objects.held_by(user).with_role(Role.MODERATOR).exists()


def scope(user: User | AnonymousUser, cases: CaseQuerySet) -> CaseQuerySet:
    """The cases they may see."""
    if not user.is_authenticated or not moderates(user):
        return cases.none()
    if is_platform_moderator(user):
        return cases
    groups = Post.objects.held_by(user).with_role(Role.MODERATOR).exclude(group=None).values("group")
    theirs = Q(activity__institution__in=institutions_of(user, Role.MODERATOR))
    return cases.filter(theirs | Q(activity__group__in=groups))


def works_for(user: User, institution: Institution) -> bool:
    """Whether they hold any post in the institution, above it, or in a group of it. Being administrator is no post."""
    posts = Post.objects.held_by(user)
    if posts.filter(group__institution=institution).exists():
        return True
    ids = list(posts.exclude(institution=None).values_list("institution", flat=True))
    return bool(ids) and Institution.objects.under(ids).filter(pk=institution.pk).exists()


def employers(user: User) -> InstitutionQuerySet:
    """The institutions they work for: where they hold a post, what lies below, and whose group they serve."""
    posts = Post.objects.held_by(user)
    below = Institution.objects.under(posts.exclude(institution=None).values_list("institution", flat=True))
    return Institution.objects.filter(
        Q(pk__in=below) | Q(pk__in=posts.exclude(group=None).values("group__institution"))
    )


def level_of(user: User | AnonymousUser) -> Level:
    """Up to which level they decide what was handed up."""
    if user.is_authenticated and user.is_superuser:
        return Level.ADMINISTRATOR
    return Level.PLATFORM if is_platform_moderator(user) else Level.ANYBODY


def options(user: User | AnonymousUser, case: Case) -> list[Decision.What]:
    """What this person may decide about a case they may see, as it stands now."""
    standing = case.standing
    if not user.is_authenticated or case.author_id == user.pk or standing == Standing.GONE:
        return []
    level = level_of(user)
    platform = level >= Level.PLATFORM
    newest = case.decisions.first()
    if case.level > level:
        return []
    if standing == Standing.HIDDEN:
        return options_of_hidden(user, case, level)
    if newest and newest.what == What.FLAG and newest.by_id == user.pk:
        return []  # somebody else was asked to look
    able = [What.APPROVE] if case.closed_at is None else []
    if standing == Standing.UNOPENED:
        able += [What.PARK] if newest and newest.what == What.FLAG else [What.FLAG, What.PARK]
    up = [What.ESCALATE] if level < Level.ADMINISTRATOR else []
    if platform and not any(works_for(user, institution) for institution in concerned(case)):
        return [*able, What.HIDE, What.REMOVE, *([What.REJECT] if case.idea_id else []), *up]
    return [*able, *([] if newest and newest.what == What.ASK else [What.ASK]), *up]


def may_check_votes(user: User | AnonymousUser) -> bool:
    """Moderators of the platform: votes of one hand may lie in any institution's activity."""
    return user.is_authenticated and user.is_staff and is_platform_moderator(user)


def may_review(user: User | AnonymousUser) -> bool:
    """Moderators of the platform give second opinions: they work for no institution they would judge alone."""
    return user.is_authenticated and user.is_staff and is_platform_moderator(user)


def may_read_disagreements(user: User | AnonymousUser) -> bool:
    """Administrators: it names moderators."""
    return user.is_authenticated and user.is_staff and level_of(user) == Level.ADMINISTRATOR


def may_decide_votes(user: User | AnonymousUser, cluster: Cluster) -> bool:
    """Not about the institution one works for, nor where one voted or was voted on oneself."""
    if not user.is_authenticated or not may_check_votes(user):
        return False
    return not works_for(user, cluster.activity.institution) and not checking.concerns(cluster, user)


def options_of_hidden(user: User, case: Case, level: Level) -> list[Decision.What]:
    """An appeal is answered by somebody else than before, who does not work there; else the platform's may show it again."""
    if level < Level.PLATFORM:
        return []
    appeal = appeals.waiting_in(case)
    if appeal is not None:
        if appeal.decision.by_id == user.pk or any(works_for(user, institution) for institution in concerned(case)):
            return []
        return [What.RESTORE, What.UPHOLD, *([What.ESCALATE] if level < Level.ADMINISTRATOR else [])]
    against = case.decisions.filter(what__in=appeals.APPEALABLE).first()
    lawful = against is not None and against.what == What.REMOVE
    return [What.RESTORE] if level == Level.ADMINISTRATOR or not lawful else []


def concerned(case: Case) -> set[Institution]:
    """Whose conversation it is, and who has to answer the idea."""
    return {*([case.activity.institution] if case.activity else []), *([case.idea.institution] if case.idea else [])}
