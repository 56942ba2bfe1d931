"""Officials' pages for surveys: the survey itself, its questions at a glance, and a form for each of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from commons.activities.activity_verbs import APPROVERS
from commons.activities.admin import ActivityAdmin
from commons.activities.models import Activity
from commons.activities.rules import may_steer
from commons.directory.scoped_admin import InstitutionScopedAdmin, PartInline, official
from commons.directory.verb_pages import Verb
from surveys import analysis_views, builder_views, building, exchange_views, paper_views, rules, several_views, versions
from surveys.admin_forms import QuestionForm, SectionForm
from surveys.models import CensusTable, Question, Quota, Section, Survey

OPEN_TO_CHANGES = {Activity.State.DRAFT, Activity.State.IN_REVIEW}


class QuotaRows(PartInline):
    model = Quota
    extra = 1
    verbose_name_plural = _("Quotas: at most so many of these people in the weighted evaluation")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Each box says its column's name: the heading above is not its label."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = str(db_field.verbose_name)
        return field


@admin.register(Survey)
class SurveyAdmin(ActivityAdmin):
    inlines = (QuotaRows,)
    change_form_template = "admin/survey.html"
    SURVEY = (_("How it is answered"), {"fields": ("guests", "editable", "results", "soft_launch", "census")})
    verbs = (
        *ActivityAdmin.verbs,
        Verb(
            "pass-trial", _("Go on after the trial run"), _("You have looked at the first responses: the survey is open to everybody again."),
            _("The survey goes on."), lambda row, by, form: versions.pass_trial(row, by), may_steer, APPROVERS,
            lambda row: "" if row.is_paused() else _("No trial run waits to be looked at."),
        ),
    )  # fmt: skip
    fieldsets = (*ActivityAdmin.fieldsets[:-2], SURVEY, ActivityAdmin.TALK, ActivityAdmin.ADDRESS)

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        if db_field.name == "census":  # published numbers: everybody's
            return CensusTable.objects.all()
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A survey has no conversation, unless somebody wants one."""
        return {"conversation": Survey.Conversation.NONE, **super().get_changeform_initial_data(request)}

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("<path:object_id>/questions/", wrap(builder_views.questions(self)), name="surveys_survey_questions"),
            path("<path:object_id>/several/", wrap(several_views.several(self)), name="surveys_survey_several"),
            path("<path:object_id>/ways/", wrap(builder_views.every_way(self)), name="surveys_survey_ways"),
            path("<path:object_id>/copy/", wrap(builder_views.copy(self)), name="surveys_survey_copy"),
        ]
        own += [
            path("<path:object_id>/import/", wrap(exchange_views.bring_in(self)), name="surveys_survey_import"),
            path("<path:object_id>/questions.json", wrap(exchange_views.as_json(self)), name="surveys_survey_json"),
            path(
                "<path:object_id>/correct/<int:question>/",
                wrap(exchange_views.correct(self)),
                name="surveys_survey_correct",
            ),
        ]
        own += [
            path("<path:object_id>/paper/", wrap(paper_views.enter(self)), name="surveys_survey_paper"),
            path("<path:object_id>/paper/<slug:language>.pdf", wrap(paper_views.form(self)), name="surveys_survey_pdf"),
        ]
        evaluation = [
            ("evaluation/", analysis_views.analysis(self), "analysis"),
            ("evaluation/themes/<int:question>/", analysis_views.sorting(self), "sorting"),
            ("evaluation/file/<int:pk>/", analysis_views.attachment(self), "attachment"),
            ("evaluation/<str:name>", analysis_views.file(self), "file"),
        ]
        own += [
            path(f"<path:object_id>/{route}", wrap(view), name=f"surveys_survey_{name}")
            for route, view, name in evaluation
        ]
        return own + super().get_urls()

    def beside(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        survey = Survey.objects.get(pk=row.pk)
        return {
            **super().beside(request, row),
            "question_count": survey.questions.current().count(),
            "may_analyse": rules.may_analyse(official(request), survey),
        }

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """On to the questions: a survey without them asks nothing."""
        elsewhere = self.after_saving(request, obj) if "_preview" in request.POST else None
        return elsewhere or HttpResponseRedirect(reverse("admin:surveys_survey_questions", args=[obj.pk]))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        return super().response_add(
            request, obj, post_url_continue or reverse("admin:surveys_survey_questions", args=[obj.pk])
        )


class PartOfSurvey(InstitutionScopedAdmin):
    """A section or a question: changed until the survey is published, through the builder's verbs."""

    records_itself = True
    institution_path = "survey__institution"
    change_form_template = "admin/survey_part.html"

    def survey_of(self, obj: Any) -> Survey:
        return obj.survey

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and (self.survey_of(obj).state not in OPEN_TO_CHANGES or getattr(obj, "retired_at", None)):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        building.remove(obj, official(request))

    def to_questions(self, survey_id: int, anchor: str = "") -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:surveys_survey_questions", args=[survey_id]) + anchor)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> Any:
        super().response_delete(request, obj_display, obj_id)
        return (
            self.to_questions(request.deleted_from)
            if hasattr(request, "deleted_from")
            else HttpResponseRedirect("/admin/")
        )

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        found = self.get_object(request, object_id)
        request.deleted_from = found.survey_id  # type: ignore[attr-defined]
        return super().delete_view(request, object_id, extra_context)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        row = kwargs.get("obj")
        survey_id = row.survey_id if row else builder_views.survey_named(request)
        context |= {"earlier": getattr(form, "earlier", []), "survey_id": survey_id}
        return super().render_change_form(request, context, *args, **kwargs)


CONDITION: Any = (
    _("Shown only when"),
    {
        "fields": (
            ("when_1", "op_1", "value_1"), ("when_2", "op_2", "value_2"), ("when_3", "op_3", "value_3"), "how", "shown_when",
        ),
        "description": _("Left empty, everybody is asked. Or an expression over earlier answers: {work} = 'farm' and ({acres} > 2 or {help} notempty)"),
    },
)  # fmt: skip


class WithCondition(PartOfSurvey):
    own: ClassVar[tuple[Any, ...]] = ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The rows of the condition are made by the form itself: Django is not asked to find them in the model."""
        names = [name for _title, options in self.own for name in flatten(options["fields"])]
        form = super().get_form(request, obj, change, **{**kwargs, "fields": [*names, "shown_when"]})
        form.mine = self.admin_site.get_model_admin(Survey).within(request, *self.writers)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return [*self.own, (CONDITION[0], {"fields": ("shown_when",)})]
        return [*self.own, CONDITION]


def flatten(fields: tuple[Any, ...]) -> list[str]:
    return [name for field in fields for name in (field if isinstance(field, tuple) else (field,))]


@admin.register(Section)
class SectionAdmin(WithCondition):
    form = SectionForm
    list_display = ("title", "survey", "position")
    list_select_related = ("survey",)
    list_filter = ("survey",)
    search_fields = ("title",)
    ordering = ("-survey", "position")
    own = ((None, {"fields": ("survey", "title", "intro", "shuffled")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("survey",) if obj else ()

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        return super().get_field_queryset(db, db_field, request).filter(state__in=OPEN_TO_CHANGES)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not rules.may_build(official(request), obj.survey):
            raise PermissionDenied
        building.write_section(obj, official(request))

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self.to_questions(obj.survey_id, f"#section-{obj.pk}")

    response_post_save_change = response_post_save_add


@admin.register(Question)
class QuestionAdmin(WithCondition):
    form = QuestionForm
    list_display = ("name", "title", "kind", "survey")
    list_select_related = ("survey",)
    list_filter = ("kind", "survey")
    search_fields = ("name", "title")
    ordering = ("-survey", "section__position", "position")
    own = (
        (None, {"fields": ("section", "kind", "name", "title", "hint", "required")}),
        (_("Options"), {"fields": ("options", "rows", "shuffled"), "classes": ("for-choices",)}),
        (_("Bounds and ends"), {"fields": (("least", "most"), "low_label", "high_label"), "classes": ("collapse",)}),
        (_("For quotas and weights"), {"fields": ("measures",), "classes": ("collapse",)}),
    )

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        found = super().get_field_queryset(db, db_field, request).filter(survey__state__in=OPEN_TO_CHANGES)
        survey = builder_views.survey_named(request)
        return found.filter(survey=survey).order_by("position") if survey else found.select_related("survey")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not rules.may_build(official(request), obj.section.survey):
            raise PermissionDenied
        building.write_question(obj, official(request))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        response = super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST:
            kept = urlencode({"section": obj.section_id, "kind": obj.kind})  # questions of one kind often come together
            return HttpResponseRedirect(f"{reverse('admin:surveys_question_add')}?{kept}")
        return response

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        following = building.after(obj) if "_next" in request.POST else None
        if following:
            return HttpResponseRedirect(reverse("admin:surveys_question_change", args=[following.pk]))
        return self.to_questions(obj.survey_id, f"#question-{obj.pk}")

    response_post_save_change = response_post_save_add
