"""ETag, 304, Cache-Control, Vary, HEAD and OPTIONS, for every endpoint."""

import pytest
from django.test import Client

from articles.publishing import publish
from tests.cms.endpoints import ENDPOINTS, make_newsroom
from tests.factories import make_published, make_tag
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

URL = "/api/v1/articles"
OTHER = 'W/"0123456789abcdef0123456789abcdef"'


def etag_of(client: Client, url: str = URL, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return str(response["ETag"])


@pytest.mark.parametrize("url", [*ENDPOINTS, f"{URL}?cursor=", "/api/docs"])
def test_it_works(client: Client, url: str) -> None:
    make_newsroom()
    first = client.get(url)
    assert first.status_code == 200
    assert first["ETag"].startswith('W/"')

    again = client.get(url, headers={"If-None-Match": first["ETag"], "Origin": "https://a.example"})

    assert again.status_code == 304
    assert again.content == b""
    assert "Content-Type" not in again
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"] == "no-cache, stale-if-error=3600"
    assert again["Vary"] == first["Vary"] == "Accept, Accept-Encoding, origin"
    assert again["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in again["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    "header",
    ["{etag}", "{strong}", "{other}, {etag}", "{etag},{other}", '"", {etag}', "  {etag}  ", "*",
     " * ", '"a,b", {etag}', "{other}, {strong}"],
)  # fmt: skip
def test_if_none_match_names_what_the_client_holds(client: Client, header: str) -> None:
    etag = etag_of(client)
    strong = etag.removeprefix("W/")

    for ask in (client.get, client.head):
        response = ask(
            URL, headers={"If-None-Match": header.format(etag=etag, strong=strong, other=OTHER)}
        )
        assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize(
    "header",
    ["", "{other}", "{bare}", "'{bare}'", 'w/"{bare}x"', '"*"', "**", "garbage", ",", '"', "\xff",
     '"' + "a" * 5000 + '"'],
)  # fmt: skip
def test_anything_else_gets_the_whole_answer(client: Client, header: str) -> None:
    bare = etag_of(client).removeprefix("W/").strip('"')

    response = client.get(URL, headers={"If-None-Match": header.format(bare=bare, other=OTHER)})

    assert response.status_code == 200
    assert response.content


@pytest.mark.parametrize("query", ["/nothing", "?nope=1", "?page=2", "?cursor=x"])
def test_an_error_is_never_not_modified(client: Client, query: str) -> None:
    for header in ("*", OTHER):
        response = client.get(f"{URL}{query}", headers={"If-None-Match": header})
        assert response.status_code in (400, 404)
        assert "ETag" not in response


def test_the_etag_is_that_of_the_body_whatever_its_encoding(client: Client) -> None:
    make_newsroom()

    tags = {etag_of(client, **{"Accept-Encoding": each}) for each in ("br", "gzip", "identity")}

    assert len(tags) == 1


def test_the_etag_changes_with_the_content_and_only_with_it(client: Client) -> None:
    energy = make_published("Energy", tags=[make_tag("Energy")]).article
    query = f"{URL}?tag=energy"
    all_before, before = etag_of(client), etag_of(client, query)

    make_published("Elsewhere")
    assert etag_of(client) != all_before
    assert etag_of(client, query) == before

    energy.title = "Energy, corrected"
    energy.save()
    assert etag_of(client, query) == before

    publish(energy)
    response = client.get(query, headers={"If-None-Match": before})
    assert response.status_code == 200
    assert response.json()["results"][0]["title"] == "Energy, corrected"


@pytest.mark.parametrize("url", ENDPOINTS)
def test_head_is_get_without_a_body(client: Client, url: str) -> None:
    make_newsroom()
    for headers in ({}, {"Accept-Encoding": "br"}):
        get, head = client.get(url, headers=headers), client.head(url, headers=headers)

        assert (get.status_code, head.status_code) == (200, 200)
        assert head.content == b""
        assert dict(head.items()) == dict(get.items())
        assert int(head["Content-Length"]) == len(get.content)


@pytest.mark.parametrize("url", [*ENDPOINTS, "/api/docs", "/livez", "/problems/gone"])
def test_options_tells_the_methods(client: Client, url: str) -> None:
    response = client.options(url)

    assert (response.status_code, response.content) == (204, b"")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_an_error_is_not_stored(client: Client) -> None:
    response = client.get(f"{URL}/nothing")

    assert_problem(response, "not-found")
    assert response["Cache-Control"] == "no-store"
