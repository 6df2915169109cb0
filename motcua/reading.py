"""Model rows from SQL that is written out, for what every click reads.

Building such a query anew each time costs several times what running it does. The columns are
the models' own, so that a new field is read too.
"""

from functools import cache
from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def columns(model: type[Model], alias: str) -> str:
    """All columns of the model, under the alias of its table."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def taken(model: type[Row], values: list[Any]) -> Row:
    """The instance of the first values, which are removed from the list."""
    names = _names(model)
    own, values[:] = values[: len(names)], values[len(names) :]
    return model.from_db(None, names, own)


@cache
def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
