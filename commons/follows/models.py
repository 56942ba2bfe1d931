"""Who wants to hear about what. Exactly one thing a row."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _


class Follow(models.Model):
    """A person follows one of `TARGETS`; contributing follows by itself, and can be turned off."""

    TARGETS = ("activity", "group", "institution", "region", "sector")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    activity = models.ForeignKey("activities.Activity", models.CASCADE, null=True, blank=True, related_name="follows")
    group = models.ForeignKey("groups.Group", models.CASCADE, null=True, blank=True, related_name="follows")
    institution = models.ForeignKey(
        "directory.Institution", models.CASCADE, null=True, blank=True, related_name="follows"
    )
    region = models.ForeignKey("directory.Region", models.CASCADE, null=True, blank=True, related_name="follows")
    sector = models.ForeignKey("directory.Sector", models.CASCADE, null=True, blank=True, related_name="follows")
    muted = models.BooleanField(_("turned off"), default=False)  # stays off when the person contributes again
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "activity", "group", "institution", "region", "sector"],
                name="follow_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        "activity",
                        "group",
                        "institution",
                        "region",
                        "sector",
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="follow_exactly_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.thing}"

    @property
    def thing(self) -> models.Model:
        """What is followed: exactly one is set."""
        return next(thing for name in self.TARGETS if (thing := getattr(self, name)))
