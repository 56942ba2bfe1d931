"""Comments and the votes on them."""

from commons.comments.models.comment import Comment, CommentVersion
from commons.comments.models.vote import CommentVote, Tally

__all__ = ["Comment", "CommentVersion", "CommentVote", "Tally"]
