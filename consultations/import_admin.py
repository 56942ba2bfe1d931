"""The page of the admin where a text is brought in: choose a file or paste, look at what it would become, correct, save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.activities.rules import may_write
from commons.directory.scoped_admin import official
from commons.directory.verb_pages import put_beside
from consultations import drafting, outline, sources
from consultations.drafting import Proposal
from consultations.models import Consultation, Draft

if TYPE_CHECKING:
    from commons.directory.verb_pages import VerbPages

MOST_IN_A_FORM = 900_000  # bytes; Django refuses a form with more, and what is longer comes by the command


class TextForm(forms.Form):
    """A file or pasted text; on the second page the text that was read from it."""

    file = forms.FileField(
        label=gettext_lazy("File"), required=False, help_text=gettext_lazy("Word (.docx), a PDF that holds text, or Markdown. At most 25 MB."),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Or the text itself"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("Begin each clause with “## 1. Title”, and what is in it with (1), (a), (i). A mark such as {#c12} says which clause it is."),
    )  # fmt: skip
    stage = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Draft.Stage.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language of the text"), choices=settings.LANGUAGES)
    source = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """`text` becomes what was read from the file, when there is one, and `outline` what the text is made of."""
        cleaned = super().clean() or {}
        if "file" in self.errors:
            return cleaned
        file = cleaned.get("file")
        if file is not None:
            try:
                if file.size > sources.MOST_BYTES:
                    raise sources.too_large()
                cleaned["text"], cleaned["source"] = sources.to_markdown(file.name, file.read()), file.name
            except ValidationError as refused:
                self.add_error("file", refused)
                return cleaned
        if not (cleaned.get("text") or "").strip():
            self.add_error("file", _("Choose a file, or paste the text."))
        elif len(cleaned["text"].encode()) > MOST_IN_A_FORM:
            self.add_error(
                "file", _("This text is too long for a form. Whoever runs the portal brings it in with import_draft.")
            )
        else:
            try:
                cleaned["outline"] = outline.read(cleaned["text"])
            except ValidationError as refused:
                self.add_error("text" if file is None else "file", refused)
        return cleaned


def text_page(page: VerbPages, request: HttpRequest, row: Consultation) -> HttpResponse:
    """First the form; then what would become of it; then it is saved, or shown again with what is wrong."""
    if not may_write(official(request), row):
        raise PermissionDenied
    last = drafting.newest(row)
    published = row.state == row.State.PUBLISHED
    stage = Draft.Stage.REVISED if published else Draft.Stage.DRAFT
    given = {"stage": stage, "language": last.language if last else "en"}
    form = TextForm(request.POST, request.FILES) if request.method == "POST" else TextForm(initial=given)
    proposal = None
    if request.method == "POST" and form.is_valid():
        try:
            proposal = drafting.propose(row, form.cleaned_data["outline"])
            if "_save" in request.POST:
                return saved(page, request, row, form, drafting.correct(proposal, chosen(request)))
        except ValidationError as refused:
            put_beside(form, refused)
    if proposal is not None and not form.errors:
        form = TextForm(initial=form.cleaned_data)
    request.current_app = page.admin_site.name  # type: ignore[attr-defined]
    context = {
        **page.admin_site.each_context(request), "title": _("The text"), "opts": page.opts, "original": row,
        "row_url": page.row_url(row), "form": form, "proposal": proposal, "last": last, "media": page.media,
        "rows": compared(proposal) if proposal else [], "standing": page.standing(row),
    }  # fmt: skip
    return TemplateResponse(request, "admin/draft_text.html", context, status=422 if form.errors else 200)


def saved(page: VerbPages, request: HttpRequest, row: Consultation, form: TextForm, proposal: Proposal) -> HttpResponse:
    typed = form.cleaned_data
    draft = drafting.bring_in(
        row, official(request), proposal, stage=typed["stage"], language=typed["language"], source=typed["source"]
    )
    if draft is None:
        messages.info(request, _("This is the version that is here already. Nothing was changed."))
    else:
        messages.success(request, _("Saved as version %(number)s.") % {"number": draft.number})
    return HttpResponseRedirect(page.row_url(row))


def chosen(request: HttpRequest) -> dict[int, int | None]:
    """What was chosen by hand: `clause-7=12` says that the clause at place 7 is clause 12, `clause-7=` that it is new."""
    found: dict[int, int | None] = {}
    for name, value in request.POST.dict().items():
        _before, dash, place = name.partition("clause-")
        if dash and place.isdecimal() and len(place) < 9 and (value == "" or (value.isdecimal() and len(value) < 18)):
            found[int(place)] = int(value) if value else None
    return found


def compared(proposal: Proposal) -> list[dict[str, Any]]:
    """Each clause of the new text, what it was before, and what to choose from where that is not certain."""
    before = {one.clause: one for one in proposal.old}
    uncertain = {match.clause for match in proposal.matches if match.how in {"number", "alike"}}
    lost = {one.clause for one in proposal.old} - {match.clause for match in proposal.matches}
    rows = []
    for at, (clause, match) in enumerate(zip(proposal.outline.clauses, proposal.matches, strict=True)):
        old = before.get(match.clause) if match.clause else None
        choices = []
        if proposal.old and match.how in {"new", "number", "alike"}:
            wanted = [one for one in proposal.old if one.depth == clause.depth and one.clause in lost | uncertain]
            choices = [(one.clause, f"{one.label} {one.heading or one.text[:60]}") for one in wanted]
        parent = before.get(match.split_from) if match.split_from else None
        rows.append(
            {
                "at": at, "clause": clause, "match": match, "old": old, "choices": choices, "split_from": parent,
                "renumbered": bool(old and old.label != clause.label), "changed": bool(old and not drafting.same(old, clause)),
            }
        )  # fmt: skip
    return rows


def as_file(row: Consultation) -> HttpResponse:
    """The newest version as Markdown with the marks of its clauses, to be edited and brought in again."""
    last = drafting.newest(row)
    if last is None:
        raise Http404
    response = HttpResponse(drafting.as_markdown(last), content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.slug}-{last.number}.md"'
    return response
