from django.db import migrations, models


def remember_what_was_offered(apps, schema_editor):
    """Groups that have permissions of an app were offered all that there are of it by now: what
    they have not was taken away, or never meant for them.

    Roles were made before articles had related choices, whose permissions nobody was offered then.
    """
    group_model = apps.get_model("auth", "Group")
    permissions = list(
        apps.get_model("auth", "Permission").objects.values_list(
            "pk", "content_type__app_label", "content_type__model", "codename"
        )
    )
    offered = apps.get_model("cms", "OfferedPermission")
    for group in group_model.objects.prefetch_related("permissions"):
        held = {permission.pk for permission in group.permissions.all()}
        labels = {label for key, label, _, _ in permissions if key in held}
        models_held = {model for key, _, model, _ in permissions if key in held}
        offered.objects.bulk_create(
            offered(role=group.name, app_label=label, codename=codename)
            for _, label, model, codename in permissions
            if label in labels and (model != "relatedchoice" or model in models_held)
        )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="OfferedPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=150)),
                ("app_label", models.CharField(max_length=100)),
                ("codename", models.CharField(max_length=100)),
            ],
        ),
        migrations.AddConstraint(
            model_name="offeredpermission",
            constraint=models.UniqueConstraint(
                fields=("role", "app_label", "codename"), name="cms_offered_permission_once"
            ),
        ),
        migrations.RunPython(remember_what_was_offered, migrations.RunPython.noop),
    ]
