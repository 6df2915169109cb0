"""The tables of counts and how they hang together, for those who write and those who read SQL.

Two grains of kind (agency × channel, agency × block) in two grains of time: half-months, and
reporting years from 15/12 to 14/12, because what is open at a moment is a sum over all of the
past. A province's year is then a few thousand rows however many dossiers and years lie behind.
"""

from dataclasses import dataclass

MEASURES = ("received", "early", "on_time", "overdue", "lapsed", "inherited", "bequeathed")
# The year of a half-month in SQL; the reporting year y is the buckets [24 y - 1, 24 y + 23).
YEAR = "(bucket + 1) / 24"


@dataclass(frozen=True)
class Table:
    name: str
    key: str
    time: str
    columns: tuple[str, ...]


CHANNEL_COUNT = Table("reports_channelcount", "channel", "bucket", MEASURES)
CHANNEL_YEAR = Table("reports_channelyear", "channel", "year", MEASURES)
BLOCK_COUNT = Table("reports_blockcount", "block_id", "bucket", (*MEASURES, "received_online"))
BLOCK_YEAR = Table("reports_blockyear", "block_id", "year", (*MEASURES, "received_online"))
# In the order in which every writer writes them.
TABLES = (CHANNEL_COUNT, BLOCK_COUNT, CHANNEL_YEAR, BLOCK_YEAR)


def year_of(bucket: int) -> int:
    return (bucket + 1) // 24


def first_bucket(year: int) -> int:
    return 24 * year - 1
