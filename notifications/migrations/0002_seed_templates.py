"""The first words of every event, by SMS and e-mail; administrators rewrite them."""

from django.db import migrations

SMS = {
    "accepted": "{agency}: đã tiếp nhận hồ sơ {code} ({procedure}). Hẹn trả {due}. Tra cứu: {link}",
    "supplement": "{agency}: hồ sơ {code} cần bổ sung giấy tờ. Xin xem phiếu yêu cầu bổ sung hoặc tra cứu: {link}",
    "financial": "{agency}: hồ sơ {code} cần thực hiện nghĩa vụ tài chính để được giải quyết tiếp. Tra cứu: {link}",
    "ready": "{agency}: hồ sơ {code} đã có kết quả. Mời ông/bà đến nhận theo giấy hẹn. Tra cứu: {link}",
    "apology": "{agency} xin lỗi ông/bà: hồ sơ {code} chưa xong đúng hẹn {due}. Hẹn trả lại {promised}. Tra cứu: {link}",
    "refused": "{agency}: hồ sơ {procedure} chưa được tiếp nhận. Lý do ghi trong phiếu từ chối tiếp nhận. Tra cứu: {link}",
    "stopped": "{agency}: hồ sơ {code} dừng giải quyết. Lý do ghi trong thông báo gửi ông/bà. Tra cứu: {link}",
}

GREETING = "Kính gửi ông/bà,\n\n"
END = "\n\nTra cứu tình trạng hồ sơ: {link}\n\nTrân trọng,\n{agency}\n\n(Thư gửi tự động, xin không trả lời thư này.)\n"
FACTS = "\n\nMã hồ sơ: {code}\nThủ tục: {procedure}"

EMAIL = {
    "accepted": (
        "Đã tiếp nhận hồ sơ {code}",
        "{agency} đã tiếp nhận hồ sơ của ông/bà." + FACTS + "\nHẹn trả kết quả: {due}",
    ),
    "supplement": (
        "Hồ sơ {code} cần bổ sung giấy tờ",
        "Hồ sơ của ông/bà cần bổ sung, hoàn thiện. Các giấy tờ cần bổ sung và lý do ghi trong phiếu yêu cầu "
        "bổ sung; thời gian chờ bổ sung không tính vào thời hạn giải quyết." + FACTS,
    ),
    "financial": (
        "Hồ sơ {code} cần thực hiện nghĩa vụ tài chính",
        "Đề nghị ông/bà thực hiện nghĩa vụ tài chính để hồ sơ được giải quyết tiếp." + FACTS,
    ),
    "ready": (
        "Hồ sơ {code} đã có kết quả",
        "Hồ sơ của ông/bà đã có kết quả. Mời ông/bà nhận kết quả theo cách đã đăng ký." + FACTS,
    ),
    "apology": (
        "Xin lỗi và hẹn lại ngày trả kết quả hồ sơ {code}",
        "{agency} chân thành xin lỗi ông/bà vì hồ sơ chưa giải quyết xong đúng hẹn." + FACTS
        + "\nNgày hẹn trả: {due}\nNguyên nhân: {reason}\nHẹn trả lại: {promised}",
    ),
    "refused": (
        "Hồ sơ chưa được tiếp nhận",
        "Hồ sơ của ông/bà chưa được tiếp nhận. Lý do cụ thể ghi trong phiếu từ chối tiếp nhận."
        "\n\nThủ tục: {procedure}",
    ),
    "stopped": (
        "Hồ sơ {code} dừng giải quyết",
        "Hồ sơ của ông/bà dừng giải quyết. Lý do ghi trong thông báo gửi ông/bà." + FACTS,
    ),
}
DUE_SOON = (
    "Có {count} hồ sơ sắp đến hạn hoặc quá hạn",
    "Các hồ sơ sau cần được xử lý:\n\n{lines}\n\nMở danh sách: {link}\n\n(Thư gửi tự động từ hệ thống một cửa.)\n",
)


def seed(apps, schema_editor):
    MessageTemplate = apps.get_model("notifications", "MessageTemplate")
    rows = [(event, "sms", "", body) for event, body in SMS.items()]
    rows += [
        (event, "email", subject, GREETING + body + END) for event, (subject, body) in EMAIL.items()
    ]
    rows.append(("due_soon", "email", *DUE_SOON))
    # Seeds are nobody's change, and rows of an append-only history cannot be put back by tests.
    schema_editor.execute("ALTER TABLE notifications_messagetemplate DISABLE TRIGGER USER")
    for event, channel, subject, body in rows:
        MessageTemplate.objects.get_or_create(
            event=event, channel=channel, defaults={"subject": subject, "body": body}
        )
    schema_editor.execute("ALTER TABLE notifications_messagetemplate ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_messages")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
