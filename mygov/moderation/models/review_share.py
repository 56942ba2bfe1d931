"""How many decisions a second moderator looks at. One row, changed by administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commons.audit.record import record

if TYPE_CHECKING:
    from commons.people.models import User

FIRST = 5  # per cent


class ReviewShare(models.Model):
    """Chance draws each decision with this probability, when it is made."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    per_cent = models.PositiveSmallIntegerField(
        _("share in per cent"), default=FIRST, db_default=FIRST, validators=[MaxValueValidator(100)],
        help_text=_("Of every hundred decisions, so many are looked at by a second moderator. 0: none."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("share of second opinions")
        verbose_name_plural = _("share of second opinions")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="review_share_one_row"),
            models.CheckConstraint(condition=Q(per_cent__lte=100), name="review_share_per_cent"),
        ]

    def __str__(self) -> str:
        return f"{self.per_cent} %"

    @transaction.atomic
    def change(self, by: User) -> None:
        """Saves what was changed, and records it."""
        before = ReviewShare.objects.values_list("per_cent", flat=True).get(pk=self.pk)
        self.save(update_fields=["per_cent"])
        record("review_share.change", self, by=by, before={"per_cent": before}, after={"per_cent": self.per_cent})


def add_missing(**kwargs: object) -> None:
    """Writes the row where there is none. Runs after every migration."""
    ReviewShare.objects.bulk_create([ReviewShare()], ignore_conflicts=True)
