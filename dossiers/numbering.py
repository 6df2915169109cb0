"""The dossier's own code (mã số hồ sơ): `<agency>-yymmdd-XXXX`.

Thông tư 01/2018/TT-VPCP, Điều 19: the agency's identifier, the date of receipt, a running number
of the receipts of that day. QCVN 102:2016 and Quyết định 20/2020/QĐ-TTg differ in the identifier
only, which the agency row carries. No official rule for more than 9,999 a day: the number widens.

The counter's row is the lock: it is held to the end of the transaction, so take it last. A
transaction that fails gives its number back: no gaps, no repeats.
"""

import re
from datetime import datetime

from django.db import connection
from django.utils import timezone

from agencies.models import Agency
from procedures.models import RuleSet

_NEXT = """
    INSERT INTO dossiers_dossiercounter (agency_id, day, last) VALUES (%s, %s, 1)
    ON CONFLICT (agency_id, day) DO UPDATE SET last = dossiers_dossiercounter.last + 1
    RETURNING last
"""
_SERIAL = r"-\d{6}-\d{4,}"
_OWN = {
    RuleSet.CodeFormat.QCVN_102: re.compile(
        rf"(?:DEMO[\w.-]*|\d{{3}}\.\d{{2}}\.\d{{2}}\.[A-Z]\d{{2}}){_SERIAL}"
    ),
    RuleSet.CodeFormat.QD_20: re.compile(rf"(?:DEMO[\w.-]*|[A-Z]\d{{2}}(?:\.\d{{1,3}})*){_SERIAL}"),
}


def next_code(agency: Agency, rule_set: RuleSet, now: datetime) -> str:
    """One statement; call it inside the transaction that inserts the dossier."""
    day = timezone.localdate(now)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [agency.pk, day])
        (number,) = cursor.fetchone()
    return f"{agency.code}-{day:%y%m%d}-{number:04d}"


def is_own(code: str, rule_set: RuleSet) -> bool:
    """Whether a code has the form of the rule set; foreign codes stay as they came."""
    pattern = _OWN[RuleSet.CodeFormat(rule_set.code_format)]
    return pattern.fullmatch(code) is not None
