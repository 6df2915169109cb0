"""What every test may rely on."""

import pgtrigger
from django.db.backends.base.creation import BaseDatabaseCreation

from motcua import localservices


def pytest_configure() -> None:
    """A bare `pytest` starts the private services like every other entry point."""
    if localservices.needed():
        localservices.ensure()
    _put_seeds_back_without_triggers()


def _put_seeds_back_without_triggers() -> None:
    """Seeds with a history: rows of an append-only table are not written over."""
    restore = BaseDatabaseCreation.deserialize_db_from_string

    def put_back(creation: BaseDatabaseCreation, data: str) -> None:
        with pgtrigger.ignore():
            restore(creation, data)

    setattr(BaseDatabaseCreation, "deserialize_db_from_string", put_back)  # noqa: B010
