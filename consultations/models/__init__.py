"""Consultations: what is asked, each version of its text, what people answer, and what the institution answers them."""

from consultations.models.answer import Campaign, Clarification, Export, ExportPart, ExportPiece, MatrixRow, Theme
from consultations.models.consultation import Consultation, Document, Step
from consultations.models.draft import Clause, Draft, Wording
from consultations.models.response import Annotation, Placement, Submission
from consultations.models.submission_file import SubmissionFile

__all__ = [
    "Annotation", "Campaign", "Clarification", "Clause", "Consultation", "Document", "Draft", "Export", "ExportPart", "ExportPiece", "MatrixRow", "Placement", "Step", "Submission",
    "SubmissionFile", "Theme", "Wording",
]  # fmt: skip
