"""The question is the activity's title, summary and text: for an open poll the database keeps them as they are."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION polls_question_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the poll is open: its question stays as it is' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER polls_question_stays BEFORE UPDATE OF title, summary, body ON activities_activity FOR EACH ROW
WHEN (OLD.kind = 'polls' AND OLD.state IN ('published', 'withdrawn') AND OLD.opens_at <= clock_timestamp()
  AND (OLD.title, OLD.summary, OLD.body) IS DISTINCT FROM (NEW.title, NEW.summary, NEW.body))
EXECUTE FUNCTION polls_question_stays();
"""
THAW = "DROP TRIGGER polls_question_stays ON activities_activity; DROP FUNCTION polls_question_stays();"


class Migration(migrations.Migration):
    dependencies = [("polls", "0001_polls_ballots_counts_chain")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
