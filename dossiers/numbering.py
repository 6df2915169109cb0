"""The dossier's own code (mã số hồ sơ): `<agency>-yymmdd-XXXX`.

Thông tư 01/2018/TT-VPCP, Điều 19: the agency's identifier, the date of receipt, a running number
of the receipts of that day. QCVN 102:2016 and Quyết định 20/2020/QĐ-TTg differ in the identifier
only, which the agency row carries. No official rule for more than 9,999 a day: the number widens.

The counter's row is the lock: it is held to the end of the transaction, so take it last. A
transaction that fails gives its number back: no gaps, no repeats.
"""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from agencies.models import Agency

_NEXT = """
    INSERT INTO dossiers_dossiercounter (agency_id, day, last) VALUES (%s, %s, 1)
    ON CONFLICT (agency_id, day) DO UPDATE SET last = dossiers_dossiercounter.last + 1
    RETURNING last
"""


def next_code(agency: Agency, now: datetime) -> str:
    """One statement; call it inside the transaction that inserts the dossier."""
    day = timezone.localdate(now)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [agency.pk, day])
        (number,) = cursor.fetchone()
    return f"{agency.code}-{day:%y%m%d}-{number:04d}"
