"""Discussions, and the ideas citizens bring to the open forum."""

from discussions.models.discussion import Discussion
from discussions.models.idea import Idea, IdeaNotice, IdeaResponse, IdeaTally, ResponsePoint, Support

__all__ = ["Discussion", "Idea", "IdeaNotice", "IdeaResponse", "IdeaTally", "ResponsePoint", "Support"]
