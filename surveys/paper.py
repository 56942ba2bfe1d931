"""A survey on paper: its questions as a printed form with a square code that leads to the page, as PDF by Typst.

Every text goes into the source as a quoted string, so that no word of a question is taken for a command.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import fontpkg_noto_sans
import fontpkg_noto_sans_devanagari
import segno
import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.core.language import in_language
from commons.core.moments import ist
from surveys.asking import PIPED, Sheet
from surveys.conditions import ALWAYS, Condition, Joined, Not
from surveys.models import Question
from surveys.models.question import MATRIX, words_of

Kind = Question.Kind
FONTS = [fontpkg_noto_sans.ROOT, fontpkg_noto_sans_devanagari.ROOT]
HEAD = """
#set page(paper: "a4", margin: (x: 18mm, y: 16mm), footer: context [#set text(8pt, fill: luma(90)); #{footer} #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(font: ("Noto Sans", "Noto Sans Devanagari"), size: 10.5pt, lang: {language})
#set document(title: {title})
#set par(leading: 0.62em)
#let box-square = box(width: 3.6mm, height: 3.6mm, stroke: 0.7pt, baseline: 0.6mm)
#let box-round = box(width: 3.6mm, height: 3.6mm, radius: 50%, stroke: 0.7pt, baseline: 0.6mm)
#let choice(mark, words) = block(spacing: 2.2mm, grid(columns: (6mm, 1fr), mark, words))
#let line-to-write = block(above: 6mm, below: 2mm, line(length: 100%, stroke: 0.5pt + luma(120)))
#let digits(n) = block(above: 3mm, grid(columns: n * (7mm,), ..range(n).map(i => rect(width: 7mm, height: 8mm, stroke: 0.6pt))))
#let question(number, words, hint, condition, body) = block(breakable: false, above: 6mm, below: 2mm)[
  #strong[#number. #words]
  #if condition != "" [ #block(above: 2mm, below: 1mm, text(9pt, style: "italic", condition)) ]
  #if hint != "" [ #block(above: 2mm, below: 1mm, text(9pt, fill: luma(70), hint)) ]
  #v(1mm)
  #body
]
"""


def as_pdf(sheet: Sheet) -> bytes:
    """The form in the language of the moment."""
    return typst.compile(source(sheet).encode(), font_paths=FONTS, ignore_system_fonts=True)  # type: ignore[arg-type]


def source(sheet: Sheet) -> str:
    """The form in Typst's language."""
    survey = sheet.survey
    url = in_language(survey.get_absolute_url(), (get_language() or "en")[:2])
    address = settings.SITE_URL + url
    head = HEAD.replace("{footer}", quoted(f"{survey.title} · {address}")).replace(
        "{language}", quoted((get_language() or "en")[:2])
    )
    parts = [head.replace("{title}", quoted(survey.title)), opening(sheet, address)]
    numbers = numbers_of(sheet)
    for section in sheet.sections:
        parts.append(f'#block(above: 8mm, below: 3mm, text(13pt, weight: "bold", {quoted(section.title)}))')
        if said := condition_words(section.condition, sheet, numbers):
            parts.append(f'#text(9pt, style: "italic", {quoted(said)})')
        if str(section.intro):
            parts.append(f"#block({quoted(section.intro)})")
        parts += [asked(q, sheet, numbers) for q in sheet.questions if q.section_id == section.pk]
    return "\n".join(parts)


def numbers_of(sheet: Sheet) -> dict[str, int]:
    """The number of each question on paper."""
    return {question.name: n for n, question in enumerate((q for q in sheet.questions if q.answers_count), start=1)}


def quoted(words: object) -> str:
    """A text as a string of Typst's."""
    text = str(words).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text.replace("\n", "\\n").replace("\r", "").replace("\t", " ") + '"'


def opening(sheet: Sheet, address: str) -> str:
    """Title, who asks, until when, where it leads, and the square code."""
    survey = sheet.survey
    code = BytesIO()
    segno.make(address, error="m").save(code, kind="svg", border=2, scale=4)
    until = _("Until %(when)s.") % {"when": ist(survey.closes_at)} if survey.closes_at else ""
    how = _(
        "Mark one circle or as many squares as you like, and write clearly. Hand the form in where you got it; somebody enters it there. Do not write your name."
    )
    number, online = _("Number of this form"), _("Or answer here:")
    lines = [
        f'#text(17pt, weight: "bold", {quoted(survey.title)})',
        f"#block({quoted(survey.institution)})",
        f"#block({quoted(survey.summary)})",
        f"#block(strong({quoted(until)}))",
        f"#block({quoted(how)})",
        f"#block(above: 4mm)[{content(number)}: #box(width: 45mm, height: 8mm, stroke: 0.6pt, baseline: 2mm)]",
    ]
    picture = f'#image(bytes({quoted(code.getvalue().decode())}), format: "svg", width: 32mm)'
    right = f"{picture}\n#text(7.5pt, {quoted(online)})\n#linebreak()\n#text(7.5pt, {quoted(address)})"
    return f"#grid(columns: (1fr, 36mm), gutter: 6mm, [\n{chr(10).join(lines)}\n], [\n{right}\n])"


def content(words: object) -> str:
    return f"#{quoted(words)}"


def asked(question: Question, sheet: Sheet, numbers: dict[str, int]) -> str:
    """One question with the room for its answer."""
    title, hint = unpiped(question.title, numbers), unpiped(question.hint, numbers)
    if question.kind == Kind.INFO:
        return f"#block(inset: 3mm, stroke: 0.5pt, width: 100%)[#strong({quoted(title)}) #linebreak() #{quoted(hint)}]"
    condition = condition_words(question.condition, sheet, numbers)
    args = f"{quoted(numbers[question.name])}, {quoted(title)}, {quoted(hint)}, {quoted(condition)}"
    return f"#question({args})[\n{room(question)}\n]"


def unpiped(text: Any, numbers: dict[str, int]) -> str:
    """On paper an earlier answer cannot stand in a text: it says where it was given."""
    return PIPED.sub(
        lambda name: _("(your answer to question %(n)s)") % {"n": numbers[name[1]]} if name[1] in numbers else name[0],
        str(text),
    )


def room(question: Question) -> str:
    kind, words = question.kind, [quoted(words_of(option)) for option in question.options]
    if kind == Kind.STATE or kind == Kind.SHORT:
        return "#line-to-write"
    if kind == Kind.PLACE:
        state, point = _("State or union territory"), _("Latitude and longitude, if you know them")
        return f"#text(9pt, {quoted(state)})\n#line-to-write\n#text(9pt, {quoted(point)})\n#line-to-write"
    if kind == Kind.LONG:
        return "#line-to-write\n" * 5
    if kind in {Kind.SINGLE, Kind.MULTI}:
        mark = "box-round" if kind == Kind.SINGLE else "box-square"
        most = _("At most %(n)s.") % {"n": question.most}
        limit = f"#text(9pt, {quoted(most)})\n" if kind == Kind.MULTI and question.most else ""
        return limit + "\n".join(f"#choice({mark}, {one})" for one in words)
    if kind == Kind.RANKING:
        return "\n".join(f"#choice(rect(width: 5mm, height: 5mm, stroke: 0.6pt), {one})" for one in words)
    if kind in MATRIX:
        return table(question, words)
    if kind in {Kind.SCALE, Kind.NPS}:
        steps = ", ".join(f"align(center)[#box-round #linebreak() {step}]" for step in question.steps)
        ends = (
            f"#text(9pt)[{content(question.low_label)} #h(1fr) {content(question.high_label)}]"
            if str(question.low_label)
            else ""
        )
        return f"#grid(columns: {len(question.steps)} * (1fr,), {steps})\n{ends}"
    if kind == Kind.CONSENT:
        agree = _("Yes, I agree")
        return f"#choice(box-square, {quoted(agree)})"
    if kind == Kind.FILE:
        copy = _("Put a copy into this form.")
        return f"#text(9pt, {quoted(copy)})"
    if kind == Kind.DATE:
        order = _("Day, month and year, as in 24 11 2026")
        return f"#text(9pt, {quoted(order)})\n#digits(8)"
    return f"#digits({ {Kind.PIN: 6, Kind.PHONE: 10}.get(Kind(kind), 6) })"


def table(question: Question, words: list[str]) -> str:
    mark = "box-round" if question.kind == Kind.MATRIX_SINGLE else "box-square"
    head = ", ".join(["[]", *(f"align(center, text(9pt, {one}))" for one in words)])
    lines = ",\n".join(
        ", ".join([quoted(words_of(row)), *([f"align(center, {mark})"] * len(words))]) for row in question.rows
    )
    return (
        f"#table(columns: (2fr, ..({len(words)} * (1fr,))), stroke: (x: none, y: 0.4pt + luma(150)), {head},\n{lines})"
    )


# -- conditions in words ---------------------------------------------------------------------------------
def condition_words(condition: Condition, sheet: Sheet, numbers: dict[str, int]) -> str:
    if condition == ALWAYS:
        return ""
    return _("Only if: %(condition)s") % {"condition": spoken(condition, sheet, numbers)}


def spoken(condition: Condition, sheet: Sheet, numbers: dict[str, int]) -> str:
    """As one would say it: “question 1 is “By bus””."""
    if isinstance(condition, Not):
        return _("not (%(condition)s)") % {"condition": spoken(condition.part, sheet, numbers)}
    if isinstance(condition, Joined):
        between = _(" and ") if condition.every else _(" or ")
        parts = [spoken(part, sheet, numbers) for part in condition.parts]
        return between.join(
            f"({words})" if isinstance(part, Joined) else words
            for part, words in zip(condition.parts, parts, strict=True)
        )
    question = sheet.by_name.get(condition.name)
    options = {o["code"]: words_of(o) for o in question.options} if question else {}
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    value = _(" or ").join(f"“{options.get(str(one), one)}”" for one in values)
    row = next((words_of(r) for r in (question.rows if question else []) if r["code"] == condition.row), "")
    about = {"n": numbers.get(condition.name, "?"), "value": value}
    phrases = {
        "=": _("question %(n)s is %(value)s"), "<>": _("question %(n)s is not %(value)s"), "anyof": _("question %(n)s is %(value)s"),
        "contains": _("question %(n)s has %(value)s"), "notcontains": _("question %(n)s does not have %(value)s"),
        ">": _("question %(n)s is more than %(value)s"), ">=": _("question %(n)s is %(value)s or more"),
        "<": _("question %(n)s is less than %(value)s"), "<=": _("question %(n)s is %(value)s or less"),
        "empty": _("question %(n)s is not answered"), "notempty": _("question %(n)s is answered"),
    }  # fmt: skip
    return phrases[condition.op] % about + (f" ({row})" if row else "")
