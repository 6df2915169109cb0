"""The running numbers: a dossier's own code and register line, and those of the slips.

Code (mã số hồ sơ) `<agency>-yymmdd-XXXX`. Thông tư 01/2018/TT-VPCP, Điều 19: the agency's
identifier, the date of receipt, a running number of the receipts of that day. QCVN 102:2016 and
Quyết định 20/2020/QĐ-TTg differ in the identifier only, which the agency row carries. No official
rule for more than 9,999 a day: the number widens.

Register line: volume (quyển số) and number (số thứ tự) of the counter's register of that year;
after `RegisterCounter.size` dossiers the next volume begins at 1.

The counters' rows are the locks, held to the end of the transaction: take a number last. A
transaction that fails gives its numbers back: no gaps, no repeats.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from agencies.models import Agency

# The register's line is made of the code's row: both locks are always taken in one order.
_NEXT = """
    WITH code AS (
        INSERT INTO dossiers_dossiercounter (agency_id, day, last)
        VALUES (%(agency)s, %(day)s, 1)
        ON CONFLICT (agency_id, day) DO UPDATE SET last = dossiers_dossiercounter.last + 1
        RETURNING last
    ), line AS (
        INSERT INTO dossiers_registercounter AS counter (agency_id, year, volume, last, size)
        SELECT %(agency)s, %(year)s, 1, 1, %(size)s FROM code
        ON CONFLICT (agency_id, year) DO UPDATE SET
            volume = counter.volume + (counter.last >= counter.size)::int,
            last = CASE WHEN counter.last >= counter.size THEN 1 ELSE counter.last + 1 END
        RETURNING volume, last
    )
    SELECT code.last, line.volume, line.last FROM code, line
"""
_NEXT_SLIP = """
    INSERT INTO dossiers_slipcounter (agency_id, year, kind, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (agency_id, year, kind) DO UPDATE SET last = dossiers_slipcounter.last + 1
    RETURNING last
"""
# Dossiers of a volume of the register, until a counter's own row says otherwise.
VOLUME = 500


class Numbers(NamedTuple):
    """What acceptance gives a dossier; the names are its columns."""

    code: str
    register_year: int
    register_volume: int
    register_number: int


def next_numbers(agency: Agency, now: datetime) -> Numbers:
    """One statement; call it inside the transaction that inserts or accepts the dossier."""
    day = timezone.localdate(now)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"agency": agency.pk, "day": day, "year": day.year, "size": VOLUME})
        serial, volume, number = cursor.fetchone()
    return Numbers(f"{agency.code}-{day:%y%m%d}-{serial:04d}", day.year, volume, number)


def next_slip(agency: Agency, kind: str, now: datetime) -> tuple[int, int]:
    """The year and the number in it of the agency's next slip of the kind; one statement."""
    year = timezone.localdate(now).year
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_SLIP, [agency.pk, year, kind])
        (number,) = cursor.fetchone()
    return year, number
