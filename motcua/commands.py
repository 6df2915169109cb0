"""How every command of the portal refuses: exit 2, one line on stderr, nothing changed."""

import getpass
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NoReturn

from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand, CommandError

from motcua.errors import DomainError


class CommandRefused(CommandError):
    """The one error class of commands: printed as one line, exit code 2."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()), returncode=2)


class _Parser(ArgumentParser):
    """Wrong arguments are refused like any other bad input: one line, exit code 2."""

    def error(self, message: str) -> NoReturn:
        raise CommandRefused(message)


class Command(BaseCommand):
    """Base of our commands: a DomainError becomes the one line on stderr."""

    requires_system_checks: list[str] = []
    # True: what it changes in audited rows is marked with its name and the system's user.
    changes_audited_rows = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = type("CommandParser", (_Parser, parser.__class__), {})
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            with self._named():
                return super().execute(*args, **options)
        except DomainError as error:
            refused = CommandRefused(error.message)
            self._leave(refused)
            raise refused from error
        except CommandRefused as refused:
            self._leave(refused)
            raise

    def _leave(self, refused: CommandRefused) -> None:
        """On the command line the message alone: Django would name our class before it."""
        if getattr(self, "_called_from_command_line", False):
            self.stderr.write(str(refused))
            sys.exit(refused.returncode)

    def _named(self) -> AbstractContextManager[Any]:
        if not self.changes_audited_rows:
            return nullcontext()
        import pghistory  # needs the settings, which come after this module

        name = type(self).__module__.rpartition(".")[2]
        context: AbstractContextManager[Any] = pghistory.context(
            command=name, system_user=getpass.getuser()
        )
        return context


def execute(argv: Sequence[str]) -> int:
    """Run a command line; refusals are one line on stderr."""
    utility = ManagementUtility(list(argv))
    try:
        utility.execute()
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        return error.returncode
    return 0
