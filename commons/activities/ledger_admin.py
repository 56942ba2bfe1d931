"""Officials read what was contributed, and say what became of it: one by one, or for a selection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, AdminForm
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commons.activities import ledger, rules
from commons.activities.kinds import secret_kinds
from commons.activities.models import Activity, Contribution, Disposition
from commons.directory.admin_widgets import badge
from commons.directory.models import Institution
from commons.directory.rules import OFFICIAL
from commons.directory.scoped_admin import FirstRows, InstitutionScopedAdmin, PartInline, official, reach
from commons.directory.verb_pages import put_beside

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST = 500  # at a time: more would not be read before it is answered
SHOWN = 20

Standing = Contribution.Standing
BADGES = {
    Standing.RECEIVED: ("○", "quiet"),
    Standing.READ: ("◔", "quiet"),
    Standing.ADOPTED: ("✓", "done"),
    Standing.ADOPTED_IN_PART: ("◐", "done"),
    Standing.UNDER_STUDY: ("◔", "warn"),
    Standing.NOT_ADOPTED: ("✕", "error"),
    Standing.REFERRED: ("→", "warn"),
}


def standing_badge(line: Contribution) -> SafeString:
    shape, colour = BADGES[Standing(line.standing)]
    return badge(shape, line.get_standing_display(), colour)


class AnswerForm(forms.Form):
    """One answer, for one contribution or many. What each standing needs, the ledger says."""

    standing = forms.ChoiceField(label=_("What became of it"), choices=[("", _("Choose")), *Standing.choices])
    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("", "–"), *Disposition.Reason.choices], required=False,
        help_text=_("Needed for “not adopted”."),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Explanation"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The citizen reads this. Needed for “not adopted”."),
    )  # fmt: skip
    due = forms.DateField(
        label=_("Answer by"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Needed for “under study”."),
    )  # fmt: skip
    referred_to = forms.ModelChoiceField(
        Institution.objects.all(), label=_("Referred to"), required=False, help_text=_("Needed for “referred”.")
    )
    link = forms.URLField(label=_("Decision, document or change"), required=False, assume_scheme="https")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "standing" in cleaned:
            try:
                ledger.check_complete(Disposition(**cleaned))
            except ValidationError as refused:
                put_beside(self, refused)
        return cleaned


def answer_page(
    page: InstitutionScopedAdmin,
    request: HttpRequest,
    lines: QuerySet[Contribution],
    back: str,
    selected: Iterable[int] = (),
) -> HttpResponse:
    """Shows what is selected and asks for the answer; with one, answers and goes back.

    `selected` are the numbers of the rows the person ticked, when the page was reached by an action.
    """
    lines = lines.select_related("activity__institution", "person")
    chosen = list(lines.order_by("-id")[: MOST + 1])
    if len(chosen) > MOST:
        messages.error(request, _now("At most %(n)s at a time. Filter the list, or select fewer.") % {"n": MOST})
        return HttpResponseRedirect(back)
    if not chosen:
        messages.warning(request, _now("Nothing was selected."))
        return HttpResponseRedirect(back)
    if not all(rules.may_answer(official(request), activity) for activity in {line.activity for line in chosen}):
        raise PermissionDenied
    form = AnswerForm(request.POST if "answering" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            answered = ledger.answer(chosen, by=official(request), **form.cleaned_data)
        except ValidationError as refused:
            put_beside(form, refused)
        else:
            messages.success(request, said(len(answered), len(chosen) - len(answered)))
            return HttpResponseRedirect(back)
    request.current_app = page.admin_site.name  # type: ignore[attr-defined]
    context = {
        **page.admin_site.each_context(request),
        "title": _now("What became of it"),
        "opts": page.opts,
        "lines": chosen[:SHOWN],
        "count": len(chosen),
        "more": max(len(chosen) - SHOWN, 0),
        "adminform": AdminForm(cast("Any", form), [(None, {"fields": list(form.fields)})], {}, model_admin=page),
        "media": page.media + form.media,
        "back": back,
        "selected": list(selected),
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/answer.html", context, status=422 if form.is_bound else 200)


def said(answered: int, before: int) -> str:
    words = ngettext(
        "%(n)s contribution was answered; its author is told.", "%(n)s contributions were answered; their authors are told.",
        answered,
    ) % {"n": answered}  # fmt: skip
    if before:
        words += " " + ngettext("%(n)s had this answer already.", "%(n)s had this answer already.", before) % {
            "n": before
        }
    return words


def answer_action(path_to_line: str = "pk", only: Q | None = None) -> Callable[..., HttpResponse]:
    """The list action that answers the ticked rows.

    `path_to_line` leads from a row to its contribution; rows that are not `only` so are left out, and that is said.
    """

    @admin.action(description=_("Say what became of the selected"), permissions=["answer"])
    def answer_selected(page: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
        meant = rows.order_by().filter(only or Q())
        lines = Contribution.objects.filter(pk__in=meant.values(path_to_line))
        ticked = list(meant.values_list("pk", flat=True)[: MOST + 1])
        if only and rows.exclude(only).exists():
            messages.warning(request, _now("What was hidden or taken back, and what officials wrote, is left out."))
        return answer_page(page, request, lines, request.get_full_path(), ticked)

    return answer_selected


class ActivityFilter(admin.SimpleListFilter):
    """By activity: the person's newest ones, and the one they came from."""

    title = _("activity")
    parameter_name = "activity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        mine = activities_within(request)
        newest = list(mine.order_by("-id")[:15])
        if (self.value() or "").isdecimal() and self.value() not in {str(row.pk) for row in newest}:
            newest += list(mine.filter(pk=int(self.value() or 0)))
        return [(str(row.pk), str(row)) for row in newest]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(activity=self.value()) if (self.value() or "").isdecimal() else queryset


def activities_within(request: HttpRequest) -> QuerySet[Activity]:
    every = Activity.objects.all()
    return every if official(request).is_superuser else every.filter(institution__in=reach(request))


class ReadOnly(InstitutionScopedAdmin):
    """Rows citizens or the portal made: officials read them."""

    writers = ()
    paginator = FirstRows
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DispositionRows(PartInline):
    """What was answered so far."""

    model = Disposition
    fk_name = "contribution"
    fields = readonly_fields = ("at", "standing", "reason", "words", "due", "referred_to", "link", "by")
    verbose_name_plural = _("answers so far")
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("by", "referred_to")


@admin.register(Contribution)
class ContributionAdmin(ReadOnly):
    """The ledger: every comment and idea in the institution's activities, and its standing."""

    institution_path = "activity__institution"
    change_form_template = "admin/contribution.html"
    inlines = (DispositionRows,)
    actions = (answer_action(),)
    list_display = ("reference", "excerpt", "badge", "kind", "activity", "created_at")
    list_filter = ("standing", ActivityFilter, "kind", "channel")
    list_select_related = ("activity",)
    search_fields = ("=reference",)
    search_help_text = _("The whole reference number")
    ordering = ("-id",)
    fields = readonly_fields = (
        "reference", "excerpt", "badge", "activity", "kind", "person", "region", "language", "channel", "created_at",
    )  # fmt: skip

    def within(self, request: HttpRequest, *roles: str) -> QuerySet[Contribution]:
        return super().within(request, *roles).exclude(activity__kind__in=secret_kinds())

    def has_answer_permission(self, request: HttpRequest) -> bool:
        return self.may(request, OFFICIAL, None)

    @admin.display(description=_("what became of it"), ordering="standing")
    def badge(self, row: Contribution) -> SafeString:
        return standing_badge(row)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return (obj.path or obj.activity.get_absolute_url()) if obj else None

    def get_urls(self) -> list[Any]:
        answer = path(
            "<path:object_id>/answer/",
            self.admin_site.admin_view(self.answer_view),
            name="activities_contribution_answer",
        )
        return [answer, *super().get_urls()]

    def answer_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        line = self.get_object(request, unquote(object_id))
        back = reverse("admin:activities_contribution_change", args=[line.pk])
        return answer_page(self, request, Contribution.objects.filter(pk=line.pk), back)
