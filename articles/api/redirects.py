"""/redirects: where an old address of the newsroom's site is now."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api import surrogate_keys
from articles.models.former_url import MAX_LENGTH, SITE_PATH, site_path
from articles.redirects import destination
from cms.api.fields import SparseSerializer
from cms.api.parameters import Parameter, ParameterErrors
from cms.api.problems import ProblemError
from cms.api.views import ReadView


class PathParameter(Parameter):
    """A path on the newsroom's site, with or without a query; never another site's."""

    is_needed = True

    def __init__(self, description: str) -> None:
        # Without maxLength: what is much longer is 414 before it is a wrong parameter.
        schema = {"type": "string", "pattern": f"^{SITE_PATH}$"}
        super().__init__(description, schema, "/en/a-former-slug")

    def parse(self, text: str) -> str:
        try:
            return site_path(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class RedirectSerializer(SparseSerializer):
    """Where a path leads."""

    example: ClassVar[dict[str, Any]] = {
        "path": "/en/a-former-slug",
        "location": "https://www.example.org/en/wind-farm-near-zhanatas-doubles-its-output",
        "status": 301,
    }

    path = serializers.CharField()
    location = serializers.CharField()
    status = serializers.ChoiceField(choices=[HTTPStatus.MOVED_PERMANENTLY.value])


class RedirectView(ReadView):
    """Where an old address of the site is now.

    `path` is what a reader asked your site for and it did not find. Send the reader to `location`,
    which is made by the newsroom's settings and editors, and never of the request.
    """

    topics = surrogate_keys.TOPICS
    reads_clock = False
    serializer_class = RedirectSerializer
    own_parameters: ClassVar[dict[str, Parameter]] = {
        "path": PathParameter(
            "The path on the newsroom's site, with its query if it has one; at most"
            f" {MAX_LENGTH} characters."
        )
    }
    other_statuses = ("404", "410")

    def answer(self, request: Request, **kwargs: str) -> Response:
        errors = ParameterErrors()
        values = self.read_parameters(request, errors)
        errors.raise_any()
        place = destination(values["path"])
        if place.gone is not None:
            raise ProblemError("gone", place.gone)
        if place.address is None:
            raise Http404
        status = HTTPStatus.MOVED_PERMANENTLY
        return Response({"path": values["path"], "location": place.address, "status": status})
