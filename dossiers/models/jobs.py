"""Work that a worker does for somebody: exports, bulk acts, imports; and saved views of lists."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.models import Agency
from dossiers.models.dossier import Dossier, ImportBatch
from dossiers.models.files import StoredFile


class JobState(models.TextChoices):
    PENDING = "pending", "Đang chờ"
    RUNNING = "running", "Đang chạy"
    DONE = "done", "Đã xong"
    FAILED = "failed", "Không thành công"


class SavedView(models.Model):
    """A list as somebody likes it: its filters and its order, under a name."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    # The list's route: "dossiers:work", "dossiers:list", "dossiers:register".
    route = models.CharField(max_length=40)
    name = models.CharField("tên", max_length=80)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "route", "name"], name="saved_view_named_once")
        ]

    def __str__(self) -> str:
        return self.name


class Export(models.Model):
    """A list of dossiers as a file, made by a worker; claimed by compare-and-set."""

    class Kind(models.TextChoices):
        WORK = "work", "Việc"
        LIST = "list", "Hồ sơ"
        REGISTER = "register", "Sổ theo dõi hồ sơ"

    class Format(models.TextChoices):
        XLSX = "xlsx", "XLSX"
        CSV = "csv", "CSV"
        PDF = "pdf", "PDF"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    requested_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    format = models.CharField(max_length=4, choices=Format.choices)
    # What was typed in the filters, encrypted: a name or a number may stand in it.
    query_cipher = models.BinaryField(editable=False)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.PENDING)
    started_at = models.DateTimeField(null=True, blank=True)
    # Raised by each claim: a run that was given up for dead can no longer write.
    attempt = models.PositiveSmallIntegerField(default=0, db_default=0)
    # The last sign of life of the run that holds it.
    beat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["requested_at"],
                condition=Q(state__in=["pending", "running"]),
                name="export_waiting",
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class BulkRun(models.Model):
    """One act on many dossiers, done by a worker one by one; `arguments` hold ids only."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    act = models.CharField(max_length=20)
    arguments = models.JSONField(default=dict)
    # The same form sent twice makes one run.
    request_id = models.UUIDField(unique=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.PENDING)
    beat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Of a printing: all papers as one file.
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["requested_at"],
                condition=Q(state__in=["pending", "running"]),
                name="bulk_run_waiting",
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class BulkItem(models.Model):
    """One dossier of a run. Its id is the act's request id: done twice, it is done once."""

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    request_id = models.UUIDField(default=uuid4, unique=True)
    # The state seen when it was chosen.
    seen_status = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.PENDING)
    message = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "dossier"], name="bulk_item_once_in_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.dossier_id}"


class ImportMapping(models.Model):
    """Which column of a source's file is which of ours, remembered for an agency's next file."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    source = models.CharField("hệ thống nguồn", max_length=100)
    columns = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "source"], name="import_mapping_one_of_a_source"
            )
        ]

    def __str__(self) -> str:
        return self.source


class ImportRun(models.Model):
    """A file on its way in: uploaded, mapped, checked, imported, perhaps undone."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Đã tải lên"
        CHECKING = "checking", "Đang kiểm tra"
        CHECKED = "checked", "Đã kiểm tra"
        IMPORTING = "importing", "Đang nhập"
        DONE = "done", "Đã nhập"
        FAILED = "failed", "Không thành công"
        UNDOING = "undoing", "Đang hoàn tác"
        UNDONE = "undone", "Đã hoàn tác"
        EXPIRED = "expired", "Đã hết hạn"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    # For whom: its administrators and leaders look after the run.
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="import_runs")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="import_runs"
    )
    uploaded_at = models.DateTimeField()
    source = models.CharField("hệ thống nguồn", max_length=100)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    # Raised by each claim: a run that was given up for dead can no longer write.
    attempt = models.PositiveSmallIntegerField(default=0, db_default=0)
    # The last sign of life of the worker that holds it; null while it waits for one.
    beat_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0, db_default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    # What the file looked like: sheets, headers, first values; emptied when the run is over.
    glance = models.JSONField(default=dict)
    # {"inserted", "unchanged", "checked", "faults", "errors": […]}, as import_dossiers answers
    report = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True, db_default="")
    batch = models.OneToOneField(
        ImportBatch, on_delete=models.SET_NULL, null=True, blank=True, related_name="run"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    # When the file's content was thrown away; the facts of the run stay.
    cleared_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["uploaded_at"],
                condition=Q(state__in=["checking", "importing", "undoing"]),
                name="import_run_waiting",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False, undone_by__isnull=False)
                | ~Q(state="undone"),
                name="import_run_undone_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)
