"""The editor of a version's steps; the form holds what is not yet saved.

All agencies share the catalogue: only administrators of a province's agencies write in it.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from agencies.models import Level, Role
from agencies.staff import StaffRequest, staff_required
from motcua.errors import DomainError
from motcua.htmx import wants_partial
from procedures import step_drafting, step_forms
from procedures.errors import DraftTaken
from procedures.models import Procedure, ProcedureVersion
from procedures.step_diagram import draw
from procedures.step_graph import Graph, limit


@staff_required(Role.ADMINISTRATOR, level=Level.PROVINCE)
@vary_on_headers("HX-Request")
def steps(request: StaffRequest, code: str) -> HttpResponse:
    """The draft's steps; without a draft the form that begins one."""
    procedure = get_object_or_404(Procedure, code=code)
    draft = step_drafting.draft_of(procedure)
    if draft is None:
        return _beginning(request, procedure)
    if request.method == "POST":
        return _posted(request, draft)
    editor = step_forms.opened(step_drafting.steps_of(draft), draft.effective_from)
    return _page(request, draft, editor, step_drafting.fingerprint(draft))


@staff_required(Role.ADMINISTRATOR, level=Level.PROVINCE)
@require_POST
def begin(request: StaffRequest, code: str) -> HttpResponse:
    procedure = get_object_or_404(Procedure, code=code)
    form = step_forms.HeadForm(request.POST)
    if not form.is_valid():
        return _beginning(request, procedure, form)
    day, today = form.cleaned_data["effective_from"], timezone.localdate()
    try:
        step_drafting.begin(procedure, effective_from=day, actor=request.user, today=today)
    except DomainError as error:
        form.add_error("effective_from", error.message)
        return _beginning(request, procedure, form)
    return redirect("procedures:steps", code)


@staff_required(Role.ADMINISTRATOR, level=Level.PROVINCE)
@require_POST
def drop(request: StaffRequest, code: str) -> HttpResponse:
    procedure = get_object_or_404(Procedure, code=code)
    draft = step_drafting.draft_of(procedure)
    if draft is not None:
        step_drafting.drop(draft, actor=request.user, today=timezone.localdate())
    return redirect("procedures:detail", code)


def _posted(request: StaffRequest, draft: ProcedureVersion) -> HttpResponse:
    """Move rows and look, save, or save and publish: by the button pressed."""
    editor, seen = step_forms.typed(request.POST.dict()), request.POST.get("seen", "")
    do = request.POST.get("do", "")
    if do not in {"save", "publish"}:
        return _page(request, draft, editor, seen)
    if not editor.is_valid():
        return _page(request, draft, editor, seen, status=422)
    try:
        saved = _save(request, draft, editor, seen)
        if do == "publish":
            step_drafting.publish(
                saved,
                seen=step_drafting.fingerprint(saved),
                actor=request.user,
                today=timezone.localdate(),
            )
            return redirect("procedures:detail", draft.procedure.code)
    except DomainError as error:
        return _refused(request, draft, editor, seen, error)
    return redirect("procedures:steps", draft.procedure.code)


def _save(
    request: StaffRequest, draft: ProcedureVersion, editor: step_forms.Editor, seen: str
) -> ProcedureVersion:
    return step_drafting.save(
        draft,
        editor.rows(),
        effective_from=editor.head.cleaned_data["effective_from"],
        seen=seen,
        actor=request.user,
        today=timezone.localdate(),
    )


def _refused(
    request: StaffRequest,
    draft: ProcedureVersion,
    editor: step_forms.Editor,
    seen: str,
    error: DomainError,
) -> HttpResponse:
    """What was typed stays; saved before a publication was refused, it is the draft now."""
    if "effective_from" in error.fields:
        editor.head.add_error("effective_from", error.message)
    draft = step_drafting.draft_of(draft.procedure) or draft
    if not isinstance(error, DraftTaken):
        seen = step_drafting.fingerprint(draft)
    return _page(request, draft, editor, seen, refusal=error.message, status=422)


def _page(
    request: HttpRequest,
    draft: ProcedureVersion,
    editor: step_forms.Editor,
    seen: str,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "draft": draft,
        "procedure": draft.procedure,
        "editor": editor,
        "seen": seen,
        "refusal": refusal,
        "legal": limit(draft.limit_value, draft.limit_unit),
    }
    if editor.is_valid():
        rows = editor.rows()
        found = step_drafting.judge(draft, rows, timezone.localdate())
        editor.show(found)
        context |= {
            "diagram": draw(rows),
            "problems": found,
            "hours": Graph(rows).longest[0].normalize(),
            "is_sound": not any(not problem.is_warning for problem in found),
        }
    template = "_editor.html" if wants_partial(request) else "editor.html"
    return render(request, f"procedures/steps/{template}", context, status=status)


def _beginning(
    request: HttpRequest, procedure: Procedure, form: step_forms.HeadForm | None = None
) -> HttpResponse:
    published = procedure.versions.filter(status="published").order_by("-number").first()
    if published is None:
        raise PermissionDenied
    context = {
        "procedure": procedure,
        "version": published,
        "form": form or step_forms.HeadForm(),
    }
    status = 422 if form is not None else 200
    return render(request, "procedures/steps/begin.html", context, status=status)
