"""The OpenAPI document: what api.md promises, what the server does, and nothing by accident."""

import re
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, resolve
from jsonschema_rs import validator_for
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from cms.api.entry import openapi_document
from cms.api.problems import KINDS
from cms.api.views import DetailView, ListView, ReadView
from cms.management.commands.write_openapi import rendered
from tests.cms.endpoints import ENDPOINTS, make_newsroom

URL = "/api/v1/openapi.json"
SNAPSHOT = settings.BASE_DIR / "docs" / "openapi.json"
SHAPE = {"fields"}
PAGING = {"page", "page_size", "cursor", "count", "ordering"}
FEED = {"region", "tag", "author", "language"}
NAMED = {"q", "locale"} | PAGING | SHAPE
CONTRACT = {
    "/api/v1": set(),
    "/api/v1/newsroom": set(),
    "/api/v1/openapi.json": set(),
    "/api/v1/sync": {"token", "include"},
    "/api/v1/articles": {
        "region", "tag", "author", "tag_all", "language", "fallback", "kind",
        "published_after", "published_before", "updated_after", "is_breaking", "ids",
        "exclude_ids", "include", "q", "facets",
    } | PAGING | SHAPE,
    "/api/v1/articles/{slug}": {"include"} | SHAPE,
    "/api/v1/articles/{slug}/ninjs": set(),
    "/api/v1/articles/{slug}/json-ld": set(),
    "/feeds/rss.xml": FEED,
    "/feeds/atom.xml": FEED,
    "/feeds/feed.json": FEED,
    "/feeds/ninjs.json": FEED,
    "/sitemap.xml": set(),
    "/sitemap-{part}.xml": set(),
    "/news-sitemap.xml": set(),
    "/api/v1/previews/{token}": {"include"} | SHAPE,
    "/api/v1/collections/{slug}": {"include"} | SHAPE,
    "/api/v1/redirects": {"path"},
    "/api/v1/articles/{slug}/related": {"limit", "include"} | SHAPE,
    "/api/v1/search/suggestions": {"q", "language"} | SHAPE,
    "/api/v1/regions": NAMED | {"parent"},
    "/api/v1/tags": NAMED,
    "/api/v1/authors": NAMED,
    "/api/v1/regions/{slug}": {"locale"} | SHAPE,
    "/api/v1/tags/{slug}": {"locale"} | SHAPE,
    "/api/v1/authors/{slug}": {"locale"} | SHAPE,
    "/api/v1/rates/ticker": {"base", "quote", "include"} | SHAPE,
    "/api/v1/rates/{pair}": {"on", "include"} | SHAPE,
    "/api/v1/rates/{pair}/history": {"from", "to", "interval", "aggregate", "fill", "format"},
    "/api/v1/rates/{pair}/chart.svg": {"from", "to"},
    "/api/v1/rates/convert": {"from", "to", "amount", "on"} | SHAPE,
    "/api/v1/rates/snapshots": {
        "source", "effective_after", "effective_before", "include",
    } | PAGING | SHAPE,
    "/api/v1/rates/snapshots/{id}": SHAPE,
    "/api/v1/rates/currencies": {"locale"} | PAGING | SHAPE,
    "/api/v1/rates/sources": PAGING | SHAPE,
}  # fmt: skip
PROBLEMS_OF_ALL = {400, 401, 405, 406, 413, 414, 429, 500, 503}


def views() -> dict[str, type[ReadView]]:
    """The view of each path that the server routes under /api/v1, and of the outlets beside it."""
    found: dict[str, type[ReadView]] = {}

    def collect(patterns: list[Any], prefix: str) -> None:
        for each in patterns:
            route = prefix + str(each.pattern)
            if hasattr(each, "url_patterns"):
                collect(each.url_patterns, route)
            elif route.startswith(("api/v1", "feeds/", "sitemap", "news-sitemap")):
                path = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route)
                found[path] = each.callback.view_class

    collect(get_resolver().url_patterns, "")
    return found


def path_of(url: str) -> str:
    """The path of the document that an address is of."""
    return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", resolve(url).route)


def operations() -> dict[str, dict[str, Any]]:
    return {path: item["get"] for path, item in openapi_document()["paths"].items()}


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """What a ``$ref`` names, or the node itself."""
    found: Any = node
    while "$ref" in found:
        names = found["$ref"].removeprefix("#/").split("/")
        found = openapi_document()
        for name in names:
            found = found[name]
    assert isinstance(found, dict)
    return found


def test_it_is_the_snapshot_that_was_reviewed(client: Client) -> None:
    response = client.get(URL)

    assert response.status_code == 200
    assert response.json() == orjson.loads(SNAPSHOT.read_bytes()), (
        "The API's contract has changed. If that is what you want, run `make openapi`, review the"
        " diff of docs/openapi.json and say so in CHANGELOG.md."
    )
    assert rendered() == SNAPSHOT.read_bytes()


def test_it_is_valid_openapi_3_1() -> None:
    document = openapi_document()

    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    OPENAPI_31_VALIDATOR.validate(document)


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    text = orjson.dumps(openapi_document()).decode()
    references = set(re.findall(r'"(#/components/\w+/[^"]+)"', text))

    for reference in references:
        assert resolved({"$ref": reference})
    components = openapi_document()["components"]
    for section in components:
        for name in components[section]:
            assert f"#/components/{section}/{name}" in references


def test_it_has_the_paths_and_parameters_of_the_contract() -> None:
    described = {
        path: {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
        for path, operation in operations().items()
    }

    assert described == CONTRACT


def test_it_describes_what_is_routed_and_what_the_views_take() -> None:
    assert set(views()) == set(operations())
    for path, view in views().items():
        parameters = operations()[path].get("parameters", [])
        query = [each["name"] for each in parameters if each["in"] == "query"]
        in_path = [each["name"] for each in parameters if each["in"] == "path"]
        assert query == list(view.parameters())
        assert in_path == re.findall(r"{(\w+)}", path)
        assert all(each["description"] for each in parameters if each["in"] == "query")


def test_every_operation_lists_every_problem_that_it_can_answer() -> None:
    for path, view in views().items():
        responses = operations()[path]["responses"]
        expected = set(PROBLEMS_OF_ALL)
        if issubclass(view, (ListView, DetailView)):
            expected.add(404)
        expected |= {int(status) for status in view.other_statuses if status >= "400"}
        assert {int(status) for status in responses if status >= "400"} == expected
        for status in expected:
            [(content_type, body)] = resolved(responses[str(status)])["content"].items()
            assert content_type == "application/problem+json"
            for code, example in body["examples"].items():
                assert KINDS[code].status == example["value"]["status"] == status


def test_statuses_have_the_headers_that_they_need() -> None:
    needed = {
        "200": {"ETag", "Cache-Control", "Vary", "RateLimit", "RateLimit-Policy"},
        "301": {"Location"},
        "304": {"ETag", "Cache-Control", "Vary", "RateLimit", "RateLimit-Policy"},
        "401": {"WWW-Authenticate"},
        "405": {"Allow"},
        "429": {"Retry-After"},
        "500": {"X-Request-ID"},
        "503": {"Retry-After"},
    }
    for path, operation in operations().items():
        for status, response in operation["responses"].items():
            headers = set(resolved(response).get("headers", {}))
            is_list = issubclass(views()[path], ListView) and status == "200"
            assert headers == needed.get(status, set()) | ({"Link"} if is_list else set())


def test_a_list_has_whole_cards_or_partial_ones() -> None:
    for path, view in views().items():
        if not issubclass(view, ListView):
            continue
        schema = operations()[path]["responses"]["200"]["content"]["application/json"]["schema"]
        whole, partial = schema["properties"]["results"]["items"]["anyOf"]
        assert set(resolved(whole)["required"]) == set(view.serializer_class.usual_names())
        assert set(resolved(whole)["properties"]) == set(view.serializer_class.field_names())
        assert resolved(partial)["properties"] == resolved(whole)["properties"]
        assert "required" not in resolved(partial)
        assert schema["required"] == ["count", "first", "last", "next", "previous", "results"]


def test_every_example_fits_its_schema() -> None:
    components = openapi_document()["components"]
    for path, operation in operations().items():
        for parameter in operation.get("parameters", []):
            assert_fits(parameter["example"], parameter["schema"], components, path)
        for response in operation["responses"].values():
            for body in resolved(response).get("content", {}).values():
                examples = [body["example"]] if "example" in body else []
                examples += [each["value"] for each in body.get("examples", {}).values()]
                assert examples
                for each in examples:
                    assert_fits(each, body["schema"], components, path)


def assert_fits(value: Any, schema: dict[str, Any], components: Any, where: str) -> None:
    validator = validator_for(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **schema,
            "components": components,
        }
    )
    assert not [error.message for error in validator.iter_errors(value)], where


@pytest.mark.django_db
def test_every_answer_fits_its_schema(client: Client) -> None:
    make_newsroom()
    components = openapi_document()["components"]
    for url in ENDPOINTS:
        path = path_of(url)
        schema = operations()[path]["responses"]["200"]["content"]["application/json"]["schema"]
        view = views()[path]
        queries = [""]
        if "fields" in view.parameters():
            queries.append(f"?fields={view.serializer_class.field_names()[0]}")
        for query in queries:
            assert_fits(client.get(url + query).json(), schema, components, url)


def test_operations_have_names_of_their_own_and_a_summary() -> None:
    described = list(operations().values())

    assert len({each["operationId"] for each in described}) == len(described)
    for each in described:
        assert each["summary"]
        assert each["tags"]
