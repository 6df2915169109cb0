"""Lateness seen first: whom to warn when, what may be late, and the apology for it."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from dossiers.models.dossier import Dossier
from motcua.audit import audited


def one_two_three() -> list[int]:
    return [1, 2, 3]


@audited()
class WarningPolicy(models.Model):
    """How many working days before the due date an agency's people are told; null: everyone's."""

    agency = models.OneToOneField(
        Agency, on_delete=models.PROTECT, null=True, blank=True, verbose_name="cơ quan"
    )
    days = ArrayField(
        models.PositiveSmallIntegerField(),
        default=one_two_three,
        verbose_name="số ngày làm việc trước hạn",
    )

    class Meta:
        verbose_name = "mức cảnh báo trước hạn"
        verbose_name_plural = "mức cảnh báo trước hạn"
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], nulls_distinct=False, name="warning_policy_one_default"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id or 'chung'}: {self.days}"


class WarningGiven(models.Model):
    """This user was told that this dossier has so many working days left; 0: today, -1: overdue.

    What makes each warning one; forgotten when the dossier has ended.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    days = models.SmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "user", "days"], name="warning_given_once")
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.user_id} {self.days}"


@audited()
class LatenessCause(models.Model):
    """Why dossiers are late (nguyên nhân quá hạn); reports count them."""

    code = models.SlugField("mã", unique=True)
    name = models.CharField("nguyên nhân", max_length=200)
    position = models.PositiveSmallIntegerField("thứ tự")
    is_active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = "nguyên nhân quá hạn"
        verbose_name_plural = "nguyên nhân quá hạn"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Apology(models.Model):
    """Mẫu 04: drafted before the due date, signed by the leader, told to the citizen.

    It promises a new date at most once and cures nothing: the dossier stays overdue.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="apologies")
    cause = models.ForeignKey(LatenessCause, on_delete=models.PROTECT, null=True, blank=True)
    explanation = models.CharField("nguyên nhân cụ thể", max_length=1000, blank=True)
    # The due moment that is missed, and the new one.
    due_at = models.DateTimeField()
    promised_at = models.DateTimeField("hẹn trả lại", null=True, blank=True)
    drafted_at = models.DateTimeField()
    # Null: drafted by the nightly task.
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The dossier ended in time after all.
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(dropped_at__isnull=True),
                name="apology_promises_once",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True)
                | Q(
                    signed_by__isnull=False,
                    cause__isnull=False,
                    promised_at__isnull=False,
                    dropped_at__isnull=True,
                ),
                name="apology_signed_when_whole",
            ),
            models.CheckConstraint(
                condition=Q(promised_at__isnull=True) | Q(promised_at__gt=F("due_at")),
                name="apology_promises_a_later_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.promised_at}"


class RiskMark(models.Model):
    """The dossier will be late at the present pace of its office (có nguy cơ), and why."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="risk")
    expected_at = models.DateTimeField("dự kiến xong")
    reason = models.CharField("lý do", max_length=300)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.expected_at}"
