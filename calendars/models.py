"""What an office's working time is made of: calendars, shifts, special days (lịch làm việc)."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from motcua.audit import audited

ISO_WEEKDAYS = list(range(1, 8))
MONTH_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"

_weekday = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)])
_month_day = RegexValidator(MONTH_DAY, "Viết tháng-ngày, ví dụ 04-16.")


# Last day of the last year whose days off were announced when this was written.
LAST_ANNOUNCED_DAY = date(2026, 12, 31)


def monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


@audited(exclude=("version", "changed_at"))
class Calendar(models.Model):
    """The working time of one or more offices.

    `version` and `changed_at` move with every edit of the calendar, its shifts or the special
    days that concern it (`calendars.versions`); loaded working time is kept under them.
    """

    code = models.SlugField("mã", max_length=40, unique=True)
    name = models.CharField("tên", max_length=200)
    weekdays = ArrayField(
        _weekday,
        default=monday_to_friday,
        verbose_name="ngày làm việc trong tuần",
        help_text="1 = thứ Hai … 7 = Chủ nhật",
    )
    # Swaps and the choice between 1/9 and 3/9 are announced year by year; later days are the
    # law's fixed holidays only.
    decided_until = models.DateField(
        "lịch nghỉ đã được công bố đến hết ngày",
        default=LAST_ANNOUNCED_DAY,
        help_text="Sau ngày này, ngày nghỉ chỉ là dự kiến theo luật.",
    )
    version = models.PositiveIntegerField("phiên bản", default=1, editable=False)
    changed_at = models.DateTimeField("sửa lần cuối", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "lịch làm việc"
        verbose_name_plural = "lịch làm việc"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=ISO_WEEKDAYS) & Q(weekdays__len__gt=0),
                name="calendar_weekdays_are_iso",
                violation_error_message="Chọn ít nhất một ngày trong tuần, từ 1 đến 7.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class Shift(models.Model):
    """A span of work on some weekdays, or on make-up days, all year or in one season.

    A Saturday-morning counter is a shift with `counter_open` and not `counts_for_deadline`:
    the counter accepts, but the day counts for no deadline.
    """

    calendar = models.ForeignKey(
        Calendar, on_delete=models.CASCADE, related_name="shifts", verbose_name="lịch"
    )
    weekdays = ArrayField(
        _weekday,
        default=monday_to_friday,
        blank=True,
        verbose_name="các ngày trong tuần",
        help_text="1 = thứ Hai … 7 = Chủ nhật",
    )
    on_make_up_days = models.BooleanField("cả ngày làm bù", default=True)
    season_from = models.CharField(
        "mùa: từ", max_length=5, blank=True, validators=[_month_day], help_text="tháng-ngày"
    )
    season_to = models.CharField(
        "mùa: đến hết", max_length=5, blank=True, validators=[_month_day], help_text="tháng-ngày"
    )
    starts = models.TimeField("bắt đầu")
    ends = models.TimeField("kết thúc")
    counts_for_deadline = models.BooleanField("tính vào thời hạn giải quyết", default=True)
    counter_open = models.BooleanField("quầy mở cửa tiếp nhận", default=True)

    class Meta:
        verbose_name = "ca làm việc"
        verbose_name_plural = "ca làm việc"
        ordering = ["calendar", "season_from", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__lt=F("ends")),
                name="shift_starts_before_it_ends",
                violation_error_message="Giờ bắt đầu phải trước giờ kết thúc.",
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=ISO_WEEKDAYS),
                name="shift_weekdays_are_iso",
                violation_error_message="Ngày trong tuần phải từ 1 đến 7.",
            ),
            models.CheckConstraint(
                condition=Q(season_from="", season_to="")
                | Q(season_from__regex=MONTH_DAY, season_to__regex=MONTH_DAY),
                name="shift_season_is_whole",
                violation_error_message="Mùa cần cả ngày đầu và ngày cuối (tháng-ngày).",
            ),
            models.CheckConstraint(
                condition=Q(counts_for_deadline=True) | Q(counter_open=True),
                name="shift_serves_something",
                violation_error_message="Ca phải tính vào thời hạn hoặc mở quầy tiếp nhận.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}-{self.ends:%H:%M}"


@audited()
class SpecialDay(models.Model):
    """A day that differs from its weekday, for one calendar or for all of them."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "Nghỉ lễ, tết"
        SUBSTITUTE_OFF = "substitute_off", "Nghỉ bù, nghỉ hoán đổi"
        MAKE_UP = "make_up", "Làm bù"
        CLOSURE = "closure", "Tạm ngừng làm việc"
        HALF_DAY = "half_day", "Làm việc nửa ngày"

    # On these kinds the office works; the others are days off.
    WORKING_KINDS = (Kind.MAKE_UP, Kind.HALF_DAY)

    calendar = models.ForeignKey(
        Calendar,
        on_delete=models.CASCADE,
        related_name="special_days",
        null=True,
        blank=True,
        verbose_name="phạm vi",
        help_text="Để trống: mọi lịch trong cả nước.",
    )
    date = models.DateField("ngày")
    kind = models.CharField("loại", max_length=20, choices=Kind)
    is_working = models.BooleanField("là ngày làm việc")
    works_from = models.TimeField("làm việc từ", null=True, blank=True)
    works_until = models.TimeField("làm việc đến", null=True, blank=True)
    legal_basis = models.CharField("căn cứ", max_length=300)
    note = models.CharField("tên, ghi chú", max_length=200, blank=True)

    class Meta:
        verbose_name = "ngày đặc biệt"
        verbose_name_plural = "ngày đặc biệt"
        ordering = ["date", "calendar"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date"],
                nulls_distinct=False,
                name="special_day_once_per_scope",
                violation_error_message="Ngày này đã được khai cho phạm vi này.",
            ),
            models.CheckConstraint(
                condition=Q(
                    is_working=True,
                    kind__in=["make_up", "half_day"],
                )
                | Q(is_working=False, kind__in=["holiday", "substitute_off", "closure"]),
                name="special_day_works_by_kind",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="half_day")
                    & (Q(works_from__isnull=False) | Q(works_until__isnull=False))
                )
                | (~Q(kind="half_day") & Q(works_from__isnull=True) & Q(works_until__isnull=True)),
                name="special_day_half_day_has_hours",
                violation_error_message="Chỉ ngày làm việc nửa ngày mới có giờ, và phải có giờ.",
            ),
            models.CheckConstraint(
                condition=~Q(legal_basis=""),
                name="special_day_has_legal_basis",
                violation_error_message="Cần ghi căn cứ.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y}: {self.get_kind_display()}"
