"""A whole catalogue file: read, checked row by row, published."""

from pathlib import Path

from procedures import files, publication, rows
from procedures.errors import RowsRefused

# The demonstration's catalogue: public facts and typical values, never the official catalogue.
DEMONSTRATION = Path(__file__).parent / "catalogue" / "demo.csv"


def load(path: Path) -> publication.Published:
    """All rows or none; running it twice changes nothing the second time."""
    parsed, problems = [], []
    for number, values in files.read(path):
        row, wrong = rows.parse(number, values)
        problems += wrong
        if row is not None:
            parsed.append(row)
    if problems:
        raise RowsRefused([vars(problem) for problem in problems])
    return publication.publish(parsed)
