"""Mẫu 04 of Thông tư 03/2025/TT-VPCP asks for the extension that its title names."""

from django.db import migrations

FIELDS = [
    "to", "received", "due", "late", "reason", "sorry", "extension", "promised", "closing",
]  # fmt: skip


def ask(apps, schema_editor):
    RuleSet = apps.get_model("procedures", "RuleSet")
    for rules in RuleSet.objects.filter(code="tt03-2025"):
        form = rules.forms.get("apology")
        if form and "fields" not in form:
            form["fields"] = FIELDS
            rules.save(update_fields=["forms"])


class Migration(migrations.Migration):
    dependencies = [("procedures", "0005_audit")]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
