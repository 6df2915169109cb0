from typing import Any

from dossiers.key_rotation import rotate
from motcua.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Encrypt citizens' numbers and phones anew with the first of FIELD_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rotate()} parties encrypted anew")
