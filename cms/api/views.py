"""The kinds of endpoint there are for readers: a list, a short list and a detail.

A view names its queryset, serializer, filter set and orderings; everything that api.md says of
every endpoint happens here.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache, partial
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from cms.api import pagination
from cms.api.caching.statements import fetched, is_kept
from cms.api.fields import SparseSerializer
from cms.api.parameters import (
    ChoiceParameter,
    Parameter,
    ParameterErrors,
    ParameterFilterSet,
    SlugParameter,
    filtered,
)
from cms.api.rendering import Negotiation
from cms.api.throttling import AddressThrottle
from cms.cdn.keys import EVERYTHING
from cms.changes.heads import Head
from cms.changes.models import Topic
from cms.changes.snapshot import read_snapshot

T = TypeVar("T")

# A CDN keeps an answer until it is told that it changed. Should it miss that, for no longer than:
CDN_CACHE_CONTROL = "max-age=3600"
CDN_A_WHILE = "max-age=60"  # what no change tells of: settings, the program itself, a new day


class ReadView(APIView):
    """GET, HEAD and OPTIONS of something public. Subclasses write ``answer``."""

    http_method_names = ["get", "head", "options"]
    content_negotiation_class = Negotiation

    serializer_class: ClassVar[type[SparseSerializer]]
    own_parameters: ClassVar[Mapping[str, Parameter]] = {}
    path_parameters: ClassVar[Mapping[str, Parameter]] = {"slug": SlugParameter("The slug.")}
    needs_database: ClassVar[bool] = True
    other_statuses: ClassVar[tuple[str, ...]] = ()
    other_contents: ClassVar[Mapping[str, Any]] = {}  # by media type, an example of it
    topics: ClassVar[tuple[str, ...]] = tuple(Topic.values)
    """What the answer can change with: it is kept until a change of one of these topics."""
    is_kept: ClassVar[bool] = True
    """Whether the answer is kept in memory."""
    is_shared: ClassVar[bool] = True
    """Whether a CDN may keep the answer."""
    reads_clock: ClassVar[bool] = True
    """Whether a new day may change the answer although nothing was changed."""

    def get(self, request: Request, **kwargs: str) -> HttpResponseBase:
        if not self.needs_database:
            return self._known_by(self.answer(request, **kwargs), (), None)
        return retried_on_a_new_connection(lambda: self._read(request, **kwargs))

    def _read(self, request: Request, **kwargs: str) -> HttpResponseBase:
        with read_snapshot() as head:
            return self._known_by(self.answer(request, **kwargs), self.topics, head)

    def _known_by(
        self, response: Any, topics: tuple[str, ...], head: Head | None
    ) -> HttpResponseBase:
        """Tell the caches what the answer stands on: ours (cms/api/caching/responses.py), and a
        CDN's, which may keep it since it is told of changes."""
        response.topics, response.head = topics, head
        response.is_kept, response.reads_clock = self.is_kept, self.reads_clock
        if response.status_code == status.HTTP_200_OK:
            keys = self.surrogate_keys() if topics else ()
            response["Surrogate-Key"] = " ".join([EVERYTHING, *keys])
            if settings.PURGE_BACKEND and self.is_shared:
                is_told = topics and not self.reads_clock
                response["CDN-Cache-Control"] = CDN_CACHE_CONTROL if is_told else CDN_A_WHILE
                if head is not None:
                    response["Change-Number"] = str(head.number)
        return response  # type: ignore[no-any-return]  # with attributes of ours

    def surrogate_keys(self) -> Iterable[str]:
        """What the answer is made of (cms/cdn/keys.py): a few names; the topics, by default."""
        return self.topics

    def answer(self, request: Request, **kwargs: str) -> HttpResponseBase:
        raise NotImplementedError

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return Response(status=status.HTTP_204_NO_CONTENT)

    def get_throttles(self) -> list[BaseThrottle]:
        self.throttle = AddressThrottle()
        return [self.throttle]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if hasattr(self, "throttle"):
            for name, value in self.throttle.headers().items():
                response[name] = value
        return response

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        """Every query parameter that this endpoint takes, by name."""
        return dict(cls.own_parameters)

    def read_parameters(self, request: Request, errors: ParameterErrors) -> dict[str, Any]:
        """The values of ``own_parameters``, after refusing the unknown ones."""
        errors.refuse_unknown(request._request.GET, self.parameters())
        return {
            name: errors.read(name, parameter, request._request.GET)
            for name, parameter in self.own_parameters.items()
        }

    def serialize(self, rows: Any, names: list[str], *, many: bool) -> Any:
        return self.serializer_class(
            rows, many=many, names=names, context=self.serializer_context()
        ).data

    def serializer_context(self) -> dict[str, Any]:
        return {"request": self.request, "view": self}


class ListView(ReadView):
    """A filtered, ordered, paginated list.

    ``orderings`` maps each value of ``ordering`` to sort keys of which the last is unique; the
    first is the default.
    """

    filterset_class: ClassVar[type[ParameterFilterSet]]
    orderings: ClassVar[Mapping[str, pagination.Ordering]]
    # JSON Schemas, by name, of what the envelope may hold beside the usual.
    more_in_envelope: ClassVar[Mapping[str, Any]] = {}

    @classmethod
    @cache
    def ordering_parameter(cls) -> ChoiceParameter:
        names = list(cls.orderings)
        return ChoiceParameter("The order; a minus sign turns it round.", names, names[0])

    @classmethod
    @cache
    def parameters(cls) -> dict[str, Parameter]:
        filters = {name: each.field for name, each in cls.filterset_class.base_filters.items()}
        return {
            **filters,
            "ordering": cls.ordering_parameter(),
            **cls.own_parameters,
            **pagination.PARAMETERS,
            **cls.serializer_class.shape_parameters(),
        }

    def get_queryset(self) -> QuerySet[Any]:
        """What is public, before any filter."""
        raise NotImplementedError

    def for_list(self, queryset: QuerySet[Any], names: list[str]) -> QuerySet[Any, Any]:
        """The filtered queryset with what these fields need, and no more."""
        return queryset.only(*self.serializer_class.columns_of(names))

    def address(self) -> Hashable:
        """All that the list's statement depends on; None where it is not kept."""
        return None

    def answer(self, request: Request, **kwargs: str) -> Response:
        query = request._request.GET
        errors = ParameterErrors()
        self.values = self.read_parameters(request, errors)
        names = self.serializer_class.read_shape(query, errors)
        paging = pagination.read_paging(query, errors)
        ordering = self.read_ordering(query, errors)

        @cache
        def queryset() -> QuerySet[Any]:
            return filtered(self.filterset_class, query, self.get_queryset(), errors)

        address = self.address()
        if address is None or not is_kept(address):
            queryset()
        errors.raise_any()
        paginator = pagination.Paginator(request._request, paging, self.orderings[ordering])
        page, more = self.page(paginator, queryset, names)
        results = self.serialize(page.rows, names, many=True)
        links = page.link_header()
        return Response(
            {**page.envelope(results), **more}, headers={"Link": links} if links else None
        )

    def read_ordering(self, query: Mapping[str, str], errors: ParameterErrors) -> str:
        return str(errors.read("ordering", self.ordering_parameter(), query))

    def page(
        self, paginator: pagination.Paginator, queryset: pagination.Source, names: list[str]
    ) -> tuple[pagination.Page, dict[str, Any]]:
        """One page of the filtered ``queryset()``, and what the envelope says beside the usual."""
        address = self.address()
        page = paginator.page(
            lambda: self.for_list(queryset(), names),
            count=lambda: self.count(queryset),
            fetch=None if address is None else partial(fetched, address),
        )
        return page, {}

    def count(self, queryset: pagination.Source) -> int:
        """How long the list is."""
        return queryset().count()


class ShapedView(ReadView):
    """What has a shape that ``fields`` and ``include`` change, and no pages."""

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        return {**cls.own_parameters, **cls.serializer_class.shape_parameters()}

    def read_request(self, request: Request, errors: ParameterErrors) -> list[str]:
        """Sets ``values``, and returns the names of the fields to show."""
        self.values = self.read_parameters(request, errors)
        return self.serializer_class.read_shape(request._request.GET, errors)


class ShortListView(ShapedView):
    """A list that is short by its nature, and so comes as a whole; below what ``head_class``
    shows, where there is one."""

    head_class: ClassVar[type[SparseSerializer] | None] = None

    def get_rows(self, names: list[str], errors: ParameterErrors) -> list[Any]:
        """The rows, with what these fields need. What is wrong with the parameters beyond
        their form is added to ``errors``, and raised."""
        raise NotImplementedError

    def answer(self, request: Request, **kwargs: str) -> Response:
        errors = ParameterErrors()
        names = self.read_request(request, errors)
        rows = self.get_rows(names, errors)
        return Response({"results": self.serialize(rows, names, many=True)})


class DetailView(ShapedView):
    """One public thing, by what its path names: its slug, usually."""

    def get_object(self, slug: str, names: list[str]) -> Any:
        """The row, or None when nothing of that slug is public."""
        raise NotImplementedError

    def missing(self, slug: str) -> Response:
        """The answer when there is no such row; raises, usually."""
        raise Http404

    def answer(self, request: Request, **kwargs: str) -> Response:
        errors = ParameterErrors()
        names = self.read_request(request, errors)
        errors.raise_any()
        [slug] = kwargs.values()
        self.row = self.get_object(slug, names)
        if self.row is None:
            return self.missing(slug)
        return Response(self.serialize(self.row, names, many=False))


def retried_on_a_new_connection(read: Callable[[], T]) -> T:
    """``read()``, once more when the database had ended the connection that it began on."""
    held = connection.connection
    try:
        return read()
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or held is None or not held.closed:
            raise
        connection.close()
        return read()
