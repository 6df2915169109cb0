"""The statutory papers and the running numbers: what was issued under which, and each printing."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from dossiers.models.clock import SupplementRequest
from dossiers.models.dossier import Dossier
from dossiers.models.lateness import Apology
from motcua.audit import audited


class SlipKind(models.TextChoices):
    """The keys of `RuleSet.forms`; number and title stand there."""

    RECEIPT = "receipt", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
    SUPPLEMENT = "supplement", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"
    REFUSAL = "refusal", "Phiếu từ chối tiếp nhận giải quyết hồ sơ"
    APOLOGY = "apology", "Phiếu xin lỗi và hẹn lại ngày trả kết quả"
    STOP = "stop", "Thông báo dừng giải quyết hồ sơ"
    CONTROL_SLIP = "control_slip", "Phiếu kiểm soát quá trình giải quyết hồ sơ"
    REGISTER = "register", "Sổ theo dõi hồ sơ"


# One of each in a dossier's life; supplements and apologies are told apart by their own rows.
_SINGLE = ("receipt", "refusal", "stop", "control_slip")


class SlipCounter(models.Model):
    """The running number of an agency's slips of a kind in a year; its row is the lock."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=15, choices=SlipKind.choices)
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "kind"], name="slip_counter_one_per_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.kind} {self.year} {self.last}"


class Slip(models.Model):
    """A statutory paper that was issued; what it says is told by the dossier's rows.

    `number` is null for papers that carry the dossier's code alone.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="slips")
    kind = models.CharField(max_length=15, choices=SlipKind.choices)
    supplement = models.OneToOneField(
        SupplementRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="slip"
    )
    apology = models.OneToOneField(
        Apology, on_delete=models.PROTECT, null=True, blank=True, related_name="slip"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField("số", null=True, blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "kind", "number"], name="slip_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["dossier", "kind"],
                condition=Q(kind__in=_SINGLE),
                name="slip_issued_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="supplement", supplement__isnull=False, apology__isnull=True)
                | Q(kind="apology", apology__isnull=False, supplement__isnull=True)
                | Q(kind__in=_SINGLE, supplement__isnull=True, apology__isnull=True),
                name="slip_tells_of_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.kind} {self.number or ''}".strip()


class SlipPrint(models.Model):
    """One printing; every one after the first is marked as a copy. Append-only."""

    slip = models.ForeignKey(Slip, on_delete=models.PROTECT, related_name="prints")
    request_id = models.UUIDField(unique=True)
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.slip_id} {self.printed_at}"


@audited()
class SlipForm(models.Model):
    """A province's own form of a slip (such as QĐ 1179), from one day to another.

    `layout` has the shape of `RuleSet.forms[kind]` and goes over it:
    {"number", "title", "fields": [key, …], "labels": {key: text}, "notes": [text, …]}.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, verbose_name="cơ quan")
    kind = models.CharField("loại phiếu", max_length=15, choices=SlipKind.choices)
    effective_from = models.DateField("từ ngày")
    effective_to = models.DateField("đến hết ngày", null=True, blank=True)
    legal_basis = models.CharField("căn cứ", max_length=300)
    layout = models.JSONField("nội dung")

    class Meta:
        verbose_name = "mẫu phiếu của địa phương"
        verbose_name_plural = "mẫu phiếu của địa phương"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "effective_from"], name="slip_form_one_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="slip_form_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_from}"


class RegisterCounter(models.Model):
    """Where the register (sổ theo dõi hồ sơ) of a counter stands in a year; its row is the lock.

    A volume is full after `size` dossiers; a clerk may close it before.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    volume = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()
    size = models.PositiveIntegerField("số hồ sơ mỗi quyển", default=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="register_one_per_year"),
            models.CheckConstraint(
                condition=Q(last__lte=F("size"), volume__gte=1), name="register_volume_not_overfull"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.year}/{self.volume}: {self.last}"


class RegisterClosing(models.Model):
    """A clerk or a leader closed a volume before it was full, and opened the next. Append-only."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    volume = models.PositiveSmallIntegerField()
    # The number of its last line.
    last = models.PositiveIntegerField()
    request_id = models.UUIDField(unique=True)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "volume"], name="register_volume_closed_once"
            ),
            models.CheckConstraint(condition=Q(last__gte=1), name="register_volume_has_lines"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.year}/{self.volume}"


class DossierCounter(models.Model):
    """The running number of an agency's own codes on a day; its row is the lock."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "day"], name="counter_one_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.day} {self.last}"
