"""What is told to people: messages that leave the house, and notices in the browser.

A message is a row of the outbox, written in the transaction of the act that it tells of; what
sends it looks at the row. It knows a recipient (encrypted), a template and a context without
personal data; what it is about is a public id and nothing more.
"""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from motcua.audit import audited


class Channel(models.TextChoices):
    SMS = "sms", "Tin nhắn SMS"
    EMAIL = "email", "Thư điện tử"
    ZALO = "zalo", "Zalo"


class State(models.TextChoices):
    """`failed` is tried again; `dead` and `uncertain` wait for a person."""

    PENDING = "pending", "Chờ gửi"
    SENDING = "sending", "Đang gửi"
    SENT = "sent", "Đã gửi"
    FAILED = "failed", "Gửi lỗi, sẽ gửi lại"
    DEAD = "dead", "Không gửi được"
    UNCERTAIN = "uncertain", "Chưa rõ đã đến chưa"


class Event(models.TextChoices):
    """What a message tells of; each has a template by channel."""

    ACCEPTED = "accepted", "Đã tiếp nhận hồ sơ"
    SUPPLEMENT = "supplement", "Yêu cầu bổ sung"
    FINANCIAL = "financial", "Yêu cầu nghĩa vụ tài chính"
    READY = "ready", "Đã có kết quả"
    APOLOGY = "apology", "Xin lỗi và hẹn lại"
    REFUSED = "refused", "Không tiếp nhận"
    STOPPED = "stopped", "Dừng giải quyết"
    DUE_SOON = "due_soon", "Hồ sơ sắp đến hạn, quá hạn (cho công chức)"


@audited()
class MessageTemplate(models.Model):
    """The words of an event on a channel; `{code}` and the like are filled in when it is sent."""

    event = models.CharField("sự kiện", max_length=20, choices=Event.choices)
    channel = models.CharField("kênh", max_length=10, choices=Channel.choices)
    subject = models.CharField("tiêu đề", max_length=200, blank=True)
    body = models.TextField("nội dung")
    is_active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = "mẫu tin"
        verbose_name_plural = "mẫu tin"
        ordering = ["event", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "channel"], name="message_template_one_per_channel"
            ),
            models.CheckConstraint(
                condition=Q(event__in=Event.values, channel__in=Channel.values),
                name="message_template_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}, {self.get_channel_display()}"


class Message(models.Model):
    """One message to one recipient; `public_id` is the key by which a gateway knows a repeat."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    # What makes it this message: queued twice, it is one row.
    key = models.CharField(max_length=120, unique=True)
    event = models.CharField("mẫu tin", max_length=20, choices=Event.choices)
    channel = models.CharField("kênh", max_length=10, choices=Channel.choices)
    recipient = models.BinaryField(editable=False)  # motcua.secrets
    context = models.JSONField(default=dict)
    about = models.UUIDField(null=True, blank=True, db_index=True)
    state = models.CharField(
        "tình trạng", max_length=10, choices=State.choices, default=State.PENDING
    )
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    created_at = models.DateTimeField("lập lúc")
    next_attempt_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    # A code of the gateway's or of ours, never its words: they may hold the recipient.
    problem = models.CharField("lỗi", max_length=60, blank=True, default="")
    reference = models.CharField("mã của cổng gửi", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "tin gửi đi"
        verbose_name_plural = "tin gửi đi"
        indexes = [
            # what a worker takes next
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state__in=["pending", "failed"]),
                name="message_to_send",
            ),
            # what a worker that died has left
            models.Index(
                fields=["claimed_at"], condition=Q(state="sending"), name="message_being_sent"
            ),
            # what waits for a person
            models.Index(
                fields=["-id"],
                condition=Q(state__in=["dead", "uncertain"]),
                name="message_stranded",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="message_channel_known"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="message_sent_iff_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", claimed_at__isnull=False) | ~Q(state="sending"),
                name="message_sending_is_claimed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.channel} {self.public_id}"


class Notice(models.Model):
    """Something a member of the staff is told in the browser."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices"
    )
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=1000, blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # the list of a user, the last first
            models.Index(fields=["user", "-id"], name="notice_of_a_user"),
            # the badge
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notice_told_once"),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__regex=r"^/[^/\\]"), name="notice_stays_in_the_house"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
