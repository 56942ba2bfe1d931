"""A survey with its sections and questions, what people answered, and what was read in it."""

from surveys.models.census import CensusShare, CensusTable, Quota
from surveys.models.coding import Coded, Theme
from surveys.models.question import Question, Section
from surveys.models.response import Answer, Attachment, Response
from surveys.models.survey import Survey

__all__ = [
    "Answer", "Attachment", "CensusShare", "CensusTable", "Coded", "Question", "Quota", "Response", "Section", "Survey", "Theme",
]  # fmt: skip
