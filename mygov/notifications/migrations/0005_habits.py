import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0004_digests'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='digesthour',
            name='digest_hour_of_a_day',
        ),
        migrations.RenameModel(
            old_name='DigestHour',
            new_name='Habits',
        ),
        migrations.RenameField(
            model_name='habits',
            old_name='hour',
            new_name='digest_hour',
        ),
        migrations.AlterModelOptions(
            name='habits',
            options={'verbose_name': 'habits', 'verbose_name_plural': 'habits'},
        ),
        migrations.AlterField(
            model_name='habits',
            name='digest_hour',
            field=models.PositiveSmallIntegerField(default=18, verbose_name='hour of the daily and weekly mail'),
        ),
        migrations.AlterField(
            model_name='habits',
            name='person',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='habits', serialize=False, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='habits',
            name='quiet_from',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='quiet from'),
        ),
        migrations.AddField(
            model_name='habits',
            name='quiet_until',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='quiet until'),
        ),
        migrations.AddField(
            model_name='habits',
            name='follows_by_itself',
            field=models.BooleanField(default=True, verbose_name='follows what they take part in'),
        ),
        migrations.AddConstraint(
            model_name='habits',
            constraint=models.CheckConstraint(condition=models.Q(('digest_hour__lt', 24), ('quiet_from__lt', 24), ('quiet_until__lt', 24)), name='habits_hours_of_a_day'),
        ),
    ]
