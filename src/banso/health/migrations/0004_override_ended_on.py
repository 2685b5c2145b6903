from zoneinfo import ZoneInfo

from django.db import migrations, models


def fill(apps, schema_editor):
    """Give overrides that were ended before the business day of their end was kept that day."""
    company = apps.get_model("workspace", "Company").objects.first()
    zone = ZoneInfo(company.time_zone if company else "UTC")
    ended = apps.get_model("health", "ScoreOverride").objects.filter(ended_at__isnull=False)
    for override in ended.iterator():
        ended_on = override.ended_at.astimezone(zone).date()
        override.ended_on = min(ended_on, company.pinned_on or ended_on) if company else ended_on
        override.save(update_fields=["ended_on"])


class Migration(migrations.Migration):

    dependencies = [
        ('health', '0003_metric_columns'),
        ('workspace', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='scoreoverride',
            name='ended_on',
            field=models.DateField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
