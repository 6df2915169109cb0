"""Triggers that freeze a published version: only the end of its validity may still change."""

import pgtrigger

_IS_PUBLISHED = "OLD.status = 'published'"
# What a later decision may do to a published version: end it. Columns to come are frozen too.
_CHANGES_MORE = """
    to_jsonb(OLD) - ARRAY['effective_to', 'abolished_by_id']
    IS DISTINCT FROM to_jsonb(NEW) - ARRAY['effective_to', 'abolished_by_id']
"""

_REFUSE = (
    "RAISE EXCEPTION 'a published procedure version is frozen' USING ERRCODE = 'check_violation';"
)


def frozen_version() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Trigger(
            name="published_version_keeps_its_content",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(f"{_IS_PUBLISHED} AND {_CHANGES_MORE}"),
            func=_REFUSE,
        ),
        pgtrigger.Trigger(
            name="published_version_stays",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            condition=pgtrigger.Condition(_IS_PUBLISHED),
            func=_REFUSE,
        ),
    ]


def frozen_parts(what: str) -> list[pgtrigger.Trigger]:
    """Components, steps and fees are written while their version is a draft."""
    return [
        pgtrigger.Trigger(
            name=f"{what}_of_published_version_stays",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            declare=[("touched", "bigint[]")],
            func=f"""
                IF TG_OP <> 'INSERT' THEN touched := array_append(touched, OLD.version_id); END IF;
                IF TG_OP <> 'DELETE' THEN touched := array_append(touched, NEW.version_id); END IF;
                IF EXISTS (
                    SELECT 1 FROM procedures_procedureversion
                    WHERE id = ANY (touched) AND status = 'published'
                ) THEN {_REFUSE} END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
            """,  # noqa: S608 - a constant
        )
    ]
