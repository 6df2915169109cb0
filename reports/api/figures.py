"""GET /api/figures/: the figures of an agency, as the command `figures --json` prints them."""

from django.http import Http404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.staff import held_roles, scope
from motcua.context import FIGURES
from reports import figures, questions
from reports.periods import Calendar
from reports.questions import Interagency, Question


class QuestionSerializer(serializers.Serializer[Question]):
    """The options of the command; what they mean is checked by reports.questions."""

    agency = serializers.CharField(max_length=35)
    period = serializers.CharField(max_length=10)
    calendar = serializers.CharField(default=Calendar.ND09.value, max_length=5)
    below = serializers.BooleanField(default=False)
    as_of = serializers.DateField(default=None)
    interagency = serializers.CharField(default=Interagency.COUNTED_ONCE.value, max_length=20)
    by = serializers.CharField(default=None, max_length=10)


class FiguresView(APIView):
    """Only for those whose scope holds the agency, and all below it when they are asked for."""

    def get(self, request: Request) -> Response:
        asked = QuestionSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        agency = questions.find_agency(given.pop("agency"), given["period"], given["calendar"])
        question = Question(agency=agency, **given)
        frame = questions.frame(question, timezone.now())
        self._check_scope(request, question, frame.agency_ids)
        return Response(figures.answer_frame(question, frame).to_json())

    def _check_scope(
        self, request: Request, question: Question, agency_ids: frozenset[int]
    ) -> None:
        seen = scope(request._request).agency_ids
        asks = any(held.role in FIGURES for held in held_roles(request._request))
        needed = agency_ids if question.below else {question.agency.pk}
        if not asks or not needed <= seen:
            raise Http404
