"""The calendar of state offices and the national special days of 2019–2027.

A literal table: the days the `holidays` library (0.108) knows, and the swap of Friday 2/1/2026
with Saturday 10/1/2026, which it lacks. The days of 2027 are the law's; swaps and the second day
of the National Day were not decided when this was written.
"""

from datetime import date, time

from django.db import migrations

HOLIDAY, SUBSTITUTE_OFF, MAKE_UP = "holiday", "substitute_off", "make_up"

LABOUR_2012 = "Bộ luật Lao động 2012, Điều 115"
LABOUR_2012_BU = "Bộ luật Lao động 2012, Điều 115 khoản 3"
LABOUR_2019 = "Bộ luật Lao động 2019, Điều 112"
LABOUR_2019_BU = "Bộ luật Lao động 2019, Điều 111 khoản 3"
CULTURE = "Nghị quyết 80-NQ/TW về Ngày Văn hóa Việt Nam"
SWAP = "Thông báo hoán đổi ngày làm việc của cơ quan có thẩm quyền"
AGREED = "Chính phủ đồng ý ngày 25/12/2025 về hoán đổi ngày làm việc của cơ quan nhà nước"

SPECIAL_DAYS = [
    # 2019
    ("2019-01-01", HOLIDAY, "Tết Dương lịch", LABOUR_2012),
    ("2019-01-05", MAKE_UP, "thay cho ngày 31/12/2018", SWAP),
    ("2019-02-04", HOLIDAY, "Giao thừa Tết Nguyên Đán", LABOUR_2012),
    ("2019-02-05", HOLIDAY, "Tết Nguyên Đán", LABOUR_2012),
    ("2019-02-06", HOLIDAY, "Mùng hai Tết Nguyên Đán", LABOUR_2012),
    ("2019-02-07", HOLIDAY, "Mùng ba Tết Nguyên Đán", LABOUR_2012),
    ("2019-02-08", HOLIDAY, "Mùng bốn Tết Nguyên Đán", LABOUR_2012),
    ("2019-04-14", HOLIDAY, "Ngày Giỗ Tổ Hùng Vương", LABOUR_2012),
    ("2019-04-15", SUBSTITUTE_OFF, "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)", LABOUR_2012_BU),
    ("2019-04-29", SUBSTITUTE_OFF, "Ngày nghỉ (thay cho ngày 04/05/2019)", SWAP),
    ("2019-04-30", HOLIDAY, "Ngày Chiến thắng", LABOUR_2012),
    ("2019-05-01", HOLIDAY, "Ngày Quốc tế Lao động", LABOUR_2012),
    ("2019-05-04", MAKE_UP, "thay cho ngày 29/04/2019", SWAP),
    ("2019-09-02", HOLIDAY, "Quốc khánh", LABOUR_2012),
    # 2020
    ("2020-01-01", HOLIDAY, "Tết Dương lịch", LABOUR_2012),
    ("2020-01-23", HOLIDAY, "29 Tết", LABOUR_2012),
    ("2020-01-24", HOLIDAY, "Giao thừa Tết Nguyên Đán", LABOUR_2012),
    ("2020-01-25", HOLIDAY, "Tết Nguyên Đán", LABOUR_2012),
    ("2020-01-26", HOLIDAY, "Mùng hai Tết Nguyên Đán", LABOUR_2012),
    ("2020-01-27", HOLIDAY, "Mùng ba Tết Nguyên Đán", LABOUR_2012),
    ("2020-01-28", HOLIDAY, "Mùng bốn Tết Nguyên Đán", LABOUR_2012),
    ("2020-01-29", HOLIDAY, "Mùng năm Tết Nguyên Đán", LABOUR_2012),
    ("2020-04-02", HOLIDAY, "Ngày Giỗ Tổ Hùng Vương", LABOUR_2012),
    ("2020-04-30", HOLIDAY, "Ngày Chiến thắng", LABOUR_2012),
    ("2020-05-01", HOLIDAY, "Ngày Quốc tế Lao động", LABOUR_2012),
    ("2020-09-02", HOLIDAY, "Quốc khánh", LABOUR_2012),
    # 2021
    ("2021-01-01", HOLIDAY, "Tết Dương lịch", LABOUR_2019),
    ("2021-02-10", HOLIDAY, "29 Tết", LABOUR_2019),
    ("2021-02-11", HOLIDAY, "Giao thừa Tết Nguyên Đán", LABOUR_2019),
    ("2021-02-12", HOLIDAY, "Tết Nguyên Đán", LABOUR_2019),
    ("2021-02-13", HOLIDAY, "Mùng hai Tết Nguyên Đán", LABOUR_2019),
    ("2021-02-14", HOLIDAY, "Mùng ba Tết Nguyên Đán", LABOUR_2019),
    ("2021-02-15", HOLIDAY, "Mùng bốn Tết Nguyên Đán", LABOUR_2019),
    ("2021-02-16", HOLIDAY, "Mùng năm Tết Nguyên Đán", LABOUR_2019),
    ("2021-04-21", HOLIDAY, "Ngày Giỗ Tổ Hùng Vương", LABOUR_2019),
    ("2021-04-30", HOLIDAY, "Ngày Chiến thắng", LABOUR_2019),
    ("2021-05-01", HOLIDAY, "Ngày Quốc tế Lao động", LABOUR_2019),
    ("2021-05-03", SUBSTITUTE_OFF, "Ngày Quốc tế Lao động (nghỉ bù)", LABOUR_2019_BU),
    ("2021-09-02", HOLIDAY, "Quốc khánh", LABOUR_2019),
    ("2021-09-03", HOLIDAY, "Quốc khánh", LABOUR_2019),
    # 2022
    ("2022-01-01", HOLIDAY, "Tết Dương lịch", LABOUR_2019),
    ("2022-01-03", SUBSTITUTE_OFF, "Tết Dương lịch (nghỉ bù)", LABOUR_2019_BU),
    ("2022-01-31", HOLIDAY, "Giao thừa Tết Nguyên Đán", LABOUR_2019),
    ("2022-02-01", HOLIDAY, "Tết Nguyên Đán", LABOUR_2019),
    ("2022-02-02", HOLIDAY, "Mùng hai Tết Nguyên Đán", LABOUR_2019),
    ("2022-02-03", HOLIDAY, "Mùng ba Tết Nguyên Đán", LABOUR_2019),
    ("2022-02-04", HOLIDAY, "Mùng bốn Tết Nguyên Đán", LABOUR_2019),
    ("2022-04-10", HOLIDAY, "Ngày Giỗ Tổ Hùng Vương", LABOUR_2019),
    ("2022-04-11", SUBSTITUTE_OFF, "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)", LABOUR_2019_BU),
    ("2022-04-30", HOLIDAY, "Ngày Chiến thắng", LABOUR_2019),
    ("2022-05-01", HOLIDAY, "Ngày Quốc tế Lao động", LABOUR_2019),
    ("2022-05-02", SUBSTITUTE_OFF, "Ngày Chiến thắng (nghỉ bù)", LABOUR_2019_BU),
    ("2022-05-03", SUBSTITUTE_OFF, "Ngày Quốc tế Lao động (nghỉ bù)", LABOUR_2019_BU),
    ("2022-09-01", HOLIDAY, "Quốc khánh", LABOUR_2019),
    ("2022-09-02", HOLIDAY, "Quốc khánh", LABOUR_2019),
    # 2023
    ("2023-01-01", HOLIDAY, "Tết Dương lịch", LABOUR_2019),
    ("2023-01-02", SUBSTITUTE_OFF, "Tết Dương lịch (nghỉ bù)", LABOUR_2019_BU),
    ("2023-01-20", HOLIDAY, "29 Tết", LABOUR_2019),
    ("2023-01-21", HOLIDAY, "Giao thừa Tết Nguyên Đán", LABOUR_2019),
    ("2023-01-22", HOLIDAY, "Tết Nguyên Đán", LABOUR_2019),
    ("2023-01-23", HOLIDAY, "Mùng hai Tết Nguyên Đán", LABOUR_2019),
    ("2023-01-24", HOLIDAY, "Mùng ba Tết Nguyên Đán", LABOUR_2019),
    ("2023-01-25", HOLIDAY, "Mùng bốn Tết Nguyên Đán", LABOUR_2019),
    ("2023-01-26", HOLIDAY, "Mùng năm Tết Nguyên Đán", LABOUR_2019),
    ("2023-04-29", HOLIDAY, "Ngày Giỗ Tổ Hùng Vương", LABOUR_2019),
    ("2023-04-30", HOLIDAY, "Ngày Chiến thắng", LABOUR_2019),
    ("2023-05-01", HOLIDAY, "Ngày Quốc tế Lao động", LABOUR_2019),
    ("2023-05-02", SUBSTITUTE_OFF, "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)", LABOUR_2019_BU),
    ("2023-05-03", SUBSTITUTE_OFF, "Ngày Chiến thắng (nghỉ bù)", LABOUR_2019_BU),
    ("2023-09-01", HOLIDAY, "Quốc khánh", LABOUR_2019),
    ("2023-09-02", HOLIDAY, "Quốc khánh", LABOUR_2019),
    ("2023-09-04", SUBSTITUTE_OFF, "Quốc khánh (nghỉ bù)", LABOUR_2019_BU),
    # 2024
    ("2024-01-01", HOLIDAY, "Tết Dương lịch", LABOUR_2019),
    ("2024-02-08", HOLIDAY, "29 Tết", LABOUR_2019),
    ("2024-02-09", HOLIDAY, "Giao thừa Tết Nguyên Đán", LABOUR_2019),
    ("2024-02-10", HOLIDAY, "Tết Nguyên Đán", LABOUR_2019),
    ("2024-02-11", HOLIDAY, "Mùng hai Tết Nguyên Đán", LABOUR_2019),
    ("2024-02-12", HOLIDAY, "Mùng ba Tết Nguyên Đán", LABOUR_2019),
    ("2024-02-13", HOLIDAY, "Mùng bốn Tết Nguyên Đán", LABOUR_2019),
    ("2024-02-14", HOLIDAY, "Mùng năm Tết Nguyên Đán", LABOUR_2019),
    ("2024-04-18", HOLIDAY, "Ngày Giỗ Tổ Hùng Vương", LABOUR_2019),
    ("2024-04-29", SUBSTITUTE_OFF, "Ngày nghỉ (thay cho ngày 04/05/2024)", SWAP),
    ("2024-04-30", HOLIDAY, "Ngày Chiến thắng", LABOUR_2019),
    ("2024-05-01", HOLIDAY, "Ngày Quốc tế Lao động", LABOUR_2019),
    ("2024-05-04", MAKE_UP, "thay cho ngày 29/04/2024", SWAP),
    ("2024-09-02", HOLIDAY, "Quốc khánh", LABOUR_2019),
    ("2024-09-03", HOLIDAY, "Quốc khánh", LABOUR_2019),
    # 2025
    ("2025-01-01", HOLIDAY, "Tết Dương lịch", LABOUR_2019),
    ("2025-01-27", HOLIDAY, "29 Tết", LABOUR_2019),
    ("2025-01-28", HOLIDAY, "Giao thừa Tết Nguyên Đán", LABOUR_2019),
    ("2025-01-29", HOLIDAY, "Tết Nguyên Đán", LABOUR_2019),
    ("2025-01-30", HOLIDAY, "Mùng hai Tết Nguyên Đán", LABOUR_2019),
    ("2025-01-31", HOLIDAY, "Mùng ba Tết Nguyên Đán", LABOUR_2019),
    ("2025-02-01", HOLIDAY, "Mùng bốn Tết Nguyên Đán", LABOUR_2019),
    ("2025-04-07", HOLIDAY, "Ngày Giỗ Tổ Hùng Vương", LABOUR_2019),
    ("2025-04-26", MAKE_UP, "thay cho ngày 02/05/2025", SWAP),
    ("2025-04-30", HOLIDAY, "Ngày Chiến thắng", LABOUR_2019),
    ("2025-05-01", HOLIDAY, "Ngày Quốc tế Lao động", LABOUR_2019),
    ("2025-05-02", SUBSTITUTE_OFF, "Ngày nghỉ (thay cho ngày 26/04/2025)", SWAP),
    ("2025-09-01", HOLIDAY, "Quốc khánh", LABOUR_2019),
    ("2025-09-02", HOLIDAY, "Quốc khánh", LABOUR_2019),
    # 2026
    ("2026-01-01", HOLIDAY, "Tết Dương lịch", LABOUR_2019),
    ("2026-01-02", SUBSTITUTE_OFF, "Ngày nghỉ (thay cho ngày 10/01/2026)", AGREED),
    ("2026-01-10", MAKE_UP, "thay cho ngày 02/01/2026", AGREED),
    ("2026-02-16", HOLIDAY, "Giao thừa Tết Nguyên Đán", LABOUR_2019),
    ("2026-02-17", HOLIDAY, "Tết Nguyên Đán", LABOUR_2019),
    ("2026-02-18", HOLIDAY, "Mùng hai Tết Nguyên Đán", LABOUR_2019),
    ("2026-02-19", HOLIDAY, "Mùng ba Tết Nguyên Đán", LABOUR_2019),
    ("2026-02-20", HOLIDAY, "Mùng bốn Tết Nguyên Đán", LABOUR_2019),
    ("2026-04-26", HOLIDAY, "Ngày Giỗ Tổ Hùng Vương", LABOUR_2019),
    ("2026-04-27", SUBSTITUTE_OFF, "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)", LABOUR_2019_BU),
    ("2026-04-30", HOLIDAY, "Ngày Chiến thắng", LABOUR_2019),
    ("2026-05-01", HOLIDAY, "Ngày Quốc tế Lao động", LABOUR_2019),
    ("2026-08-22", MAKE_UP, "thay cho ngày 31/08/2026", SWAP),
    ("2026-08-31", SUBSTITUTE_OFF, "Ngày nghỉ (thay cho ngày 22/08/2026)", SWAP),
    ("2026-09-01", HOLIDAY, "Quốc khánh", LABOUR_2019),
    ("2026-09-02", HOLIDAY, "Quốc khánh", LABOUR_2019),
    ("2026-11-24", HOLIDAY, "Ngày Văn hóa Việt Nam", CULTURE),
    # 2027
    ("2027-01-01", HOLIDAY, "Tết Dương lịch", LABOUR_2019),
    ("2027-02-04", HOLIDAY, "29 Tết", LABOUR_2019),
    ("2027-02-05", HOLIDAY, "Giao thừa Tết Nguyên Đán", LABOUR_2019),
    ("2027-02-06", HOLIDAY, "Tết Nguyên Đán", LABOUR_2019),
    ("2027-02-07", HOLIDAY, "Mùng hai Tết Nguyên Đán", LABOUR_2019),
    ("2027-02-08", HOLIDAY, "Mùng ba Tết Nguyên Đán", LABOUR_2019),
    ("2027-02-09", HOLIDAY, "Mùng bốn Tết Nguyên Đán", LABOUR_2019),
    ("2027-02-10", HOLIDAY, "Mùng năm Tết Nguyên Đán", LABOUR_2019),
    ("2027-04-16", HOLIDAY, "Ngày Giỗ Tổ Hùng Vương", LABOUR_2019),
    ("2027-04-30", HOLIDAY, "Ngày Chiến thắng", LABOUR_2019),
    ("2027-05-01", HOLIDAY, "Ngày Quốc tế Lao động", LABOUR_2019),
    ("2027-05-03", SUBSTITUTE_OFF, "Ngày Quốc tế Lao động (nghỉ bù)", LABOUR_2019_BU),
    ("2027-09-02", HOLIDAY, "Quốc khánh", LABOUR_2019),
    ("2027-09-03", HOLIDAY, "Quốc khánh", LABOUR_2019),
    ("2027-11-24", HOLIDAY, "Ngày Văn hóa Việt Nam", CULTURE),
]

SHIFTS = [(time(7), time(11, 30)), (time(13, 30), time(17))]


def seed(apps, schema_editor):
    Calendar = apps.get_model("calendars", "Calendar")
    calendar, created = Calendar.objects.get_or_create(
        code="standard",
        defaults={"name": "Lịch hành chính chung", "decided_until": date(2026, 12, 31)},
    )
    if created:
        Shift = apps.get_model("calendars", "Shift")
        Shift.objects.bulk_create(
            Shift(calendar=calendar, starts=starts, ends=ends) for starts, ends in SHIFTS
        )
    SpecialDay = apps.get_model("calendars", "SpecialDay")
    SpecialDay.objects.bulk_create(
        [
            SpecialDay(
                date=date.fromisoformat(day),
                kind=kind,
                is_working=kind == MAKE_UP,
                legal_basis=legal_basis,
                note=note,
            )
            for day, kind, note, legal_basis in SPECIAL_DAYS
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_calendars")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
