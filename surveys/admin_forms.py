"""What officials type about sections and questions: options a line each, conditions in three rows or as an expression."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.core.cleaning import clean_text
from surveys import building, checks, conditions
from surveys.conditions import ALWAYS, Condition, Joined, Test
from surveys.models import Question, Section, Survey
from surveys.models.question import CHOOSING, MATRIX, OF_STATES

ROWS = (1, 2, 3)
MOST_CHOICES = 200
OPS = [
    ("=", gettext_lazy("is")), ("<>", gettext_lazy("is not")), ("contains", gettext_lazy("contains")),
    ("notcontains", gettext_lazy("does not contain")), (">", gettext_lazy("is more than")),
    ("<", gettext_lazy("is less than")), ("notempty", gettext_lazy("is answered")), ("empty", gettext_lazy("is not answered")),
]  # fmt: skip
LINE = re.compile(r"^(?P<stays>\*\s*)?(?:(?P<code>[A-Za-z0-9_-]{1,40})\s*=\s*)?(?P<en>[^|]*)(?:\|(?P<hi>.*))?$")


class ChoicesField(forms.CharField):
    """Options, one a line: `code = English | हिन्दी`. The code may be left out; `*` before a line keeps it at the end."""

    widget = forms.Textarea(attrs={"rows": 7, "class": "choices-box"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, max_length=20_000, help_text=gettext_lazy(
            "One on each line: English | हिन्दी. A line that begins with * stays at the end when the order is mixed."
        ), **kwargs)  # fmt: skip

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(
            f"{'* ' if choice.get('stays') else ''}{choice['code']} = {choice['text'].get('en', '')} | {choice['text'].get('hi', '')}"
            for choice in value
        )

    def to_python(self, value: Any) -> list[dict[str, Any]]:  # type: ignore[override]
        if isinstance(value, list):
            return value
        found: list[dict[str, Any]] = []
        for line in clean_text(value or "").split("\n"):
            if line.strip():
                found.append(self.read(line.strip(), {choice["code"] for choice in found}))
        if len(found) > MOST_CHOICES:
            raise forms.ValidationError(_("At most %(n)s are possible.") % {"n": MOST_CHOICES})
        return found

    def read(self, line: str, taken: set[str]) -> dict[str, Any]:
        parts = LINE.match(line)
        assert parts is not None  # noqa: S101 - every line fits
        text = {code: words for code in ("en", "hi") if (words := (parts[code] or "").strip()[:200])}
        if not text:
            raise forms.ValidationError(_("This line has no words: %(line)s") % {"line": line[:80]})
        code = parts["code"] or free(slugify(text.get("en", ""))[:34] or "option", taken)
        if code in taken:
            raise forms.ValidationError(_("“%(code)s” stands twice.") % {"code": code})
        return {"code": code, "text": text, **({"stays": True} if parts["stays"] else {})}


def free(stem: str, taken: set[str]) -> str:
    return (
        stem if stem not in taken else next(c for n in range(2, MOST_CHOICES + 2) if (c := f"{stem}-{n}") not in taken)
    )


class ConditionForm(forms.ModelForm):
    """`mine` are the surveys the official writes in: of no other one the form says what it asks.

    Three rows “question, comparison, answer”, of which all or any must hold; or an expression for whatever is more."""

    mine: Any = Survey.objects.none()
    how = forms.ChoiceField(
        label=gettext_lazy("of these"), required=False, initial="and",
        choices=[("and", gettext_lazy("all must hold")), ("or", gettext_lazy("one must hold"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earlier = list(self.earlier_questions())
        names = [("", "–"), *((q.name, f"{q.name}: {str(q.title)[:60]}") for q in self.earlier)]
        flat = flat_rows(self.instance.shown_when)
        for number in ROWS:
            name, op, value = flat[number - 1] if flat and len(flat) >= number else ("", "=", "")
            if name and name not in {q.name for q in self.earlier}:
                names.append((name, name))
            self.fields[f"when_{number}"] = forms.ChoiceField(
                choices=names, required=False, initial=name, label=_("Question")
            )
            self.fields[f"op_{number}"] = forms.ChoiceField(
                choices=OPS, required=False, initial=op, label=_("Comparison")
            )
            self.fields[f"value_{number}"] = forms.CharField(
                required=False, initial=value, label=_("Answer"), max_length=200
            )
        if flat is not None:
            self.initial["shown_when"] = ""
            self.initial["how"] = "or" if isinstance(c := self.instance.condition, Joined) and not c.every else "and"

    def earlier_questions(self) -> Any:
        """The questions a condition here may ask about."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        written = (data.get("shown_when") or "").strip()
        try:
            conditions.parse(written)
        except conditions.Malformed as error:
            self.add_error("shown_when", _("This cannot be read from sign %(n)s on.") % {"n": error.at + 1})
            return data
        rows = [self.row(number, data) for number in ROWS if data.get(f"when_{number}")]
        if rows and written:
            self.add_error("shown_when", _("Use either the rows or the expression."))
        elif rows:
            data["shown_when"] = conditions.write(
                rows[0] if len(rows) == 1 else Joined(data.get("how") != "or", tuple(rows))
            )
        return data

    def row(self, number: int, data: dict[str, Any]) -> Test:
        name, op, typed = (
            data[f"when_{number}"],
            data.get(f"op_{number}") or "=",
            clean_text(data.get(f"value_{number}") or ""),
        )
        if op in {"empty", "notempty"}:
            return Test(name, op)
        question = next((q for q in self.earlier if q.name == name), None)
        part = "state" if question and question.kind == Question.Kind.PLACE else ""
        return Test(name, op, self.value(number, question, typed), part)

    def value(self, number: int, question: Question | None, typed: str) -> Any:
        """A code, whether its code or its words were typed; a number as a number."""
        for option in question.options if question else []:
            if typed.casefold() in {
                option["code"].casefold(),
                *(words.casefold() for words in option["text"].values()),
            }:
                return option["code"]
        if question and question.kind == Question.Kind.CONSENT:
            return True
        if question and question.options:
            known = ", ".join(option["code"] for option in question.options[:12])
            self.add_error(f"value_{number}", _("Write one of its options: %(known)s") % {"known": known})
        elif "'" in typed and '"' in typed:
            self.add_error(f"value_{number}", _("Leave out the quotation marks."))
        elif not typed:
            self.add_error(f"value_{number}", _("Write the answer it is compared with."))
        found = conditions.number_in(typed)
        return typed if found is None else int(found) if found.is_integer() else found


def flat_rows(expression: str) -> list[tuple[str, str, str]] | None:
    """The expression as rows; None when it is more than three comparisons joined in one way."""
    try:
        tree: Condition = conditions.parse(expression)
    except conditions.Malformed:
        return None
    parts = () if tree == ALWAYS else tree.parts if isinstance(tree, Joined) else (tree,)
    known = {op for op, _words in OPS}
    rows = [(p.name, p.op, "" if p.value is None else conditions.plain(p.value)) for p in parts
            if isinstance(p, Test) and not p.row and p.op in known and not isinstance(p.value, tuple)]  # fmt: skip
    return rows if len(rows) == len(parts) <= len(ROWS) else None


class SectionForm(ConditionForm):
    class Meta:
        model = Section
        fields = ["survey", "title", "intro", "shuffled", "shown_when"]

    def earlier_questions(self) -> Any:
        if self.instance.pk is None:
            survey = str(self.initial.get("survey") or self.data.get("survey"))
            known = self.mine.filter(pk=survey) if survey.isdecimal() and len(survey) < 18 else self.mine.none()
            return Question.objects.current().filter(survey__in=known).in_order()
        return Question.objects.current().filter(
            survey=self.instance.survey_id, section__position__lt=self.instance.position
        ).in_order()  # fmt: skip


class QuestionForm(ConditionForm):
    options = ChoicesField(label=gettext_lazy("Options"))
    rows = ChoicesField(label=gettext_lazy("Rows of the table"))

    class Meta:
        model = Question
        fields = ["section", "kind", "name", "title", "hint", "required", "options", "rows", "shuffled", "least", "most",
                  "low_label", "high_label", "measures", "shown_when"]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "name" in self.fields:
            self.fields["name"].required = False
            self.fields["name"].help_text = _(
                "Short, as conditions and exports call it. Left empty, it is made from the question's first words."
            )

    def earlier_questions(self) -> Any:
        if self.instance.pk is None:
            section = str(self.data.get("section") or self.initial.get("section"))
            known = Section.objects.filter(survey__in=self.mine)
            here = known.filter(pk=section).first() if section.isdecimal() and len(section) < 18 else None
            if here is None:
                return Question.objects.none()
            return (
                Question.objects.current()
                .filter(survey=here.survey_id, section__position__lte=here.position)
                .in_order()
            )
        own = self.instance
        current = Question.objects.current().filter(survey=own.survey_id).in_order()
        return [
            q
            for q in current.select_related("section")
            if (q.section.position, q.position) < (own.section.position, own.position)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind = data.get("kind")
        if not data.get("name") and "name" not in self.errors and data.get("section"):
            taken = set(data["section"].survey.questions.values_list("name", flat=True))
            data["name"] = building.free_name(checks.said_in(data.get("title"), "en"), taken)
        if kind not in CHOOSING and kind not in OF_STATES:
            data["options"] = []
        if kind not in MATRIX:
            data["rows"] = []
        if kind == Question.Kind.SCALE:
            low, high = data.get("least"), data.get("most")
            if (high if high is not None else 5) - (low if low is not None else 1) not in range(1, 11):
                self.add_error("most", _("A scale has two to eleven steps."))
        return data

    def _post_clean(self) -> None:
        """Its survey is its section's: known before the constraints that name it are asked."""
        section = self.cleaned_data.get("section")
        if section:
            self.instance.survey = section.survey
        super()._post_clean()  # type: ignore[misc]

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"survey", "retired_at", "version"}
