"""PostgreSQL extensions that later tables need."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [("people", "0001_initial")]
    operations = [TrigramExtension(), UnaccentExtension()]
