"""How many people there are of each kind, and how many answers of each kind are wanted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from surveys.models.question import Measure
from surveys.models.survey import Survey

COUNTED = [(value, label) for value, label in Measure.choices if value]


class CensusTable(models.Model):
    """Published numbers of people by region, gender and age, as `import_census` brought them in."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("census table")
        verbose_name_plural = _("census tables")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class CensusShare(models.Model):
    """So many people in one category: a region by its LGD code, else the code that the survey's question uses."""

    table = models.ForeignKey(CensusTable, models.CASCADE, related_name="shares")
    measure = models.CharField(max_length=10, choices=COUNTED)
    category = models.CharField(max_length=40)
    people = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("number of people")
        verbose_name_plural = _("numbers of people")
        constraints = [
            models.UniqueConstraint(fields=["table", "measure", "category"], name="census_category_once"),
            models.CheckConstraint(condition=Q(people__gt=0), name="census_category_has_people"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.category}: {self.people}"


class Quota(models.Model):
    """At most so many responses of people of one kind enter the weighted evaluation; what is left empty fits everybody."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="quotas")
    region = models.CharField(_("region (LGD code)"), max_length=40, blank=True)
    gender = models.CharField(_("gender (code of the option)"), max_length=40, blank=True)
    age = models.CharField(_("age group (code of the option)"), max_length=40, blank=True)
    most = models.PositiveIntegerField(_("at most"))
    taken = models.PositiveIntegerField(_("there are"), default=0, editable=False)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "region", "gender", "age"], name="quota_once",
                violation_error_message=_("There is a quota for these people already."),
            ),
            models.CheckConstraint(condition=Q(taken__lte=F("most")), name="quota_never_beyond"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.region or '*'} × {self.gender or '*'} × {self.age or '*'}: {self.taken}/{self.most}"
