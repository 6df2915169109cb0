"""The parts of a version: papers, steps, fees."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from agencies.models import Kind, Level, Role
from motcua.audit import audited
from procedures.freezing import frozen_parts
from procedures.models.version import ProcedureVersion


class Channel(models.TextChoices):
    DIRECT = "direct", "Trực tiếp"
    ONLINE = "online", "Trực tuyến"
    POST = "post", "Bưu chính công ích"


@audited()
class Component(models.Model):
    """A paper that a dossier of this version consists of (thành phần hồ sơ)."""

    version = models.ForeignKey(
        ProcedureVersion, on_delete=models.CASCADE, related_name="components"
    )
    position = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên giấy tờ", max_length=500)
    is_required = models.BooleanField("bắt buộc", default=True)
    originals = models.PositiveSmallIntegerField("bản chính", default=1)
    copies = models.PositiveSmallIntegerField("bản sao", default=0)
    source = models.CharField("nguồn dữ liệu", max_length=100, blank=True)
    form_file = models.CharField("mẫu đơn", max_length=200, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="component_placed_once")
        ]
        triggers = frozen_parts("component")

    def __str__(self) -> str:
        return self.name


@audited()
class Step(models.Model):
    """A step of the internal procedure with its own working hours (quy trình nội bộ)."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("bước", max_length=200)
    # Blank: the office of the competent agency itself.
    level = models.CharField("cấp", max_length=10, choices=Level.choices, blank=True)
    office_kind = models.CharField("nơi thực hiện", max_length=20, choices=Kind.choices, blank=True)
    role = models.CharField("vai trò", max_length=15, choices=Role.choices)
    working_hours = models.DecimalField("giờ làm việc", max_digits=6, decimal_places=2)
    # Positions of the steps that may come next, the usual one first; empty: the next position,
    # 0: the end.
    leads_to = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        db_default=[],
        verbose_name="bước sau",
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="step_placed_once"),
            models.CheckConstraint(condition=Q(working_hours__gt=0), name="step_takes_time"),
        ]
        triggers = frozen_parts("step")

    def __str__(self) -> str:
        return self.name


@audited()
class FeeRate(models.Model):
    """A fee or charge of a version; a blank channel means every channel without its own rate."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="fees")
    name = models.CharField("tên phí, lệ phí", max_length=200)
    channel = models.CharField("kênh", max_length=10, choices=Channel.choices, blank=True)
    amount_vnd = models.PositiveBigIntegerField("số tiền (đồng)")
    ground = models.CharField("căn cứ", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "name", "channel"], name="fee_rated_once")
        ]
        triggers = frozen_parts("fee_rate")

    def __str__(self) -> str:
        return f"{self.name}: {self.amount_vnd} đồng"
