"""What a thing is about, in its form: subjects as boxes to tick, regions as a list that is searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from commons.directory.models import Region

if TYPE_CHECKING:
    from django.http import HttpRequest


def states_with_their_districts() -> QuerySet[Region]:
    return Region.objects.select_related("parent").order_by(
        Coalesce("parent__lgd_code", "lgd_code"), F("parent").asc(nulls_first=True), "lgd_code"
    )


class RegionsField(forms.ModelMultipleChoiceField):
    """A district with its state before it: two districts in two states may have one name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent} › {obj}" if obj.parent_id else str(obj)


class SubjectsAndRegions:
    """For an admin whose rows have `sectors` and `regions`. The regions are a plain list where JavaScript is off."""

    filter_horizontal = ("regions",)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "sectors":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        if db_field.name == "regions":
            kwargs |= {"form_class": RegionsField, "queryset": states_with_their_districts()}
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
