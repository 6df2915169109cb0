"""Give the application's database role its rights again (as the owner of the tables)."""

from typing import Any

from django.conf import settings
from django.db.utils import ProgrammingError

from motcua import grants
from motcua.commands import Command as BaseCommand
from motcua.commands import CommandRefused


class Command(BaseCommand):
    help = "Cấp lại quyền cho vai trò cơ sở dữ liệu của ứng dụng (DATABASE_APP_ROLE)."

    def handle(self, *args: Any, **options: Any) -> None:
        role = settings.DATABASE_APP_ROLE
        try:
            done = grants.apply()
        except ProgrammingError as error:
            raise CommandRefused("Chỉ chủ sở hữu các bảng mới cấp được quyền.") from error
        if not done:
            raise CommandRefused(f"Không có vai trò “{role}”, hoặc đó là chủ sở hữu các bảng.")
        self.stdout.write(f"Đã cấp quyền cho “{role}”.")
