"""Signs of life of a worker that imports: its own transaction shows nothing until its end."""

import logging
from threading import Event, Thread
from types import TracebackType

from django.db import Error, connection
from django.utils import timezone

from dossiers.models import ImportRun

logger = logging.getLogger(__name__)

EVERY = 5.0  # seconds; a run silent for a dozen of them is given up for dead


class Beat:
    """Writes, beside the import's own transaction, how far it has come."""

    def __init__(self, run_id: int, attempt: int) -> None:
        self._run_id, self._attempt = run_id, attempt
        self._told: tuple[int, int | None] = (0, None)
        self._over = Event()
        self._thread = Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Beat":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, done: int, total: int | None = None) -> None:
        self._told = (done, total)

    def _beat(self) -> None:
        try:
            while not self._over.wait(EVERY):
                self._write()
        finally:
            connection.close()  # of this thread

    def _write(self) -> None:
        done, total = self._told
        values: dict[str, object] = {"beat_at": timezone.now(), "done": done}
        if total is not None:
            values["total"] = total
        try:
            mine = ImportRun.objects.filter(pk=self._run_id, attempt=self._attempt)
            mine.update(**values)
        except Error:
            logger.exception("no beat run=%s", self._run_id)
            connection.close()
