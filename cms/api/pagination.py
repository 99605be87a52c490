"""Pages and cursors over one queryset, in one envelope.

``page`` is for "Viewing results 1 - 6 of 181"; a ``cursor`` walks on by keyset, so that its last
page costs what its first does, and shows each row that did not change meanwhile exactly once.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Value
from django.http import HttpRequest

from cms.api.parameters import ChoiceParameter, IntegerParameter, Parameter, ParameterErrors
from cms.api.problems import ProblemError

MAX_PAGE_SIZE = 100
DEFAULT_PAGE_SIZE = 20
MAX_DEPTH = 10_000
FREE_OF_CURSOR = {"cursor", "page_size", "fields", "include", "count"}


class CursorParameter(Parameter):
    def __init__(self) -> None:
        super().__init__(
            "Walk by cursor: leave it empty to start, then follow `next`. Not with `page`.",
            {"type": "string"},
            "",
        )

    def parse(self, text: str) -> str:
        return text


PARAMETERS: dict[str, Parameter] = {
    "page": IntegerParameter(
        "The page, from 1. `page` × `page_size` is at most 10,000; beyond that, use `cursor`.",
        maximum=MAX_DEPTH,
        default=1,
    ),
    "page_size": IntegerParameter(
        "Results a page.", maximum=MAX_PAGE_SIZE, default=DEFAULT_PAGE_SIZE
    ),
    "cursor": CursorParameter(),
    "count": ChoiceParameter(
        "`exact` counts in a cursor walk too, `none` skips counting in pages.",
        ["exact", "none"],
        None,
    ),
}


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column to order by. ``attribute`` is where a row has its value, if not in ``column``."""

    column: str
    descending: bool = False
    attribute: str = ""

    def value_of(self, row: Model) -> Any:
        return getattr(row, self.attribute or self.column)

    def order(self, *, backwards: bool) -> str:
        return f"-{self.column}" if self.descending != backwards else self.column


Ordering = Sequence[SortKey]
"""Sort keys of which the last is unique."""

Source = Callable[[], QuerySet[Any, Any]]
Fetch = Callable[[Source], list[Any]]


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a walk: it goes on after the row with these ``values``, or before it if
    ``backwards``; with the row itself if ``inclusive``."""

    values: Sequence[Any]
    backwards: bool = False
    inclusive: bool = False

    def turned_round(self) -> "Position":
        """The same place seen the other way: what was ahead is behind."""
        return Position(self.values, not self.backwards, not self.inclusive)


@dataclass(frozen=True, slots=True)
class Paging:
    """What the request asks for. ``cursor`` is None in page mode, empty at a walk's start."""

    page: int
    page_size: int
    cursor: str | None
    count: bool


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Any]
    count: int | None
    first: int | None
    last: int | None
    next: str | None
    previous: str | None

    def envelope(self, results: list[Any]) -> dict[str, Any]:
        return {
            "count": self.count,
            "first": self.first,
            "last": self.last,
            "next": self.next,
            "previous": self.previous,
            "results": results,
        }

    def link_header(self) -> str | None:
        """``next`` and ``previous`` as a Link header (RFC 8288), or None."""
        links = [("next", self.next), ("previous", self.previous)]
        return ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links if url) or None


def read_paging(query: Mapping[str, str], errors: ParameterErrors) -> Paging:
    """The paging parameters of a request; what is wrong with them is added to ``errors``."""
    before = len(errors.errors)
    values = {name: errors.read(name, each, query) for name, each in PARAMETERS.items()}
    cursor = query.get("cursor")
    if cursor is not None and "page" in query:
        errors.add("cursor", "Give either page or cursor, never both.")
    if len(errors.errors) > before:
        return Paging(1, DEFAULT_PAGE_SIZE, None, count=False)
    if cursor is None and values["page"] * values["page_size"] > MAX_DEPTH:
        errors.add(
            "page",
            f"page × page_size is at most {MAX_DEPTH}. To go deeper, walk by cursor: start with"
            " an empty “cursor=” and follow “next”.",
        )
    count = values["count"] == "exact" if cursor is not None else values["count"] != "none"
    return Paging(values["page"], values["page_size"], cursor, count)


class Paginator:
    """Cuts one page out of a queryset. The queryset's own order is replaced by ``ordering``."""

    def __init__(self, request: HttpRequest, paging: Paging, ordering: Ordering) -> None:
        self.request = request
        self.paging = paging
        self.ordering = ordering

    def page(
        self,
        queryset: Source,
        *,
        count: Callable[[], int],
        fetch: Fetch | None = None,
    ) -> Page:
        """One page of ``queryset()``; ``count`` tells how many rows that has.

        ``fetch`` gets a function that makes the page's queryset, and returns its rows.
        ProblemError 404 for a page past the end, 400 for a cursor that is not of this list.
        """
        fetch = fetch or (lambda build: list(build()))
        if self.paging.cursor is None:
            return self._numbered_page(queryset, count, fetch)
        return self._cursor_page(queryset, count, fetch)

    def _numbered_page(self, queryset: Source, counted: Callable[[], int], fetch: Fetch) -> Page:
        number, size = self.paging.page, self.paging.page_size
        count = counted() if self.paging.count else None
        start = (number - 1) * size
        if count is not None and start >= count:
            rows = []
        else:
            rows = fetch(
                lambda: self._ordered(queryset(), backwards=False)[start : start + size + 1]
            )
        if not rows and number > 1:
            raise ProblemError("not-found", f"There is no page {number}: the list ends before it.")
        more = len(rows) > size and (number + 1) * size <= MAX_DEPTH
        rows = rows[:size]
        return Page(
            rows,
            count,
            first=start + 1 if rows else 0,
            last=start + len(rows),
            next=self._url(page=str(number + 1)) if more else None,
            previous=self._url(page=str(number - 1)) if number > 1 else None,
        )

    def _cursor_page(self, queryset: Source, counted: Callable[[], int], fetch: Fetch) -> Page:
        size = self.paging.page_size
        position = self.position()
        backwards = position is not None and position.backwards
        count = counted() if self.paging.count else None

        def ahead_of_position() -> QuerySet[Any, Any]:
            found = queryset()
            if position is not None:
                found = found.filter(beyond(self.ordering, position))
            return self._ordered(found, backwards=backwards)[: size + 1]

        rows = fetch(ahead_of_position)
        more = len(rows) > size
        rows = rows[:size]
        if backwards:
            rows.reverse()
        has_next, has_previous = more, position is not None
        if backwards:
            has_next, has_previous = has_previous, has_next
        if rows:
            after, before = self._position(rows[-1]), self._position(rows[0], backwards=True)
        else:
            # All that was ahead is gone meanwhile: the only way is back from where we stand.
            after = before = position.turned_round() if position else Position([])
        return Page(
            rows,
            count,
            None,
            None,
            next=self._url(cursor=self._encode(after)) if has_next else None,
            previous=self._url(cursor=self._encode(before)) if has_previous else None,
        )

    def position(self) -> Position | None:
        """Where the request's cursor stands; None in page mode and at a walk's start.

        ProblemError 400 for a cursor that is not of this list.
        """
        return self._decode(self.paging.cursor) if self.paging.cursor else None

    def _ordered(self, queryset: QuerySet[Any, Any], *, backwards: bool) -> QuerySet[Any, Any]:
        return queryset.order_by(*(key.order(backwards=backwards) for key in self.ordering))

    def _position(self, row: Model, *, backwards: bool = False) -> Position:
        return Position([key.value_of(row) for key in self.ordering], backwards)

    def _url(self, **changes: str) -> str:
        base = settings.PUBLIC_URL or f"{self.request.scheme}://{self.request.get_host()}"
        parameters = {**self.request.GET.dict(), **changes}
        return f"{base}{self.request.path}?{urlencode(parameters)}"

    def _encode(self, position: Position) -> str:
        values = [_plain(value) for value in position.values]
        payload = orjson.dumps([position.backwards, position.inclusive, values])
        return base64.urlsafe_b64encode(self._seal(payload) + payload).rstrip(b"=").decode()

    def _decode(self, cursor: str) -> Position:
        try:
            data = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        except ValueError:
            data = b""
        seal, payload = data[:16], data[16:]
        # The seal covers the list that it is of; the text must be as we wrote it.
        if (
            not hmac.compare_digest(seal, self._seal(payload))
            or base64.urlsafe_b64encode(data).rstrip(b"=").decode() != cursor
        ):
            error = {
                "parameter": "cursor",
                "code": "invalid-parameter",
                "detail": "It is not a cursor of this list in this order with these filters. Start"
                " again with an empty “cursor=”.",
            }
            raise ProblemError("invalid-parameter", f"cursor: {error['detail']}", errors=[error])
        backwards, inclusive, values = orjson.loads(payload)
        return Position([_parsed(value) for value in values], backwards, inclusive)

    def _seal(self, payload: bytes) -> bytes:
        filters = sorted(
            item for item in self.request.GET.dict().items() if item[0] not in FREE_OF_CURSOR
        )
        context = orjson.dumps([self.request.path, filters])
        key = settings.SECRET_KEY.encode()
        return hmac.digest(key, b"cursor" + context + b"\0" + payload, hashlib.sha256)[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.astimezone(UTC).isoformat()}
    return value


def _parsed(value: Any) -> Any:
    return datetime.fromisoformat(value["t"]) if isinstance(value, dict) else value


class RowComparison(Func):
    """``(a, b) < (x, y)``: PostgreSQL reads it from an index over (a, b) as one range."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, columns: Sequence[str], operator: str, values: Sequence[Any]) -> None:
        super().__init__(*(F(column) for column in columns), *(Value(value) for value in values))
        left = ", ".join(["%s"] * len(columns))
        self._template = f"({left}) {operator} ({left})"

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        parts = [compiler.compile(each) for each in self.source_expressions]
        sql = self._template % tuple(sql for sql, _ in parts)
        return sql, tuple(parameter for _, parameters in parts for parameter in parameters)


def beyond(ordering: Ordering, position: Position) -> Any:
    """The condition for the rows that a walk in this ordering has ahead of it."""
    values, columns = position.values, [key.column for key in ordering]
    directions = {key.descending != position.backwards for key in ordering}
    if len(directions) == 1:
        operator = ("<" if directions.pop() else ">") + ("=" if position.inclusive else "")
        return RowComparison(columns, operator, values)
    conditions = [Q(**dict(zip(columns, values, strict=True)))] if position.inclusive else []
    for number, key in enumerate(ordering):
        equal = dict(zip(columns[:number], values, strict=False))
        lookup = "lt" if key.descending != position.backwards else "gt"
        conditions.append(Q(**equal, **{f"{key.column}__{lookup}": values[number]}))
    return reduce(Q.__or__, conditions)
