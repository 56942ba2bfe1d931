"""Answering: one page for each section, one address for each answer as it is given, and a last look before sending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commons.comments.refused import Refused
from commons.core.headers import allow
from commons.core.htmx import sent_away, wants_fragment
from surveys import answering, rules, values
from surveys.models import Question
from surveys.visits import Visit, answered, visit


@require_http_methods(["GET", "HEAD"])
def go(request: HttpRequest, slug: str) -> HttpResponse:
    """To where the person goes on: the first question without an answer, or the last look."""
    found = visit(request, slug)
    if isinstance(found, HttpResponse):
        return found
    sent = found.response is not None and found.response.completed_at is not None
    where = None if sent else found.walk.first_open()
    return answered(
        found,
        HttpResponseRedirect(
            found.url(where) if where or found.walk.answers else found.url(next(iter(found.walk.slugs), None))
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, slug: str, section: str) -> HttpResponse:
    """One page of questions. A POST keeps them all and goes on, or back, or says what is wrong beside each."""
    found = visit(request, slug)
    if isinstance(found, HttpResponse):
        return found
    if found.sheet.section(section) is None:
        raise Http404
    if section not in found.walk.shown and request.method != "POST":
        messages.info(request, _("That part is not asked of you, because of what you answered before."))
        return HttpResponseRedirect(found.url(found.walk.first_open()))
    errors: dict[str, str] = {}
    refused = ""
    if request.method == "POST" and not found.is_preview:
        shown_before = set(request.POST.getlist("shown"))
        errors, refused = keep_section(request, found, section)
        if not errors and not refused:
            return answered(found, went_on(request, found, section, shown_before))
    elif request.method == "POST":
        return HttpResponseRedirect(
            found.url(found.walk.next_to(section, -1 if request.POST.get("go") == "back" else 1))
        )
    context = section_context(request, found, section, errors, refused)
    page = render(request, "surveys/section.html", context, status=422 if errors else (403 if refused else 200))
    if context["has_place"]:
        allow(page, "geolocation")
    return answered(found, page)


def section_context(
    request: HttpRequest, found: Visit, slug: str, errors: dict[str, str], refused: str
) -> dict[str, Any]:
    walk = found.walk
    visible = walk.shown.get(slug, [])
    boxes = walk.boxes(walk.questions_in(slug), errors)
    for box in boxes:
        box.typed = request.POST if errors.get(box.question.name) else None
    here = walk.sheet.section(slug)
    assert here is not None  # noqa: S101 - asked before
    return {
        "activity": found.survey, "visit": found, "section": here, "title": walk.piped(here.title),
        "intro": walk.piped_html(here.intro) if here.intro else "",
        "has_place": any(box.question.kind == Question.Kind.PLACE for box in boxes), "boxes": boxes, "visible": visible, "errors": [box for box in boxes if box.error and box.question.name in visible],
        "refused": refused, "number": walk.slugs.index(slug) + 1 if slug in walk.shown else 1, "of": len(walk.slugs),
        "previous": walk.next_to(slug, -1), "following": walk.next_to(slug, 1),
    }  # fmt: skip


def keep_section(request: HttpRequest, found: Visit, slug: str) -> tuple[dict[str, str], str]:
    """Keeps what can be kept, and says what is wrong: by question, or in one sentence why nothing can be kept."""
    given, errors = read_sent(request.POST, found.walk.questions_in(slug))
    try:
        found.response = found.response or answering.begin(found.survey, found.by)
        found.walk = answering.keep(found.response, found.sheet, given)
        for question in found.walk.questions_in(slug):
            file = request.FILES.get(values.field(question))
            if question.kind == Question.Kind.FILE and file is not None:
                found.walk = answering.attach(found.response, found.sheet, question, file)
    except Refused as refused:
        return errors, refused.words
    except ValidationError as wrong:
        return errors | said_by_name(wrong), ""
    if request.POST.get("go", "on") == "on":
        shown = set(request.POST.getlist("shown"))
        here = {question.name for question in found.walk.visible_in(slug)} & shown
        errors |= {
            q.name: _("This must be answered.") for q in found.walk.lacking() if q.name in here and q.name not in errors
        }
    return errors, ""


def said_by_name(wrong: ValidationError) -> dict[str, str]:
    if not hasattr(wrong, "error_dict"):
        return {"": " ".join(wrong.messages)}
    return {name: " ".join(said) for name, said in wrong.message_dict.items()}


def read_sent(typed: QueryDict, questions: list[Question]) -> tuple[dict[Question, Any], dict[str, str]]:
    """The answers in a form: of what was shown, and of what was sent all the same (which the verb then refuses)."""
    shown, sent = set(typed.getlist("shown")), list(typed)
    given, errors = {}, {}
    for question in questions:
        box = values.field(question)
        if question.kind in {Question.Kind.FILE, Question.Kind.INFO}:
            continue
        if question.name in shown or any(name == box or name.startswith(f"{box}-") for name in sent):
            try:
                given[question] = values.read(question, typed)
            except ValidationError as wrong:
                errors[question.name] = " ".join(wrong.messages)
    return given, errors


def went_on(request: HttpRequest, found: Visit, slug: str, shown_before: set[str]) -> HttpResponse:
    """Back, out, or on; but first what has only just been asked on this page."""
    wanted = request.POST.get("go", "on")
    if wanted == "later":
        return HttpResponseRedirect(reverse("surveys:later", args=[found.survey.slug]))
    if wanted == "back":
        return HttpResponseRedirect(found.url(found.walk.next_to(slug, -1)))
    new = [question for question in found.walk.visible_in(slug) if question.name not in shown_before]
    if any(question.answers_count for question in new):
        messages.info(request, _("Because of what you answered, there is more to answer on this page."))
        return HttpResponseRedirect(f"{found.url(slug)}#slot-{new[0].name}")
    return HttpResponseRedirect(found.url(found.walk.next_to(slug, 1)))


@require_POST
def answer(request: HttpRequest, slug: str, section: str, name: str) -> HttpResponse:
    """One answer, kept as it is given. HTMX gets “Saved” and whatever appears or goes away on the page because of it."""
    found = visit(request, slug)
    if isinstance(found, HttpResponse):
        return found
    question = found.sheet.by_name.get(name)
    if question is None or found.is_preview or not question.answers_count:
        raise Http404
    error, status = "", 200
    try:
        found.response = found.response or answering.begin(found.survey, found.by)
        file = request.FILES.get(values.field(question))
        if question.kind == Question.Kind.FILE:
            if file is not None:
                found.walk = answering.attach(found.response, found.sheet, question, file)
        else:
            found.walk = answering.keep(found.response, found.sheet, {question: values.read(question, request.POST)})
    except Refused as refused:
        error, status = refused.words, 403
    except ValidationError as wrong:
        error, status = " ".join(wrong.messages), 422
    if not wants_fragment(request):
        if error:
            messages.error(request, error)
        return answered(found, HttpResponseRedirect(f"{found.url(section)}#slot-{name}"))
    context = {
        "visit": found,
        "error": error,
        "changed": [] if error else changed_slots(request, found, section, question),
    }
    return answered(
        found,
        render(request, "surveys/_answered.html", context | {"section": found.sheet.section(section)}, status=status),
    )


def changed_slots(request: HttpRequest, found: Visit, slug: str, question: Question) -> list[tuple[Any, bool]]:
    """The questions of the page that have to be drawn anew, and whether each is shown."""
    before = set(request.POST.getlist("shown"))
    now = set(found.walk.shown.get(slug, []))
    piped = f"{{{question.name}}}"
    return [
        (box, box.question.name in now)
        for box in found.walk.boxes(found.walk.questions_in(slug))
        if (box.question.name in now) != (box.question.name in before)
        or (box.question.name in now and piped in f"{box.question.title}{box.question.hint}")
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """A last look at everything, and sending it; afterwards the receipt."""
    found = visit(request, slug)
    if isinstance(found, HttpResponse):
        return found
    errors: dict[str, str] = {}
    refused = ""
    if request.method == "POST" and not found.is_preview:
        try:
            if found.response is None:
                raise ValidationError(_("Answer at least one question first."))
            answering.send(found.response, found.sheet)
        except Refused as no:
            refused = no.words
        except ValidationError as wrong:
            errors = said_by_name(wrong)
        else:
            return answered(found, sent_away(request, found.review_url))
    parts = [
        (found.sheet.section(name), [
            (box, values.shown(box.question, box.value), errors.get(box.question.name, ""))
            for box in found.walk.boxes(found.walk.visible_in(name)) if box.question.answers_count
        ])
        for name in found.walk.slugs
    ]  # fmt: skip
    lacking = {question.name for question in found.walk.lacking()}
    context = {
        "activity": found.survey, "visit": found, "parts": parts, "lacking": lacking, "refused": refused,
        "general": errors.get("", ""), "wrong": bool(errors),
        "allowed": rules.may_answer(request.user, found.survey), "last": found.walk.slugs[-1] if found.walk.slugs else None,
    }  # fmt: skip
    return answered(
        found, render(request, "surveys/review.html", context, status=422 if errors else (403 if refused else 200))
    )
