"""How the API answers a refusal: {"code", "message", "fields"} with 422, in one place."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from motcua.errors import DomainError


def answer_refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """DomainErrors are the client's; whatever is unknown stays a server error."""
    if isinstance(error, DomainError):
        body = {"code": error.code, "message": error.message, "fields": error.fields}
        return Response(body, status=422)
    return exception_handler(error, context)
