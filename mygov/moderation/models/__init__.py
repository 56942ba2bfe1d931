"""What moderators look at and why, what they decided, and the rules by which texts are held."""

from mygov.moderation.models.appeal import Appeal
from mygov.moderation.models.bulk import BulkDecision, BulkItem
from mygov.moderation.models.case import Case, Level, Pace, Standing
from mygov.moderation.models.decision import Decision
from mygov.moderation.models.learned_filter import LearnedFilter
from mygov.moderation.models.month_figures import MonthFigures
from mygov.moderation.models.name import Name
from mygov.moderation.models.report import Report
from mygov.moderation.models.review_share import ReviewShare
from mygov.moderation.models.screening_rule import ScreeningRule
from mygov.moderation.models.second_review import SecondReview

__all__ = [
    "Appeal", "BulkDecision", "BulkItem", "Case", "Decision", "LearnedFilter", "Level", "MonthFigures", "Name", "Pace", "Report", "ReviewShare",
    "ScreeningRule", "SecondReview", "Standing",
]  # fmt: skip
