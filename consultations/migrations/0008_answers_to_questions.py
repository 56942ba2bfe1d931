import django.db.models.deletion
import django.db.models.functions.datetime
import i18nfield.fields
from django.conf import settings
from django.db import migrations, models

# What was answered so far was written in one language: in English, as the workbench asked for it.
MOVE = """
WITH said AS MATERIALIZED (
  SELECT id, activity_id, answer, answered_at, nextval(pg_get_serial_sequence('consultations_clarification', 'id')) AS made
  FROM consultations_annotation WHERE answer <> ''
), written AS (
  INSERT INTO consultations_clarification (id, consultation_id, words, answered_at)
  SELECT made, activity_id, jsonb_build_object('en', answer)::text, coalesce(answered_at, now()) FROM said
)
UPDATE consultations_annotation a SET clarification_id = said.made FROM said WHERE a.id = said.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0007_corrections_in_public'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Clarification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', i18nfield.fields.I18nTextField(max_length=2000, verbose_name='answer')),
                ('answered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clarifications', to='consultations.consultation')),
            ],
            options={
                'verbose_name': 'answer to questions',
                'verbose_name_plural': 'answers to questions',
            },
        ),
        migrations.AddField(
            model_name='annotation',
            name='clarification',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='questions', to='consultations.clarification'),
        ),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name='annotation',
            name='answer',
        ),
        migrations.RemoveField(
            model_name='annotation',
            name='answered_at',
        ),
    ]
