from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from calendars.errors import UnknownCalendar
from calendars.models import Calendar
from dossiers import recalculation
from motcua.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Recompute the due dates of open dossiers after a change of working time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--calendar", help="code; without it every calendar")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["calendar"] is None:
            moved = recalculation.recalculate_all(now)
        else:
            calendar = Calendar.objects.filter(code=options["calendar"]).first()
            if calendar is None:
                raise UnknownCalendar(f"Không có lịch làm việc “{options['calendar']}”.")
            moved = recalculation.recalculate(calendar, now)
        self.stdout.write(f"{moved} dossiers moved")
