"""What a thing is about, in its form: boxes to tick for subjects, and for regions one list a state that unfolds."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _

from commons.directory.models import Region

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest


class ByState(ModelChoiceIterator):
    """A group for each state: the state itself, then its districts."""

    def __iter__(self) -> Iterator[Any]:
        for state, regions in groupby(self.queryset, key=lambda region: region.parent or region):
            yield str(state), [self.choice(region) for region in regions]


class Unfolding(forms.CheckboxSelectMultiple):
    """A state is unfolded when something in it is ticked. Works with a keyboard, on a phone and without JavaScript."""

    template_name = "admin/regions.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["states"] = [
            (state, options, any(option["selected"] for option in options))
            for state, options, _number in context["widget"]["optgroups"]
        ]
        return context


class RegionsField(forms.ModelMultipleChoiceField):
    widget = Unfolding
    iterator = ByState

    def label_from_instance(self, obj: Any) -> str:
        return str(obj) if obj.parent_id else _("All of %(state)s") % {"state": obj}


def states_with_their_districts() -> QuerySet[Region]:
    return Region.objects.select_related("parent").order_by(
        Coalesce("parent__lgd_code", "lgd_code"), F("parent").asc(nulls_first=True), "lgd_code"
    )


class SubjectsAndRegions:
    """For an admin whose rows have `sectors` and `regions`."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "sectors":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        if db_field.name == "regions":
            kwargs |= {"form_class": RegionsField, "queryset": states_with_their_districts(), "widget": Unfolding}
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
