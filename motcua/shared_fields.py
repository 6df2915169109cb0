"""Forms whose instances share their fields: for what is made at every click.

Django copies every field for every instance, which costs more than cleaning what was typed.
Fields hold no state of a form; a form that changes one of its fields puts its own copy in place.
"""

from typing import Any, TypeVar

from django import forms

Form = TypeVar("Form", bound=type[forms.Form])


class _Shared(dict[str, forms.Field]):
    """Copied as a whole, not field by field."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


def shared_fields(form: Form) -> Form:
    """For the class itself; those derived from it copy theirs again."""
    form.base_fields = _Shared(form.base_fields)
    return form
