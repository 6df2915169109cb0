"""Trà Bồng's quarter II of 2024 as dossiers: published counts, invented persons and dates.

The counts are those of the report of Văn phòng HĐND&UBND huyện Trà Bồng for quarter II of 2024.
Where it contradicts itself: 25 construction dossiers that the print loses are accepted,
unfinished and lapsed; the 362 online ones (printed as business and secured transactions, which
have 304) take in 58 of land registration.
"""

from collections.abc import Sequence
from datetime import date

from calendars.clock import Limit, Unit
from demonstration.histories import Author, Lot, Office, Rows

FIRST, LAST = date(2024, 3, 15), date(2024, 6, 14)
DISTRICT_GSO = "525"

_HOURS_4 = Limit(4, Unit.WORKING_HOUR)
_DAYS_3 = Limit(3, Unit.WORKING_DAY)

# 444 land dossiers: 250 secured transactions done the same day, 129 done, 65 open in time.
LAND = (
    Lot("1.011441", Limit(8, Unit.WORKING_HOUR), 250, FIRST, LAST, "same_day", online=250),
    Lot("2.000889", Limit(10, Unit.WORKING_DAY), 100, FIRST, date(2024, 5, 24), online=58),
    Lot("1.003003", Limit(30, Unit.WORKING_DAY), 29, FIRST, date(2024, 4, 19)),
    Lot("2.000889", Limit(10, Unit.WORKING_DAY), 20, date(2024, 6, 4), LAST, "later_in_time"),
    Lot("1.003003", Limit(30, Unit.WORKING_DAY), 45, date(2024, 5, 13), LAST, "later_in_time"),
)
# 43: 14 appraisals (12 done in time), 29 building permits (6 done in time); 25 lapsed.
CONSTRUCTION = (
    Lot("1.009972", Limit(20, Unit.DAY), 12, FIRST, date(2024, 5, 20), by_organisations=True),
    Lot(
        "1.009972",
        Limit(20, Unit.DAY),
        2,
        date(2024, 4, 15),
        date(2024, 5, 15),
        "lapsed",
        by_organisations=True,
    ),
    Lot("1.009994", Limit(15, Unit.WORKING_DAY), 4, FIRST, date(2024, 5, 17)),
    Lot("1.013227", Limit(5, Unit.WORKING_DAY), 2, FIRST, date(2024, 5, 31)),
    Lot("1.009994", Limit(15, Unit.WORKING_DAY), 23, date(2024, 4, 1), date(2024, 5, 17), "lapsed"),
)
# 86: 9 of civil status, 77 certifications.
JUSTICE = (
    Lot("2.000635", _HOURS_4, 7, FIRST, LAST, "same_day"),
    Lot("2.000806", Limit(10, Unit.WORKING_DAY), 2, FIRST, date(2024, 5, 24)),
    Lot("2.000815", _HOURS_4, 60, FIRST, LAST, "same_day"),
    Lot("2.000884", _HOURS_4, 17, FIRST, LAST, "same_day"),
)
# 54, with 2,200,000 đồng of fees: 10 × 100,000 and 24 × 50,000 paid, 20 waived (fees.py).
BUSINESS = (
    Lot("1.001612", _DAYS_3, 10, FIRST, date(2024, 6, 7), online=10, fees=(100_000,)),
    Lot("2.000720", _DAYS_3, 24, FIRST, date(2024, 6, 7), online=24, fees=(50_000,)),
    Lot("1.001612", _DAYS_3, 20, FIRST, date(2024, 6, 7), online=20, fees=(0,)),
)
# 217 lodged at communes and resolved by the district (liên thông từ cấp xã).
WELFARE = (
    Lot("1.001731", Limit(5, Unit.WORKING_DAY), 90, FIRST, date(2024, 6, 3)),
    Lot("1.001776", Limit(22, Unit.WORKING_DAY), 127, FIRST, date(2024, 5, 6)),
)


def write(author: Author, district: Office, communes: Sequence[Office]) -> Rows:
    """Every history of the quarter; welfare is lodged at the communes in turn."""
    for lot in (*LAND, *CONSTRUCTION, *JUSTICE, *BUSINESS):
        author.write(lot, district)
    for lot in WELFARE:
        share, rest = divmod(lot.count, len(communes))
        for position, commune in enumerate(communes):
            count = share + (position < rest)
            part = Lot(lot.procedure, lot.limit, count, lot.first, lot.last, lot.ending)
            author.write(part, commune, forwarded_to=district.code)
    return author.rows
