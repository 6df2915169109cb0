"""What the law changes on a day, and where procedures belong: rule sets, fields, decisions."""

from datetime import date

from django.db import models

from motcua.audit import audited


@audited()
class RuleSet(models.Model):
    """What the law changes on a day: forms, code format, policies. A dossier keeps its own."""

    class CodeFormat(models.TextChoices):
        QCVN_102 = "qcvn102", "000.00.00.H00-yymmdd-XXXX (QCVN 102:2016)"
        QD_20 = "qd20", "H00.00-yymmdd-XXXX (QĐ 20/2020/QĐ-TTg)"

    code = models.SlugField("mã", unique=True)
    name = models.CharField("tên", max_length=200)
    effective_on = models.DateField("có hiệu lực từ ngày", unique=True)
    legal_basis = models.TextField("căn cứ pháp lý")
    # {"receipt": {"number": "01", "title": "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"}, …}
    forms = models.JSONField("biểu mẫu")
    code_format = models.CharField("dạng mã hồ sơ", max_length=10, choices=CodeFormat.choices)
    # Taken after this hour, a paper dossier is passed on at the start of the next working day.
    pass_on_until = models.TimeField("giờ chuyển trong ngày")
    # Supplement requests allowed in the examination stage.
    supplements_allowed = models.PositiveSmallIntegerField("số lần yêu cầu bổ sung", default=1)

    class Meta:
        verbose_name = "bộ quy định"
        verbose_name_plural = "bộ quy định"
        ordering = ["effective_on"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def on(cls, day: date) -> "RuleSet":
        """The rule set in force on `day`; raises RuleSet.DoesNotExist before the first one."""
        return cls.objects.filter(effective_on__lte=day).latest("effective_on")


@audited()
class Block(models.Model):
    """The heading under which reports count a field (khối lĩnh vực)."""

    name = models.CharField("tên", max_length=120, unique=True)
    position = models.PositiveSmallIntegerField("thứ tự", unique=True)

    class Meta:
        verbose_name = "khối lĩnh vực"
        verbose_name_plural = "khối lĩnh vực"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


@audited()
class ProcedureField(models.Model):
    """A field of administration (lĩnh vực)."""

    name = models.CharField("tên", max_length=120)
    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="fields")
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "lĩnh vực"
        verbose_name_plural = "lĩnh vực"
        ordering = ["block__position", "position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["block", "name"], name="field_named_once_in_a_block")
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class Decision(models.Model):
    """A decision that publishes changes of the catalogue (quyết định công bố)."""

    number = models.CharField("số, ký hiệu", max_length=60)
    issued_on = models.DateField("ngày ban hành")
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    title = models.CharField("trích yếu", max_length=500, blank=True)
    effective_on = models.DateField("có hiệu lực từ ngày", null=True, blank=True)

    class Meta:
        verbose_name = "quyết định công bố"
        verbose_name_plural = "quyết định công bố"
        ordering = ["-issued_on"]
        constraints = [
            models.UniqueConstraint(fields=["number", "issued_on"], name="decision_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} ngày {self.issued_on:%d/%m/%Y}"
