"""Who and where: institutions, regions, sectors, and who works where in which role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.db import models
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from commons.core.addresses import address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commons.people.models import User


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def under(self, ids: Iterable[int]) -> InstitutionQuerySet:
        """The institutions with these ids and everything below them, by one recursive query."""
        return self.filter(
            id__in=RawSQL(
                "WITH RECURSIVE below(id) AS ("
                " SELECT id FROM directory_institution WHERE id = ANY(%s)"
                " UNION SELECT child.id FROM directory_institution child JOIN below ON child.parent_id = below.id"
                ") SELECT id FROM below",
                [list(ids)],
            )
        )


@pghistory.track()
class Institution(models.Model):
    """A ministry, department or body. Owns groups and activities; answers for what it promised."""

    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("Short and lasting, as in “education”."))
    name = I18nCharField(_("name"), max_length=200)
    about = I18nTextField(_("about"), blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("part of"), null=True, blank=True, related_name="children"
    )
    website = models.URLField(_("website"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address("directory:institution", self.code)


class Region(models.Model):
    """A state, union territory or district, known by its LGD code (states and districts number separately)."""

    class Level(models.TextChoices):
        STATE = "state", _("State or union territory")
        DISTRICT = "district", _("District")

    level = models.CharField(_("level"), max_length=10, choices=Level)
    lgd_code = models.PositiveIntegerField(_("LGD code"))
    name = I18nCharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("state"), null=True, blank=True, related_name="districts"
    )
    is_union_territory = models.BooleanField(_("union territory"), default=False)
    iso_code = models.CharField(_("ISO 3166-2"), max_length=6, blank=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["level", "lgd_code"]
        constraints = [
            models.UniqueConstraint(fields=["level", "lgd_code"], name="region_lgd_code_once"),
            models.CheckConstraint(
                condition=models.Q(level="state", parent=None) | models.Q(level="district", parent__isnull=False),
                name="region_district_has_state",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        """A region has no page of its own: what is asked there is its page."""
        return f"{reverse('activities:list')}?region={self.pk}"


class Sector(models.Model):
    """What something is about: health, water, schools."""

    slug = models.SlugField(_("slug"), unique=True)
    name = I18nCharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        """What is asked about it is its page."""
        return f"{reverse('activities:list')}?sector={self.slug}"


class PostQuerySet(models.QuerySet["Post"]):
    def held_by(self, user: User) -> PostQuerySet:
        return self.filter(person=user) if user.is_authenticated else self.none()

    def with_role(self, *roles: str) -> PostQuerySet:
        return self.filter(role__in=roles)


@pghistory.track()
class Post(models.Model):
    """Who works where, in which role. With neither institution nor group the post is the whole platform's."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("Author")
        APPROVER = "approver", _("Approver")
        MODERATOR = "moderator", _("Moderator")
        ANALYST = "analyst", _("Analyst")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("person"), related_name="posts")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    institution = models.ForeignKey(
        Institution, models.CASCADE, verbose_name=_("institution"), null=True, blank=True, related_name="posts"
    )
    group = models.ForeignKey(
        "groups.Group", models.CASCADE, verbose_name=_("group"), null=True, blank=True, related_name="posts"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "institution", "group"], name="post_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=models.Q(institution=None) | models.Q(group=None), name="post_one_place"),
            models.CheckConstraint(
                condition=models.Q(role="moderator")
                | models.Q(institution__isnull=False)
                | models.Q(group__isnull=False),
                name="post_only_moderators_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.person} · {self.get_role_display()} · {self.institution or self.group or _('the whole platform')}"
        )
