"""The SQL of a hand-over: which leg or dossier goes to which heir is given as two arrays."""

# ruff: noqa: S608 - constants only; every value is a parameter

_GIVEN = "unnest(%(rows)s::bigint[], %(heirs)s::bigint[]) AS given(id, heir)"
# The same hand-over has the same request id: two runs at once cannot both write it.
_EVENT = """
INSERT INTO dossiers_dossierevent (dossier_id, act, at, recorded_at, request_id, agency_id,
    from_status, to_status, due_before, due_after, detail)
SELECT dossier.id, %(act)s, %(at)s, %(now)s,
       md5(concat_ws(':', %(act)s, {what}, given.id, extract(epoch FROM %(at)s)))::uuid,
       given.heir, dossier.status, dossier.status, {due}, {due}, {detail}
"""
LEGS = (
    f"""
    INSERT INTO dossiers_inheritance (leg_id, predecessor_id, heir_id, at)
    SELECT leg.id, leg.agency_id, given.heir, %(at)s
    FROM {_GIVEN} JOIN dossiers_leg leg ON leg.id = given.id
    """,
    _EVENT.format(
        what="'leg'",
        due="leg.due_at",
        detail="jsonb_build_object('leg', leg.position, 'from_agency', leg.agency_id)",
    )
    + f"""
    FROM {_GIVEN} JOIN dossiers_leg leg ON leg.id = given.id
    JOIN dossiers_dossier dossier ON dossier.id = leg.dossier_id
    """,
    # The dossier becomes visible to the heir, and its to decide on when it was the other's.
    f"""
    UPDATE dossiers_dossier d
    SET agency_ids = d.agency_ids || array(
            SELECT unnest(moved.heirs) EXCEPT SELECT unnest(d.agency_ids)
        ),
        competent_id = coalesce(moved.competent, d.competent_id)
    FROM (
        SELECT leg.dossier_id, array_agg(DISTINCT given.heir) AS heirs,
               max(given.heir) FILTER (
                   WHERE leg.agency_id = dossier.competent_id AND NOT leg.is_forwarded
               ) AS competent
        FROM {_GIVEN} JOIN dossiers_leg leg ON leg.id = given.id
        JOIN dossiers_dossier dossier ON dossier.id = leg.dossier_id
        GROUP BY leg.dossier_id
    ) moved
    WHERE d.id = moved.dossier_id
    """,
    f"""
    UPDATE dossiers_leg leg SET agency_id = given.heir FROM {_GIVEN} WHERE leg.id = given.id
    """,
)
DOSSIERS = (
    _EVENT.format(
        what="'held'",
        due="dossier.due_at",
        detail="jsonb_build_object('from_agency', dossier.held_by_id)",
    )
    + f"FROM {_GIVEN} JOIN dossiers_dossier dossier ON dossier.id = given.id",
    f"""
    UPDATE dossiers_steprun step SET agency_id = given.heir
    FROM {_GIVEN} JOIN dossiers_dossier dossier ON dossier.id = given.id
    WHERE step.dossier_id = given.id AND step.done_at IS NULL
      AND step.agency_id = dossier.held_by_id
    """,
    f"""
    UPDATE dossiers_dossier dossier
    SET held_by_id = given.heir,
        agency_ids = CASE WHEN given.heir = ANY(dossier.agency_ids)
            THEN dossier.agency_ids ELSE dossier.agency_ids || given.heir END
    FROM {_GIVEN} WHERE dossier.id = given.id
    """,
)
