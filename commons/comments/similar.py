"""Offers what was already said while somebody writes, so that they can support it instead. Never in the way."""

from django.db import connection

from commons.activities.models import Activity

OFFERED = 3
LEAST = 0.3  # pg_trgm's word similarity; below it texts merely share words
SHORTEST = 12  # characters: less is not a thought yet

# Trigrams work in every script: they are cut by letters, not by a word rule that breaks Hindi at its vowel signs.
# The subquery keeps the work bounded: similarity is computed for the 300 nearest candidates of the index only.
SIMILAR = """
  SELECT id, left(body, 200), language, up FROM (
    SELECT c.id, c.body, c.language, c.up, word_similarity(%(text)s, c.body) AS near
    FROM comments_comment c
    WHERE c.activity_id = %(activity)s AND c.anchor = %(anchor)s AND c.state = 'visible' AND %(text)s <%% c.body
    LIMIT 300
  ) s WHERE near >= %(least)s ORDER BY near DESC, up DESC, id LIMIT %(offered)s
"""


def similar(activity: Activity, text: str, anchor: str = "") -> list[tuple[int, str, str, int]]:
    """Up to three visible comments like `text`: (id, beginning, language, support). Empty for very short texts."""
    text = " ".join(text.split())[:300]
    if len(text) < SHORTEST:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LEAST)])
        cursor.execute(
            SIMILAR, {"text": text, "activity": activity.pk, "anchor": anchor, "least": LEAST, "offered": OFFERED}
        )
        return cursor.fetchall()
