"""The base of every admin page: officials see and touch only their institutions' things, through every door.

What a person may do is read from their posts, never from Django's permission table. One queryset, `within`, stands
behind all doors: list, form, history, autocomplete, popup, actions, filters, choices of foreign keys. What is not
in it does not exist for them: unknown and foreign get the same answer.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.text import capfirst
from i18nfield.fields import I18nCharField, I18nTextField

from commons.audit.record import record
from commons.core.plain import plain
from commons.directory.admin_widgets import (
    BothLanguagesField,
    BothLanguagesInput,
    BothLanguagesText,
    DayAndTime,
    DayAndTimeField,
)
from commons.directory.history import history_of
from commons.directory.models import Post
from commons.directory.rules import OFFICIAL, Role, institutions_of

if TYPE_CHECKING:
    from django.forms import BaseModelForm
    from django.http import HttpRequest, HttpResponse

    from commons.people.models import User

log = logging.getLogger(__name__)

WIDGETS: dict[type[models.Field], dict[str, Any]] = {
    I18nCharField: {"form_class": BothLanguagesField, "widget": BothLanguagesInput},
    I18nTextField: {"form_class": BothLanguagesField, "widget": BothLanguagesText},
    models.DateTimeField: {"form_class": DayAndTimeField, "widget": DayAndTime},
}


def official(request: HttpRequest) -> User:
    """Whoever is in the admin: always somebody with an account."""
    return cast("User", request.user)


def reach(request: HttpRequest, *roles: str) -> set[int]:
    """The institutions where the person holds one of the roles (any when none is named); read once a request."""
    known = request.__dict__.setdefault("reach", {})
    if roles not in known:
        known[roles] = set(institutions_of(request.user, *roles).values_list("pk", flat=True))
    return known[roles]


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """A filter by a foreign key offers what the person may see, and nothing else."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        related = field.remote_field.model if field.remote_field else field.related_model
        return [(row.pk, str(row)) for row in model_admin.choices_of(request, related)]


class Choices:
    """What foreign keys of a form offer. Shared by pages and by the rows within them."""

    admin_site: admin.AdminSite
    writers: tuple[str, ...] = ()

    def choices_of(self, request: HttpRequest, model: type[models.Model]) -> models.QuerySet[Any]:
        """What of this model the person may choose: nothing of a model that has no admin of ours."""
        try:
            related = self.admin_site.get_model_admin(model)
        except NotRegistered:
            return model._default_manager.none()
        return related.get_queryset(request)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        related = self.admin_site._registry.get(db_field.remote_field.model)
        if isinstance(related, InstitutionScopedAdmin) and related.institution_path is not None and self.writers:
            return related.within(request, *self.writers)
        return self.choices_of(request, db_field.remote_field.model)


class InstitutionScopedAdmin(Choices, admin.ModelAdmin):
    """A model's pages for officials. A subclass says where its institution is, and who may write."""

    institution_path: str | None = "institution"  # lookup from the row; "" is the row itself; None is everybody's
    writers: tuple[str, ...] = OFFICIAL  # who may add and change; empty: platform administrators alone
    viewers: tuple[str, ...] = tuple(Role)
    records_itself = False  # its verbs write the audit entries
    formfield_overrides = WIDGETS
    object_history_template = "admin/history.html"
    show_facets = admin.ShowFacets.NEVER  # a facet counts every row
    save_on_top = False
    list_per_page = 50

    # -- what exists for this person -----------------------------------------------------------
    def within(self, request: HttpRequest, *roles: str) -> models.QuerySet[Any]:
        """The rows in institutions where the person holds one of the roles."""
        rows = super().get_queryset(request)
        if official(request).is_superuser:
            return rows
        if not roles or not reach(request, *roles):
            return rows.none()
        if self.institution_path is None:
            return rows
        path = f"{self.institution_path}__in" if self.institution_path else "pk__in"
        return rows.filter(**{path: reach(request, *roles)})

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return self.within(request, *self.viewers)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, or 404, before anything else is asked: foreign and unknown look the same."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            log.warning(
                "person %s asked for %s %r: not theirs, or not there", request.user.pk, self.opts.label, object_id
            )
            raise Http404
        return found

    # -- who may ----------------------------------------------------------------------------------
    def may(self, request: HttpRequest, roles: tuple[str, ...], row: Any) -> bool:
        if official(request).is_superuser:
            return True
        if not roles or not reach(request, *roles):
            return False
        return row is None or row.pk is None or self.within(request, *roles).filter(pk=row.pk).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.viewers, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.writers, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.writers, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted, unless a subclass says what."""
        return False

    # -- doors that would show more than `within` -----------------------------------------------
    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [self.scoped(item) for item in super().get_list_filter(request)]

    def scoped(self, item: Any) -> Any:
        relation = isinstance(item, str) and get_fields_from_path(self.model, item)[-1].is_relation
        return (item, ScopedRelatedFilter) if relation else item

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Straight to the page: Django's own redirect by type and number asks nobody."""
        return (
            obj.get_absolute_url()
            if obj is not None and self.view_on_site and hasattr(obj, "get_absolute_url")
            else None
        )

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        if form.is_bound:
            for name, errors in form.errors.as_data().items():
                if any(error.code == "invalid_choice" for error in errors):
                    log.warning("person %s chose a foreign or unknown %s", request.user.pk, name)
        response = super().render_change_form(request, context, *args, **kwargs)
        if form.is_bound and context.get("errors"):  # the form's, or those of the rows within it
            response.status_code = 422
        return response

    # -- calm pages ------------------------------------------------------------------------------
    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the pencil, plus and eye beside every choice; whoever has one place of work need not choose it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if field is not None and db_field.name == "institution":
            places = Post.objects.held_by(official(request)).with_role(*self.writers).filter(institution__isnull=False)
            mine = set(places.values_list("institution", flat=True))
            field.initial = mine.pop() if len(mine) == 1 else None
        return field

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_action_choices(
        self, request: HttpRequest, default_choices: Any = None, action_location: Any = ActionLocation.CHANGE_LIST
    ) -> list[tuple[str, str]]:
        """The only action there is stands chosen."""
        choices = super().get_action_choices(request, default_choices, action_location)
        return choices[1:] if len(choices) == 2 else choices

    # -- what is remembered ------------------------------------------------------------------------
    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Before and after of what was changed, for the audit entry."""
        return changes_of(form)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        if not self.records_itself:
            record(f"{self.opts.model_name}.add", obj, by=official(request), after=message[1])

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        if not self.records_itself and message[1]:
            record(f"{self.opts.model_name}.edit", obj, by=official(request), before=message[0], after=message[1])

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        for obj in queryset if not self.records_itself else []:
            record(f"{self.opts.model_name}.delete", obj, by=official(request))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who, when, before, after: audit entries with their reasons, and every version of the row."""
        thing = self.get_object(request, unquote(object_id))
        context = {**history_of(thing), **(extra_context or {})}
        return super().history_view(request, object_id, context)


def changes_of(form: BaseModelForm) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a form changed, as JSON: before and after, by field."""
    before = {name: plain(form.initial.get(name)) for name in form.changed_data if name in form.initial}
    after = {name: plain(form.cleaned_data.get(name)) for name in form.changed_data}
    return before, after


class PartInline(Choices, admin.TabularInline):
    """Rows that are a part of the page's thing: whoever may see or change it may see or change them."""

    extra = 0

    def whole(self) -> InstitutionScopedAdmin:
        return cast("InstitutionScopedAdmin", self.admin_site.get_model_admin(self.parent_model))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.whole().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:  # type: ignore[override]
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        whole = self.whole()
        return whole.has_change_permission(request, obj) if obj else whole.has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


class FirstRows(Paginator):
    """Pages through the first rows only: nobody counts a million of them to see fifty. Filters find the others."""

    most = 2000

    @cached_property
    def count(self) -> int:
        rows = cast("models.QuerySet[Any]", self.object_list)
        return rows.order_by()[: self.most].count()
