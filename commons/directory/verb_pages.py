"""A verb of the domain as a page of the admin: what it concerns, what it needs, one button, and why it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from commons.directory.scoped_admin import InstitutionScopedAdmin, official

if TYPE_CHECKING:
    from django.utils.functional import Promise
    from django.utils.safestring import SafeString

    from commons.people.models import User

    Words = str | Promise


class VerbForm(forms.Form):
    """What a verb asks for. `thing` is the row it concerns."""

    def __init__(self, data: Any = None, *, thing: Any) -> None:
        super().__init__(data)
        self.thing = thing

    def again(self) -> None:
        """Called when the verb refused, before the page is shown again."""


@dataclass(frozen=True)
class Verb:
    """One verb. `do` raises ValidationError or PermissionDenied; `rule` and `not_now` only explain beforehand."""

    name: str
    label: Words
    says: Words
    done: Words
    do: Callable[[Any, User, Any], Any]
    rule: Callable[[User, Any], bool]
    whose: Words  # who may, when this person may not
    not_now: Callable[[Any], Words] = lambda thing: ""
    form: type[VerbForm] = VerbForm
    shows_text: bool = False
    danger: bool = False
    after_saving: bool = False  # reached by a button of the form, so that nothing typed is lost


@dataclass(frozen=True)
class Button:
    """A verb as a person finds it beside a row: a link, or why not."""

    verb: Verb
    url: str
    why_not: Words


class VerbPages(InstitutionScopedAdmin):
    """An admin whose rows have verbs, each at its own address below the row."""

    verbs: tuple[Verb, ...] = ()
    verb_template = "admin/verb.html"
    change_form_template = "admin/with_verbs.html"

    def get_urls(self) -> list[Any]:
        own = [
            path(
                f"<path:object_id>/{verb.name}/",
                self.admin_site.admin_view(partial(self.verb_view, verb=verb)),
                name=self.verb_url_name(verb),
            )
            for verb in self.verbs
        ]
        return own + super().get_urls()

    def verb_url_name(self, verb: Verb) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{verb.name}"

    def row_url(self, row: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def buttons(self, request: HttpRequest, row: Any) -> list[Button]:
        """Every verb, with its address, and why it is not possible for this person now."""
        asked: dict[Callable[..., bool], bool] = {}
        found = []
        for verb in self.verbs:
            if verb.rule not in asked:
                asked[verb.rule] = verb.rule(official(request), row)
            why_not = verb.not_now(row) or ("" if asked[verb.rule] else verb.whose)
            found.append(Button(verb, reverse(f"admin:{self.verb_url_name(verb)}", args=[row.pk]), why_not))
        return found

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row = kwargs.get("obj")
        beside = self.beside(request, row) if row is not None else {}
        return super().render_change_form(request, context | beside, *args, **kwargs)

    def beside(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page shows above the form."""
        return {"buttons": self.buttons(request, row), "standing": self.standing(row)}

    def standing(self, row: Any) -> SafeString:
        """Where the row stands, as a badge of its list and of its pages."""
        raise NotImplementedError

    def verb_view(self, request: HttpRequest, object_id: str, *, verb: Verb) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if not verb.rule(official(request), row):
            raise PermissionDenied(str(verb.whose))
        form = verb.form(request.POST if request.method == "POST" else None, thing=row)
        if request.method == "POST" and form.is_valid():
            try:
                verb.do(row, official(request), form)
            except ValidationError as refused:
                put_beside(form, refused)
                form.again()
            else:
                messages.success(request, str(verb.done))
                return HttpResponseRedirect(self.row_url(row))
        elif request.method != "POST" and (why_not := verb.not_now(row)):
            messages.warning(request, str(why_not))
            return HttpResponseRedirect(self.row_url(row))
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request),
            "title": verb.label,
            "verb": verb,
            "opts": self.opts,
            "original": row,
            "row_url": self.row_url(row),
            "standing": self.standing(row),
            "adminform": AdminForm(cast("Any", form), [(None, {"fields": list(form.fields)})], {}, model_admin=self),
            "media": self.media + form.media,
            **self.verb_context(request, row, verb),
        }
        return TemplateResponse(request, self.verb_template, context, status=422 if form.is_bound else 200)

    def verb_context(self, request: HttpRequest, row: Any, verb: Verb) -> dict[str, Any]:
        """What the page shows of the row, beside the verb's own words."""
        return {}


def put_beside(form: forms.BaseForm, refused: ValidationError) -> None:
    """A verb's refusal where the person looks: beside the field it names, else above the form."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
