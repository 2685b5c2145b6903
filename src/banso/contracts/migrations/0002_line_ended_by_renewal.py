from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="subscriptionline",
            name="ended_by_renewal",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
