"""The last weeks at a commune's counter, so that the work lists of the demonstration have work."""

from datetime import date, timedelta

from calendars.clock import Limit, Unit
from calendars.working_time import WorkingTime
from demonstration.histories import Author, Lot, Office, Rows


def write(author: Author, commune: Office, today: date) -> Rows:
    """Done, open, due soon, overdue and waiting dossiers up to the day before `today`."""
    for lot in _lots(today, author.working_time):
        author.write(lot, commune)
    return author.rows


def _lots(today: date, working_time: WorkingTime) -> list[Lot]:
    def day(ago: int) -> date:
        """A working day at least so many days ago."""
        moment = today - timedelta(days=ago)
        while not working_time.is_working_day(moment):
            moment -= timedelta(days=1)
        return moment

    hours = Limit(4, Unit.WORKING_HOUR)

    def days(number: int) -> Limit:
        return Limit(number, Unit.WORKING_DAY)

    return [
        Lot("2.000815", hours, 24, day(30), day(2), "same_day"),
        Lot("1.001193", days(1), 8, day(30), day(8), online=6),
        Lot("1.004884", days(5), 6, day(40), day(20), online=2),
        Lot("1.001699", days(25), 5, day(12), day(3), "open"),
        Lot("1.004884", days(5), 4, day(4), day(2), "open", online=2),
        Lot("1.001022", days(3), 3, day(3), day(1), "open"),
        Lot("1.001022", days(3), 2, day(16), day(12), "open"),
        Lot("1.000656", days(1), 1, day(6), day(6), "open", fees=(8_000,)),
        Lot("1.001699", days(25), 2, day(10), day(6), "waiting"),
    ]
