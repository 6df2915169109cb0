"""The dossier itself: what it is, where it is, and what must hold of it."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse
from django.urls import reverse

from agencies.models import Agency
from dossiers.models.party import Party
from dossiers.querysets import DossierQuerySet
from procedures.models import Channel, ProcedureVersion, RuleSet


class Status(models.IntegerChoices):
    """The national codes of a dossier's state (trạng thái hồ sơ, Cổng DVCQG)."""

    REGISTERED = 1, "Mới đăng ký"
    ACCEPTED = 2, "Được tiếp nhận"
    REFUSED = 3, "Không được tiếp nhận"
    PROCESSING = 4, "Đang xử lý"
    SUPPLEMENT = 5, "Yêu cầu bổ sung giấy tờ"
    FINANCIAL = 6, "Yêu cầu thực hiện nghĩa vụ tài chính"
    WITHDRAWN = 7, "Công dân yêu cầu rút hồ sơ"
    STOPPED = 8, "Dừng xử lý"
    DONE = 9, "Đã xử lý xong"
    RETURNED = 10, "Đã trả kết quả"


# The states in which an accepted dossier's work goes on.
OPEN = (Status.ACCEPTED, Status.PROCESSING, Status.SUPPLEMENT, Status.FINANCIAL)
ENDED = (Status.WITHDRAWN, Status.STOPPED, Status.DONE, Status.RETURNED)


class Payment(models.TextChoices):
    NONE = "none", "Không thu"
    DUE = "due", "Chưa nộp"
    SETTLED = "settled", "Đã nộp"
    WAIVED = "waived", "Được miễn"


class Delivery(models.TextChoices):
    COUNTER = "counter", "Tại Bộ phận Một cửa"
    POST = "post", "Qua bưu chính công ích"
    ELECTRONIC = "electronic", "Bản điện tử"


class Capacity(models.TextChoices):
    """In what capacity somebody stands at the counter (tư cách người nộp)."""

    OWN = "own", "Tự nộp"
    AUTHORISED = "authorised", "Được ủy quyền"
    ORGANISATION = "organisation", "Cho tổ chức"
    ASSISTED = "assisted", "Được cán bộ hỗ trợ nộp trực tuyến"


class ImportBatch(models.Model):
    """One run of import_dossiers."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    # Invented persons and dates: marked on screen and on paper.
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.file_name


class Dossier(models.Model):
    """One request of a citizen or an organisation, from its submission to its result.

    Before acceptance it has no code and stands in no figure. `due_at` is the due moment now in
    force (null while suspended); the ledger behind it is ClockSpan, leg by leg.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField("mã hồ sơ", max_length=50, unique=True, null=True)  # noqa: DJ001 - null: not accepted yet
    intake_key = models.UUIDField(editable=False)
    intake_hash = models.CharField(max_length=64, editable=False)
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="dossiers")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT)
    # Where the citizen stood; the competent agency may be another one.
    lodged_at = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="lodged_dossiers")
    competent = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="competent_dossiers"
    )
    # Who has it in hand now.
    held_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="held_dossiers")
    # Every agency that it is or was at: what `visible_to` reads.
    agency_ids = ArrayField(models.BigIntegerField())
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="dossiers_in_hand",
    )
    channel = models.CharField("kênh", max_length=10, choices=Channel.choices)
    status = models.PositiveSmallIntegerField("trạng thái", choices=Status.choices)
    holder = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="dossiers")
    applicant = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="applied_dossiers"
    )
    # As they stood on the day of acceptance, for the papers.
    holder_name = models.CharField("chủ hồ sơ", max_length=200)
    holder_fold = models.CharField(max_length=200, editable=False)
    holder_address = models.CharField("địa chỉ", max_length=300, blank=True)
    summary = models.CharField("nội dung yêu cầu", max_length=500, blank=True)
    capacity = models.CharField(
        "tư cách nộp",
        max_length=15,
        choices=Capacity.choices,
        default=Capacity.OWN,
        db_default="own",
    )
    # Who helped the citizen to submit online at the counter; the citizen is the principal.
    assisted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # The line in the counter's register (sổ theo dõi hồ sơ); null for imported dossiers.
    register_year = models.PositiveSmallIntegerField("năm sổ", null=True, blank=True)
    register_volume = models.PositiveSmallIntegerField("quyển số", null=True, blank=True)
    register_number = models.PositiveIntegerField("số thứ tự", null=True, blank=True)
    submitted_at = models.DateTimeField("nộp trực tuyến lúc", null=True, blank=True)
    accepted_at = models.DateTimeField("tiếp nhận lúc", null=True, blank=True)
    original_due_at = models.DateTimeField("hẹn trả ban đầu", null=True, blank=True)
    due_at = models.DateTimeField("hẹn trả", null=True, blank=True)
    lapses_at = models.DateTimeField("quá hạn từ", null=True, blank=True)
    promised_at = models.DateTimeField("hẹn lại", null=True, blank=True)
    ended_at = models.DateTimeField("xong lúc", null=True, blank=True)
    returned_at = models.DateTimeField("trả kết quả lúc", null=True, blank=True)
    # Why it was refused, withdrawn or stopped; the papers (Mẫu 03, Mẫu 05) print it.
    closing_reason = models.CharField("lý do", max_length=1000, blank=True, db_default="")
    supplement_count = models.PositiveSmallIntegerField("số lần bổ sung", default=0)
    financial_status = models.CharField(
        max_length=10, choices=Payment.choices, default=Payment.NONE
    )
    delivery = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.COUNTER)
    delivered_at = models.DateTimeField(null=True, blank=True)
    sync_status = models.CharField(max_length=10, blank=True, default="")
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    is_demo = models.BooleanField(default=False)

    objects: ClassVar[DossierQuerySet] = DossierQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "hồ sơ"
        verbose_name_plural = "hồ sơ"
        indexes = [
            # work list of an agency, most urgent first, keyset by (lapses_at, id)
            models.Index(
                fields=["held_by", "lapses_at", "id"],
                name="dossier_work",
                condition=Q(status__in=[2, 4, 5, 6]),
            ),
            # work list over a whole scope (leaders, province)
            models.Index(
                fields=["lapses_at", "id"],
                name="dossier_work_all",
                condition=Q(status__in=[2, 4, 5, 6]),
            ),
            # own work of an officer
            models.Index(
                fields=["officer", "lapses_at", "id"],
                name="dossier_own_work",
                condition=Q(status__in=[2, 4, 5, 6]),
            ),
            # everything of an agency, newest first
            models.Index(fields=["held_by", "-accepted_at", "-id"], name="dossier_newest"),
            # online ones to be received, the longest waiting first
            models.Index(
                fields=["held_by", "submitted_at", "id"],
                name="dossier_to_receive",
                condition=Q(status=1),
            ),
            # results to hand over and unclaimed ones: where they lie, and where they were lodged
            models.Index(
                fields=["held_by", "ended_at", "id"],
                name="dossier_result_held",
                condition=Q(status=9),
            ),
            models.Index(
                fields=["lodged_at", "ended_at", "id"],
                name="dossier_result_lodged",
                condition=Q(status=9),
            ),
            # all of a wide scope by acceptance and by name; accepted from … to …
            models.Index(fields=["accepted_at", "id"], name="dossier_by_acceptance"),
            models.Index(fields=["holder_fold", "id"], name="dossier_by_name"),
            # search by the last digits of a code: `reverse(code) LIKE '4321%'`
            models.Index(
                OpClass(Reverse("code"), name="text_pattern_ops"), name="dossier_code_tail"
            ),
            # everything in a narrow scope (`in_scope`): a new agency's list must not read all
            GinIndex(fields=["agency_ids"], name="dossier_scope"),
            # search by the words of the holder's name, accents ignored; trigrams would be five
            # times as large, and find most of all Nguyễn Thị before they find the one
            GinIndex(SearchVector("holder_fold", config="simple"), name="dossier_holder_words"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lodged_at", "intake_key"], name="dossier_taken_in_once"
            ),
            models.UniqueConstraint(
                fields=["lodged_at", "register_year", "register_volume", "register_number"],
                condition=Q(register_number__isnull=False),
                name="dossier_registered_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    register_year__isnull=True,
                    register_volume__isnull=True,
                    register_number__isnull=True,
                )
                | Q(
                    register_year__isnull=False,
                    register_volume__isnull=False,
                    register_number__isnull=False,
                ),
                name="dossier_registered_wholly",
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=Capacity.values), name="dossier_capacity_known"
            ),
            models.CheckConstraint(
                condition=Q(capacity="assisted", assisted_by__isnull=False)
                | (~Q(capacity="assisted") & Q(assisted_by__isnull=True)),
                name="dossier_assisted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="dossier_status_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="dossier_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, code__isnull=True)
                | Q(accepted_at__isnull=False, code__isnull=False),
                name="dossier_coded_iff_accepted",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[1, 3, 5, 7], accepted_at__isnull=True)
                | Q(status__in=[2, 4, 5, 6, 7, 8, 9, 10], accepted_at__isnull=False),
                name="dossier_works_only_when_accepted",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[3, 7, 8, 9, 10], ended_at__isnull=False)
                | Q(status__in=[1, 2, 4, 5, 6], ended_at__isnull=True),
                name="dossier_finished_iff_closed",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(status=10),
                name="dossier_handed_over_iff_returned",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | Q(accepted_at__isnull=True)
                | Q(ended_at__gte=F("accepted_at")),
                name="dossier_ends_after_acceptance",
            ),
            models.CheckConstraint(
                condition=Q(original_due_at__isnull=True)
                | Q(original_due_at__gte=F("accepted_at")),
                name="dossier_due_after_acceptance",
            ),
        ]

    def __str__(self) -> str:
        return self.code or f"#{self.public_id}"

    def get_absolute_url(self) -> str:
        return reverse("dossiers:detail", args=[self.public_id])
