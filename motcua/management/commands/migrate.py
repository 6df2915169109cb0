"""Django's migrate; then the application's role gets its rights on what has come."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoCommand

from motcua import grants


class Command(DjangoCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            grants.apply()
