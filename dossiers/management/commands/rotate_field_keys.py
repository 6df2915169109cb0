from typing import Any

from django.db import transaction

from dossiers.key_rotation import rotate
from motcua.accounts import renew_second_factors
from motcua.commands import Command as BaseCommand
from notifications import key_rotation as of_messages


class Command(BaseCommand):
    help = "Encrypt citizens' numbers, phones and second factors anew with the first key."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rotate()} parties encrypted anew")
        if messages := of_messages.rotate():
            self.stdout.write(f"{messages} messages encrypted anew")
        with transaction.atomic():
            if factors := renew_second_factors():
                self.stdout.write(f"{factors} second factors encrypted anew")
