"""Who changed what, when, from what to what (nhật ký thay đổi): kept by triggers, append-only.

`@audited()` on a model gives it an event table beside it (`AgencyEvent` for `Agency`), filled by
statement-level triggers (django-pghistory), so that bulk writes and raw SQL are caught as well.
Labels: `insert` and `update` hold the row afterwards, `before` and `delete` the row as it was.
Each event carries who asked, from where and for which address (`agencies.middleware`), in its
own row: there is no shared table that anybody would need the right to change. Nobody can change
an event either: a trigger forbids it, and the application's role lacks the right (motcua.grants).
"""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import models
from pghistory.trigger import Event

Model = TypeVar("Model", bound=type[models.Model])

_SHARED_CONTEXT = "WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) "
_JOINED = ", _pgh_attached_context;"


class _Trigger(Event):
    """Without the library's shared table of contexts, which every event would write to."""

    def get_func(self, model: Any) -> pgtrigger.Func:
        sql = super().get_func(model).func  # type: ignore[no-untyped-call]
        assert _SHARED_CONTEXT in sql
        assert _JOINED in sql
        sql = sql.replace(_SHARED_CONTEXT, "").replace(_JOINED, ";")
        return pgtrigger.Func(sql)  # type: ignore[no-untyped-call]


class _Tracked:
    def add_event_trigger(self: Any, event_model: type[models.Model]) -> None:
        trigger = _Trigger(  # type: ignore[no-untyped-call]
            event_model=event_model,
            label=self.label,
            name=self.trigger_name,
            row=self.row,
            operation=self.operation,
            condition=self.condition,
            level=pgtrigger.Statement,
        )
        pgtrigger.register(trigger)(event_model.pgh_tracked_model)  # type: ignore[attr-defined]


class _Inserted(_Tracked, pghistory.InsertEvent): ...


class _Updated(_Tracked, pghistory.UpdateEvent): ...


class _Deleted(_Tracked, pghistory.DeleteEvent): ...


def audited(*, exclude: tuple[str, ...] = (), secret: tuple[str, ...] = ()) -> Callable[
    [Model], Model
]:  # fmt: skip
    """`exclude`: columns whose changes are no news. `secret`: columns whose values are not kept,
    only that they changed (label `<column>_changed`)."""
    trackers = [
        _Inserted(),
        _Updated(),
        _Updated("before", row="OLD", trigger_name="before_update"),
        _Deleted(),
        *(
            _Updated(
                f"{column}_changed",
                trigger_name=f"{column}_update",
                condition=pgtrigger.AnyChange(column),
            )
            for column in secret
        ),
    ]
    decorator: Callable[[Model], Model] = pghistory.track(
        *trackers,
        exclude=[*exclude, *secret],
        context_field=pghistory.ContextJSONField(),
        context_id_field=pghistory.ContextUUIDField(),
        append_only=True,
        level=pgtrigger.Statement,
    )
    return decorator
