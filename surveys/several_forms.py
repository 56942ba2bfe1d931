"""Several questions typed or pasted at once: a row for each, with no more than most questions need."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.strings import LazyI18nString

from commons.core.cleaning import clean_text
from surveys import building
from surveys.admin_forms import ChoicesField
from surveys.models import Question, Section, Survey
from surveys.models.question import CHOOSING, MATRIX
from surveys.pasting import SECTION

MOST_ROWS = 100
KINDS = [(SECTION, gettext_lazy("New section")), *Question.Kind.choices]


class RowForm(forms.Form):
    """A question, or a section that begins with it. A row without words is left out."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of answer"), choices=KINDS, initial=Question.Kind.SINGLE)
    required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)
    english = forms.CharField(label=gettext_lazy("English"), required=False, max_length=300)
    hindi = forms.CharField(label=gettext_lazy("Hindi"), required=False, max_length=300)
    options = ChoicesField(label=gettext_lazy("Options"))
    rows = ChoicesField(label=gettext_lazy("Rows of the table"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("english", "hindi"):
            self.fields[name].widget.attrs |= {"lang": "hi" if name == "hindi" else "en"}
        for name in ("options", "rows"):
            self.fields[name].widget.attrs |= {"rows": 3, "placeholder": _("One on each line: English | हिन्दी")}
            self.fields[name].help_text = ""
        if len(self["rows"].value() or "") or self["kind"].value() in MATRIX:
            self.has_table = True

    has_table = False

    @property
    def is_blank(self) -> bool:
        """Nothing was written in it."""
        names = ("english", "hindi", "options", "rows")
        return not any(str(self.data.get(self.add_prefix(name), "")).strip() for name in names)

    def has_changed(self) -> bool:
        return not self.is_blank

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("english", "hindi"):
            data[name] = clean_text(data.get(name) or "")
        if not self.is_blank and not self.errors and not (data["english"] or data["hindi"]):
            self.add_error("english", _("Write the question, or take its options away."))
        if data.get("kind") == SECTION and len(data["english"]) > 200:
            self.add_error("english", _("At most %(n)s characters.") % {"n": 200})
        return data

    def made(self, survey: Survey, taken: set[str]) -> Section | Question:
        """What it becomes; `taken` are the names of questions there are, and gets this one's."""
        data = self.cleaned_data
        title = LazyI18nString({code: data[name] for code, name in (("en", "english"), ("hi", "hindi")) if data[name]})
        if data["kind"] == SECTION:
            return Section(survey=survey, title=title)
        name = building.free_name(data["english"], taken)
        taken.add(name)
        return Question(
            survey=survey, name=name, kind=data["kind"], title=title, required=data["required"] and data["kind"] != Question.Kind.INFO,
            options=data["options"] if data["kind"] in CHOOSING else [], rows=data["rows"] if data["kind"] in MATRIX else [],
        )  # fmt: skip


Rows: Any = forms.formset_factory(RowForm, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS)
EMPTY_ROWS = 5


def rows_for(drafts: list[dict[str, object]]) -> Any:
    """The boxes with what was pasted, and some empty ones behind."""
    empty: list[dict[str, object]] = [{"kind": Question.Kind.SINGLE}] * (2 if drafts else EMPTY_ROWS)
    return Rows(initial=[*drafts, *empty][:MOST_ROWS])
