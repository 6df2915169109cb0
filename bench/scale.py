"""Fill a database with N synthetic dossiers, legs and clock spans, straight in SQL.

    .venv/bin/python bench/scale.py --legs 100000

Five years of a province: 13 districts, 270 communes, 20 blocks, 60 procedures; one leg each, a
tenth of them suspended once, about 1.5 % open, one in a hundred overdue; a quarter of the last
month's results still lie at the counter. Each person has three dossiers, under names as frequent
as they are (three in ten are Nguyễn). The counts are written by the recount.
Needs a migrated database without dossiers, and its superuser (foreign keys are not looked up row
by row here). Other benches of size start from this one.
"""

import argparse
import os
import sys
from datetime import date, time
from pathlib import Path
from time import perf_counter
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from agencies.models import Agency, Kind, Level  # noqa: E402
from calendars.models import Calendar  # noqa: E402
from dossiers.models import Dossier, Party  # noqa: E402
from motcua.text import fold, sort_key  # noqa: E402
from procedures.models import (  # noqa: E402
    Block,
    Posting,
    Procedure,
    ProcedureField,
    ProcedureVersion,
    RuleSet,
)
from reports import recount  # noqa: E402

PROVINCE = "SCALE-P"
FIRST_DAY, DAYS = date(2020, 12, 15), 5 * 365  # five reporting years, to 13/12/2025

RAW = """
CREATE TEMP TABLE raw AS
SELECT n, agency.id AS agency_id, version.id AS version_id, version.procedure_id,
       version.field_id, field.block_id, version.limit_value, accepted_at,
       accepted_at + version.limit_value * interval '1 day' AS due_at,
       CASE WHEN accepted_at + taken < %(until)s THEN accepted_at + taken END AS ended_at,
       taken > version.limit_value * interval '1 day' AS is_late,
       taken < (version.limit_value - 1) * interval '1 day' AS is_early,
       CASE WHEN pick < 0.45 THEN 'online' WHEN pick < 0.93 THEN 'direct' ELSE 'post' END
           AS channel,
       hash %% 10 = 0 AS is_paused, hash %% 100 < 8 AND hash %% 3 = 0 AS is_forwarded,
       hash %% 4 = 0 AS is_slow, agency.code AS agency_code,
       row_number() OVER (PARTITION BY agency.id, accepted_at::date ORDER BY n) AS number
FROM (
    SELECT n, abs(hashint4(n)) AS hash, random() AS pick,
           -- a third of the dossiers in the ten largest agencies
           CASE WHEN random() < 0.33 THEN random() * 10 ELSE random() * %(agencies)s END AS place,
           random() * %(versions)s AS what,
           %(first)s::timestamptz + floor(random() * %(days)s) * interval '1 day'
               + interval '7 hours' + random() * interval '10 hours' AS accepted_at
    FROM generate_series(1, %(legs)s) AS n
) AS drawn
JOIN scale_agency AS agency ON agency.rank = floor(place)
JOIN scale_version AS version ON version.rank = floor(what)
JOIN procedures_procedurefield AS field ON field.id = version.field_id
CROSS JOIN LATERAL (
    SELECT version.limit_value * interval '1 day'
        * CASE WHEN hash %% 97 = 0 THEN 1.05 + (hash %% 50) / 10.0
               ELSE (1 + hash %% 91) / 91.0 END AS taken
) AS work
"""

# The frequent names first: each is drawn by the square of a random number.
FAMILY = (
    "Nguyễn Nguyễn Nguyễn Trần Lê Phạm Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trương"
    " Hoàng Đoàn Lâm Mai Trịnh Đào Cao Tạ Châu Quách Thái"
)
MIDDLE = (
    "Thị Văn Thị Văn Minh Thanh Ngọc Hữu Đức Thị_Thu Thị_Thanh Quang Xuân Thị_Kim Thị_Mỹ Công Anh"
    " Hoàng Thị_Ngọc Đình Tấn Bảo Gia Thị_Hồng Trọng Viết Khánh Thị_Bích Quốc Duy"
)
GIVEN = (
    "Lan Hùng Hương Dũng Hoa Tuấn Mai Minh Hạnh Nam Hà Sơn Thảo Long Linh Hải Trang Thắng Nga"
    " Bình Yến Cường Oanh Phúc Phương Quân Anh Đạt Vy Khoa Ngân Tâm Hiền Tài Thủy Lộc Loan Trung"
    " Tuyết Kiên Nhung Vinh Giang Huy Châu Khang Quỳnh Thịnh Diệp Toàn Trâm Hậu Thư Nghĩa Xuân"
    " Đông Én Thu Hạ Cúc Sen Đào Mận Trúc Tùng Bách Phong Vân Sương Nguyệt Nhật Tinh Khê Suối"
)
PARTIES = """
INSERT INTO dossiers_party (
    id, public_id, kind, name, name_fold, sort_key, email, address, created_at)
SELECT %(party)s + n, gen_random_uuid(), 'person',
       (%(family)s)[f] || ' ' || (%(middle)s)[m] || ' ' || (%(given)s)[g],
       (%(family_fold)s)[f] || ' ' || (%(middle_fold)s)[m] || ' ' || (%(given_fold)s)[g],
       '', '', '', '2020-01-01 00:00+07'
FROM (
    SELECT n, 1 + floor(random() ^ 2 * array_length(%(family)s, 1))::int AS f,
           1 + floor(random() ^ 2 * array_length(%(middle)s, 1))::int AS m,
           1 + floor(random() ^ 2 * array_length(%(given)s, 1))::int AS g
    FROM generate_series(0, %(legs)s / 3) AS n
) AS drawn
"""

DOSSIERS = """
INSERT INTO dossiers_dossier (
    id, public_id, code, intake_key, intake_hash, version_id, rule_set_id, lodged_at_id,
    competent_id, held_by_id, agency_ids, channel, status, holder_id, holder_name, holder_fold,
    holder_address, summary, accepted_at, original_due_at, due_at, lapses_at, ended_at,
    returned_at, supplement_count, financial_status, delivery, sync_status, is_demo)
SELECT n, gen_random_uuid(),
       agency_code || to_char(accepted_at, '-YYMMDD-') || lpad(number::text, 4, '0'),
       gen_random_uuid(), '', version_id, %(rule_set)s,
       agency_id, agency_id, agency_id, ARRAY[agency_id], channel,
       CASE WHEN ended_at IS NULL THEN CASE WHEN is_slow THEN 2 ELSE 4 END
            WHEN lies THEN 9 ELSE 10 END, party.id,
       party.name, party.name_fold, '', '', accepted_at, due_at, due_at,
       due_at, ended_at, CASE WHEN NOT lies THEN ended_at END, 0, 'none', 'counter', '', true
FROM (
    SELECT *, is_slow AND ended_at > %(until)s::timestamptz - interval '30 days' AS lies FROM raw
) AS raw JOIN dossiers_party AS party ON party.id = %(party)s + n / 3
"""

LEGS = """
INSERT INTO dossiers_leg (
    id, dossier_id, position, is_forwarded, agency_id, procedure_id, field_id, block_id, channel,
    accepted_at, limit_value, limit_unit, due_at, lapses_at, ended_at, outcome)
SELECT n, n, 1, is_forwarded, agency_id, procedure_id, field_id, block_id, channel, accepted_at,
       limit_value, 'day', due_at, due_at, ended_at,
       CASE WHEN ended_at IS NULL THEN '' WHEN is_late THEN 'overdue'
            WHEN is_early THEN 'early' ELSE 'on_time' END
FROM raw
"""

# One span, or three for the tenth that was suspended for the second third of its life.
SPANS = """
INSERT INTO dossiers_clockspan (
    leg_id, in_force, due_at, lapses_at, is_suspended, lapsed_before, reason)
SELECT n, part.in_force, due_at, CASE WHEN part.is_suspended THEN NULL ELSE due_at END,
       part.is_suspended, lower(part.in_force) >= due_at, 'scale'
FROM raw CROSS JOIN LATERAL (
    SELECT tstzrange(accepted_at, ended_at), false WHERE NOT is_paused OR ended_at IS NULL
    UNION ALL
    SELECT tstzrange(accepted_at + third * life, CASE third WHEN 2 THEN ended_at
               ELSE accepted_at + (third + 1) * life END), third = 1
    FROM (SELECT (ended_at - accepted_at) / 3) AS of (life), (VALUES (0), (1), (2)) AS at (third)
    WHERE is_paused AND ended_at IS NOT NULL
) AS part (in_force, is_suspended)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--legs", type=int, default=10_000)
    parser.add_argument("--without-dossiers", action="store_true", help="legs and spans alone")
    given = parser.parse_args()
    legs = given.legs
    if Dossier.objects.exists():
        print("This database has dossiers already.", file=sys.stderr)
        return 2
    began = perf_counter()
    fill(legs, with_dossiers=not given.without_dossiers)
    print(f"{legs:,} legs in {perf_counter() - began:.1f} s")
    return 0


def fill(legs: int, *, with_dossiers: bool = True) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        given = _catalogue()
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(RAW, {**given, "legs": legs})
        given |= {"legs": legs, **_names()}
        for statement in (PARTIES, DOSSIERS, LEGS, SPANS) if with_dossiers else (LEGS, SPANS):
            cursor.execute(statement, given)
        for table in ("dossiers_dossier", "dossiers_leg"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {legs})")
        last = given["party"] + legs
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('dossiers_party', 'id'), {last})")
    recount.repair()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _catalogue() -> dict[str, Any]:
    agencies, versions = _agencies(), _versions()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE scale_agency (rank int, id bigint, code text)")
        cursor.execute(
            "CREATE TEMP TABLE scale_version AS SELECT (row_number() OVER (ORDER BY id) - 1)::int"
            " AS rank, * FROM procedures_procedureversion WHERE number = 99"
        )
        cursor.executemany(
            "INSERT INTO scale_agency VALUES (%s, %s, %s)",
            [(rank, agency.pk, agency.code) for rank, agency in enumerate(agencies)],
        )
    Posting.objects.bulk_create(
        Posting(agency=agencies[0], version=version, since=FIRST_DAY) for version in versions
    )
    rule_set = RuleSet.objects.first() or RuleSet.objects.create(
        code="scale",
        name="Quy mô",
        effective_on=FIRST_DAY,
        legal_basis="",
        forms={},
        code_format="qcvn102",
        pass_on_until=time(15),
    )
    party = (Party.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    return {
        "agencies": len(agencies),
        "versions": len(versions),
        "first": f"{FIRST_DAY} 00:00+07",
        "until": "2025-12-15 00:00+07",
        "days": DAYS,
        "rule_set": rule_set.pk,
        "party": party,
    }


def _names() -> dict[str, list[str]]:
    lists = {"family": FAMILY, "middle": MIDDLE, "given": GIVEN}
    words = {key: [part.replace("_", " ") for part in text.split()] for key, text in lists.items()}
    return words | {f"{key}_fold": [fold(word) for word in each] for key, each in words.items()}


def _agencies() -> list[Agency]:
    calendar = Calendar.objects.first()
    assert calendar is not None

    def make(code: str, level: Level, parent: Agency | None) -> Agency:
        return Agency.objects.create(
            code=code,
            name=code,
            name_fold=fold(code),
            sort_key=sort_key(code),
            level=level,
            kind=Kind.COMMITTEE,
            parent=parent,
            calendar=calendar,
            valid_from=date(2004, 1, 1),
        )

    province = make(PROVINCE, Level.PROVINCE, None)
    districts = [make(f"SCALE-D{number}", Level.DISTRICT, province) for number in range(13)]
    communes = [
        make(f"SCALE-C{number}", Level.COMMUNE, districts[number % 13]) for number in range(270)
    ]
    return [*districts, *communes]


def _versions() -> list[ProcedureVersion]:
    made = []
    for number in range(20):
        block = Block.objects.create(name=f"Khối quy mô {number}", position=5000 + number)
        field = ProcedureField.objects.create(name=f"Lĩnh vực quy mô {number}", block=block)
        for part in range(3):
            name = f"Thủ tục quy mô {number}.{part}"
            made.append(
                ProcedureVersion.objects.create(
                    procedure=Procedure.objects.create(code=f"SCALE.{number}.{part}"),
                    number=99,
                    status="published",
                    name=name,
                    name_fold=fold(name),
                    sort_key=sort_key(name),
                    field=field,
                    levels=["commune"],
                    limit_value=(3, 10, 20)[part],
                    limit_unit="day",
                    online="full",
                    effective_from=FIRST_DAY,
                )
            )
    return made


if __name__ == "__main__":
    sys.exit(main())
