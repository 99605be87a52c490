"""The OpenAPI 3.1 document: all hooks into drf-spectacular are here.

``Schema`` describes an operation from what its view declares; ``finish`` adds what all share.
"""

import inspect
import re
from collections.abc import Mapping
from typing import Any

from drf_spectacular.openapi import AutoSchema

from cms.api.fields import SparseSerializer
from cms.api.parameters import Parameter
from cms.api.problems import CONTENT_TYPE, KINDS, Kind
from cms.api.views import DetailView, ListView, ReadView, ShapedView, ShortListView

# What any operation can answer, by the request's faults and ours.
_ALWAYS = ("401", "405", "406", "413", "414", "429", "500", "503")
_CODES = {
    "400": (
        "invalid-parameter",
        "unknown-parameter",
        "repeated-parameter",
        "bad-host",
        "malformed-body",
    ),
    "401": ("unauthenticated",),
    "404": ("not-found",),
    "405": ("method-not-allowed",),
    "406": ("not-acceptable",),
    "410": ("gone",),
    "413": ("too-large",),
    "414": ("uri-too-long",),
    "429": ("throttled",),
    "500": ("internal-error",),
    "503": ("unavailable",),
}
_DETAILS = {
    "invalid-parameter": "page_size: It takes a whole number from 1 to 100.",
    "unknown-parameter": "pagesize: There is no such parameter. These exist here: page, page_size.",
    "repeated-parameter": "region: Give it once; part the items of a list by commas.",
    "gone": "Withdrawn at the request of a court.",
}


class Schema(AutoSchema):
    """Describes one operation from its ``ReadView``."""

    view: ReadView  # type: ignore[override]  # the only kind of view there is

    def get_operation_id(self) -> str:
        name = type(self.view).__name__.removesuffix("View")
        return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()

    def get_tags(self) -> list[str]:
        return [type(self.view).__module__.split(".")[0].replace("cms", "newsroom")]

    def get_summary(self) -> str:
        return self._docstring()[0].rstrip(".")

    def get_description(self, *_: Any) -> str:
        return "\n".join(self._docstring()[1:]).strip()

    def _docstring(self) -> list[str]:
        return inspect.cleandoc(type(self.view).__doc__ or "").splitlines()

    def get_auth(self) -> list[dict[str, Any]]:
        return []

    def _get_parameters(self) -> list[dict[str, Any]]:
        path = [self._path_parameter(name) for name in re.findall(r"{(\w+)}", self.path)]
        query = [_parameter(name, each) for name, each in self.view.parameters().items()]
        return [*path, *query]

    def _path_parameter(self, name: str) -> dict[str, Any]:
        parameter = self.view.path_parameters[name]
        example = parameter.example
        if name == "slug" and hasattr(self.view, "serializer_class"):
            shown = getattr(self.view, "head_class", None) or self.view.serializer_class
            example = shown.example["slug"]
        return {
            "name": name,
            "in": "path",
            "required": True,
            "schema": parameter.schema,
            "example": example,
        }

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        view = self.view
        contents = {
            media_type: {"schema": _kind_of(example), "example": example}
            for media_type, example in view.other_contents.items()
        }
        if hasattr(view, "serializer_class"):
            contents = {"application/json": self._json(direction), **contents}
        statuses = [*_ALWAYS, "400", *view.other_statuses]
        if isinstance(view, (ListView, DetailView)):
            statuses.append("404")
        responses: dict[str, Any] = {
            "200": _answer(contents, is_list=isinstance(view, ListView)),
            "304": {"description": "The client holds this answer already.", "headers": _HEADERS},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in statuses},
        }
        return dict(sorted(responses.items()))

    def _json(self, direction: Any) -> dict[str, Any]:
        """The schema of the JSON answer, and an example."""
        serializer = self.view.serializer_class
        component = self.resolve_serializer(serializer(), direction)
        self.registry[component].schema = _whole(component.schema, serializer)
        content: dict[str, Any] = component.ref
        example: Any = serializer.example
        if isinstance(self.view, (ListView, ShapedView)):
            name = f"{component.name}Partial"
            partial = {**component.schema, "minProperties": 1}
            partial.pop("required")
            partial["description"] = "Some fields, as named by `fields`."
            _PARTIALS[name] = partial
            content = {"anyOf": [component.ref, {"$ref": f"#/components/schemas/{name}"}]}
        if isinstance(self.view, ListView):
            content = _envelope(content, self.view.more_in_envelope)
            example = _envelope_example(example)
        if isinstance(self.view, ShortListView):
            content, example = _short_list(content), {"results": [example]}
            if self.view.head_class is not None:
                head = self._map_serializer(self.view.head_class(), direction)  # type: ignore[no-untyped-call]  # drf-spectacular's
                content["properties"] = {**head["properties"], **content["properties"]}
                content["required"] = list(content["properties"])
                example = {**self.view.head_class.example, **example}
        return {"schema": content, "example": example}


def _kind_of(example: Any) -> dict[str, str]:
    return {"type": "string" if isinstance(example, str) else "object"}


_PARTIALS: dict[str, Any] = {}
_HEADERS = {
    name: {"$ref": f"#/components/headers/{name}"}
    for name in ("ETag", "Cache-Control", "Vary", "RateLimit", "RateLimit-Policy")
}


def _whole(schema: dict[str, Any], serializer: type[SparseSerializer]) -> dict[str, Any]:
    return {
        **schema,
        "required": serializer.usual_names(),
        "additionalProperties": False,
    }


def _parameter(name: str, parameter: Parameter) -> dict[str, Any]:
    description: dict[str, Any] = {
        "name": name,
        "in": "query",
        "description": parameter.description,
        "schema": parameter.schema,
        "example": parameter.example,
    }
    if parameter.is_needed:
        description["required"] = True
    if parameter.schema.get("type") == "array":
        description |= {"style": "form", "explode": False}
    if name == "cursor":
        description["allowEmptyValue"] = True
    return description


def _answer(contents: dict[str, Any], *, is_list: bool) -> dict[str, Any]:
    headers = dict(_HEADERS)
    if is_list:
        headers["Link"] = {"$ref": "#/components/headers/Link"}
    return {"description": "The answer.", "headers": headers, "content": contents}


def _short_list(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"results": {"type": "array", "items": item}},
        "required": ["results"],
        "additionalProperties": False,
    }


def _envelope(item: dict[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    position = {"type": ["integer", "null"], "minimum": 0}
    link = {"type": ["string", "null"], "format": "uri"}
    properties = {
        "count": {**position, "description": "How many there are; null where not counted."},
        "first": {**position, "description": "The first one's place; null in a cursor walk."},
        "last": {**position, "description": "The last one's place; null in a cursor walk."},
        "next": link,
        "previous": link,
        "results": {"type": "array", "items": item},
    }
    return {
        "type": "object",
        "properties": {**properties, **more},
        "required": list(properties),
        "additionalProperties": False,
    }


def _envelope_example(item: Any) -> dict[str, Any]:
    return {
        "count": 181,
        "first": 1,
        "last": 1,
        "next": "https://api.example.org/api/v1/…?page_size=1&page=2",
        "previous": None,
        "results": [item],
    }


def finish(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """Adds the shared problems, headers and partial shapes to the document."""
    components = result["components"]
    components["schemas"].update(_PARTIALS)
    components["schemas"]["Problem"] = _PROBLEM
    components["schemas"] = dict(sorted(components["schemas"].items()))
    components["headers"] = {
        "ETag": _header("A weak hash of the body, for If-None-Match.", required=True),
        "Cache-Control": _header("Ask again each time; a 304 is cheap.", required=True),
        "Vary": _header("What of the request the answer depends on.", required=True),
        "Location": _header("Where it is now.", required=True),
        "Link": _header("`next` and `previous` again (RFC 8288)."),
        "RateLimit": _header("How many requests are left, where throttling is on."),
        "RateLimit-Policy": _header("How many requests a window takes, where throttling is on."),
        "X-Request-ID": _header("The `request_id` of the problem.", required=True),
        "Allow": _header("The methods that are possible here.", required=True),
        "Retry-After": _header("Seconds to wait.", required=True),
        "WWW-Authenticate": _header("The scheme that is expected.", required=True),
    }
    components["responses"] = {status: _problem(status, codes) for status, codes in _CODES.items()}
    components["responses"]["301"] = {
        "description": "A former address; `Location` is the present one.",
        "headers": {"Location": {"$ref": "#/components/headers/Location"}},
    }
    document: dict[str, Any] = _without_noise(result)
    return document


def _without_noise(node: Any) -> Any:
    """The document without what says nothing of an API that is only read."""
    if isinstance(node, dict):
        noise = ("readOnly", "x-spec-enum-id")
        return {key: _without_noise(value) for key, value in node.items() if key not in noise}
    if isinstance(node, list):
        return [_without_noise(each) for each in node]
    return node


def _header(description: str, *, required: bool = False) -> dict[str, Any]:
    header: dict[str, Any] = {"description": description, "schema": {"type": "string"}}
    return {**header, "required": True} if required else header


_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string", "enum": sorted(KINDS)},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "parameter": {"type": "string"},
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["code", "detail"],
            },
        },
        "request_id": {"type": "string", "description": "Of a 500: tell us this."},
    },
    "required": ["type", "title", "status", "detail", "instance", "code", "errors"],
}


def _problem(status: str, codes: tuple[str, ...]) -> dict[str, Any]:
    headers = {
        "401": "WWW-Authenticate",
        "405": "Allow",
        "429": "Retry-After",
        "500": "X-Request-ID",
        "503": "Retry-After",
    }
    response: dict[str, Any] = {
        "description": KINDS[codes[0]].title if len(codes) == 1 else "The request is not right.",
        "content": {
            CONTENT_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {code: {"value": _example(code, KINDS[code])} for code in codes},
            }
        },
    }
    if status in headers:
        name = headers[status]
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"}}
    return response


def _example(code: str, kind: Kind) -> dict[str, Any]:
    detail = _DETAILS.get(code, f"{kind.title}.")
    parameter, _, rest = detail.partition(": ")
    return {
        "type": f"/problems/{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": "/api/v1/articles",
        "code": code,
        "errors": [{"parameter": parameter, "code": code, "detail": rest}]
        if code.endswith("-parameter")
        else [],
        **({"request_id": "0b6ddb5e-8a3c-4c8f-9a52-0c3f5c8f1a77"} if kind.status == 500 else {}),
    }
