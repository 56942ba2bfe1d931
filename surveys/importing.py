"""Questions from a JSON file into a draft, and out of a survey into one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from surveys import building, surveyjs
from surveys.models import Question, Section, Survey

if TYPE_CHECKING:
    from commons.people.models import User

LARGEST = 500_000  # signs


@transaction.atomic
def bring_in(survey: Survey, by: User, content: str) -> list[str]:
    """Adds the file's sections and questions behind those of the draft. Returns what could not be taken over, in words.

    Raises ValidationError when it cannot be read, or a question has a name that is taken in this survey.
    """
    if len(content) > LARGEST:
        raise ValidationError(_("This file is too large."))
    try:
        found = surveyjs.read(json.loads(content))
    except surveyjs.Unreadable as error:
        raise ValidationError(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise ValidationError(_("This is not JSON.")) from error
    taken = set(survey.questions.current().values_list("name", flat=True))
    for fields, questions in found.sections:
        section = Section(
            survey=survey, title=words(fields["title"], 200), intro=words(fields["intro"], 4000),
            shuffled=fields["shuffled"], shown_when=fields["shown_when"],
        )  # fmt: skip
        building.write_section(section, by)
        for one in questions:
            if one["name"] in taken:
                raise ValidationError(
                    _("This survey has a question called “%(name)s” already.") % {"name": one["name"]}
                )
            building.write_question(question(section, one), by)
    return found.notes


def question(section: Section, fields: dict[str, Any]) -> Question:
    texts = {
        name: words(fields[name], most)
        for name, most in (("title", 300), ("hint", 4000), ("low_label", 60), ("high_label", 60))
    }
    made = Question(section=section, **{**fields, **texts})
    if made.least is not None and made.most is not None and made.least > made.most:
        made.least = None
    return made


def words(text: dict[str, str], most: int) -> LazyI18nString:
    return LazyI18nString({code: said[:most] for code, said in text.items()})


def as_json(survey: Survey) -> str:
    """Its current sections and questions; `bring_in` makes the same of it again."""
    pages = []
    for section in survey.sections.order_by("position"):
        page: dict[str, Any] = {
            "name": section.slug, "title": surveyjs.said(section.title), "description": surveyjs.said(section.intro),
            "visibleIf": section.shown_when, "questionsOrder": "random" if section.shuffled else "",
            "elements": [surveyjs.written(q) for q in survey.questions.current().filter(section=section).order_by("position")],
        }  # fmt: skip
        pages.append({name: value for name, value in page.items() if value})
    return json.dumps({"title": surveyjs.said(survey.title), "pages": pages}, ensure_ascii=False, indent=1)
