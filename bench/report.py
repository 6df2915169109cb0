"""A district's quarter report, built wholly, against WeasyPrint on the same finished HTML.

    DATABASE_URL=… .venv/bin/python bench/report.py [--agency 525] [--period 2024-Q2]

On a database that holds the demonstration (or any dossiers of that agency). The build computes
the figures, composes the text, lays out the PDF and writes PDF and XLSX; the yardstick lays out
the same HTML with bare WeasyPrint. Both after a warm-up: imports and fonts are paid once per
worker. Fails above a ratio of 1.3.
"""

import argparse
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import perf_counter, process_time

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from motcua import pdf  # noqa: E402
from reports import district_quarter, output, questions  # noqa: E402

MUST_REACH = 1.3
KIND = "district_quarter"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--agency", default="525")
    parser.add_argument("--period", default="2024-Q2")
    given = parser.parse_args()
    agency = questions.find_agency(given.agency, given.period)

    def source() -> output.Source:
        return output.source_for(agency, KIND, given.period, "nd09", timezone.now(), draft=False)

    with tempfile.TemporaryDirectory() as folder:

        def build() -> None:
            output.write(Path(folder), "report", source(), lambda percent, step: None)

        once = source()
        paper = district_quarter.compose(
            once.snapshot, once.narrative, created=once.created, is_draft=False
        )
        html = district_quarter.html(paper)
        build()
        taken, plain = _best(build, lambda: _weasyprint(html))
        figures, _ = _best(source, lambda: None)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"dossiers counted {once.snapshot.received.c3:,}, HTML {len(html) / 1024:.0f} kB")
    print(
        f"WeasyPrint {plain.wall:.2f} s, whole build {taken.wall:.2f} s"
        f" (figures {figures.wall:.2f} s of it), peak memory {peak:.0f} MB"
    )
    print(f"of the processor alone: {plain.cpu:.2f} s and {taken.cpu:.2f} s")
    print(f"ratio {taken.wall / plain.wall:.2f} (must reach {MUST_REACH})")
    return 0 if taken.wall <= MUST_REACH * plain.wall else 1


def _weasyprint(html: str) -> None:
    from weasyprint import HTML

    HTML(string=html).write_pdf(pdf_variant=pdf.VARIANT)


@dataclass
class Seconds:
    wall: float = inf
    cpu: float = inf


def _best(
    one: Callable[[], object], other: Callable[[], object], times: int = 15
) -> tuple[Seconds, Seconds]:
    """The least of each, taken in turns: what else the machine does only adds."""
    best = (Seconds(), Seconds())
    for _ in range(times):
        for what, least in zip((one, other), best, strict=True):
            began, worked = perf_counter(), process_time()
            what()
            least.wall = min(least.wall, perf_counter() - began)
            least.cpu = min(least.cpu, process_time() - worked)
    return best


if __name__ == "__main__":
    sys.exit(main())
