from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cms.api.fields import SparseSerializer
from cms.api.parameters import ChoicesParameter, Parameter, ParameterErrors, Pattern
from cms.api.views import ReadView
from cms.changes.models import Topic
from cms.changes.snapshot import current_head
from cms.changes.sync import tokens
from cms.changes.sync.pages import Reader
from cms.changes.sync.types import heavy_names, registered

_EXAMPLE_TOKEN = "Jx0aVgE4l2bXbVQw0e5l3FsiMGI2ZGRiNWUiLDQxN10"  # noqa: S105 -- sealed by nobody


class TokenParameter(Pattern):
    def __init__(self) -> None:
        description = "Only what has changed since: the `next_token` of the answer before."
        super().__init__(
            description, "[a-zA-Z0-9_-]{20,400}", f"a whole token. {tokens.HOW}", _EXAMPLE_TOKEN
        )


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="SyncData",
        serializers=lambda: [each.serializer_class for each in registered()],
        resource_type_field_name=None,
        many=False,
    )
)
class DataField(serializers.ReadOnlyField):
    """The object itself, in the shape of its type."""


class ItemSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=["upsert", "delete"])
    type = serializers.CharField()
    id = serializers.IntegerField(min_value=1)
    slug = serializers.CharField(allow_null=True)
    version = serializers.IntegerField(min_value=0)
    data = DataField(allow_null=True)  # type: ignore[assignment]  # not the property of that name


class SyncSerializer(SparseSerializer):
    """What a copy has to take over, in this order."""

    example: ClassVar[Mapping[str, Any]] = {
        "items": [
            {
                "action": "delete",
                "type": "article",
                "id": 417,
                "slug": "wind-farm-near-zhanatas-doubles-its-output",
                "version": 90210,
                "data": None,
            }
        ],
        "has_more": False,
        "next_token": _EXAMPLE_TOKEN,
    }

    items = ItemSerializer(many=True)
    has_more = serializers.BooleanField()
    next_token = serializers.CharField()


class SyncView(ReadView):
    """Everything public, and then only what has changed.

    Without a token a copy begins: page by page everything there is, regions, tags and authors
    first. Each answer ends in a `next_token`; ask again with it, at once while `has_more`. Whoever
    takes over every item in order holds exactly what is public, whatever was written meanwhile.
    A 410 says that the copy has to start again.
    """

    serializer_class = SyncSerializer
    topics = (Topic.ARTICLES, Topic.TAXONOMY)
    is_kept = False  # almost every caller has a token of its own
    is_shared = False  # no purge tells of each change that an answer depends on
    other_statuses = ("410",)

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        include = ChoicesParameter("Show these heavy fields of articles too.", heavy_names())
        return {"token": TokenParameter(), "include": include}

    def answer(self, request: Request, **kwargs: str) -> Response:
        errors = ParameterErrors()
        query = request._request.GET
        parameters = self.parameters()
        errors.refuse_unknown(query, parameters)
        text = errors.read("token", parameters["token"], query)
        include = errors.read("include", parameters["include"], query)
        token = errors.attempt(lambda: tokens.opened(text)) if text else None
        errors.raise_any()
        page = Reader(current_head(), include or ()).page(token)
        return Response(
            {
                "items": page.items,
                "has_more": page.has_more,
                "next_token": page.next_token.sealed(),
            }
        )
