"""The version of a procedure that is in force, with all that the counter's form asks of it."""

from datetime import date

from django.db import connection

from motcua.reading import columns, taken
from procedures.models import Block, Component, Procedure, ProcedureField, ProcedureVersion

# Only names of our own models; every value is a parameter.
_SQL = f"""
    SELECT {columns(ProcedureVersion, "version")}, {columns(Procedure, "procedure")},
        {columns(ProcedureField, "field")}, {columns(Block, "block")},
        (SELECT json_agg(json_build_array({columns(Component, "component")})
                         ORDER BY component.position)
         FROM procedures_component component WHERE component.version_id = version.id)
    FROM procedures_procedureversion version
    JOIN procedures_procedure procedure ON procedure.id = version.procedure_id
    JOIN procedures_procedurefield field ON field.id = version.field_id
    JOIN procedures_block block ON block.id = field.block_id
    WHERE procedure.code = %(code)s AND version.status = 'published'
    AND version.effective_from <= %(day)s
    AND (version.effective_to IS NULL OR version.effective_to >= %(day)s)
"""  # noqa: S608


def version_in_force(code: str, on: date) -> ProcedureVersion | None:
    """With procedure, field, block and components at hand; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"code": code, "day": on})
        row = cursor.fetchone()
    if row is None:
        return None
    *values, parts = row
    version = taken(ProcedureVersion, values)
    version.procedure = taken(Procedure, values)
    version.field = taken(ProcedureField, values)
    version.field.block = taken(Block, values)
    _keep(version, [taken(Component, part) for part in parts or ()])
    return version


def _keep(version: ProcedureVersion, parts: list[Component]) -> None:
    """As prefetch_related leaves them: `version.components.all()` asks no more."""
    known = Component.objects.all()
    known._result_cache = parts
    version._prefetched_objects_cache = {"components": known}  # type: ignore[attr-defined]
