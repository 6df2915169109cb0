"""When working time has changed: the version of a calendar (phiên bản lịch)."""

from django.db.models import F
from django.db.models.functions import Now

from calendars.models import Calendar


def bump_version(calendar: Calendar | None) -> int:
    """Say that a calendar changed; None = every calendar (a special day of the whole country).

    Call it in the transaction of the edit. `changed_at` is the statement's time: it tells two
    edits apart even when one of them was rolled back and left its version number to the other.
    """
    calendars = (
        Calendar.objects.all() if calendar is None else Calendar.objects.filter(pk=calendar.pk)
    )
    return calendars.update(version=F("version") + 1, changed_at=Now())
