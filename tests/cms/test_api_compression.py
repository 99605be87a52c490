"""br and gzip, as Accept-Encoding asks for them."""

import gzip

import brotli
import pytest
from django.test import Client

from cms.api.caching import SMALLEST_COMPRESSED

BIG = "/api/v1/openapi.json"
SMALL = "/api/v1/newsroom"


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("*", "br"),
        ("*;q=0.1", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.5", "br"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("br;q=0, *", "gzip"),
        ("gzip;q=1.0, identity; q=0.5, *;q=0", "gzip"),
        ("identity;q=0, gzip", "gzip"),
        ("gzip ; q = 0.5", "gzip"),
        ("garbage, gzip", "gzip"),
        (",,gzip,", "gzip"),
        ("br;q=high, gzip", "gzip"),
        ("gzip, br;q=1.5", "gzip"),
        ("", None),
        ("identity", None),
        ("deflate", None),
        ("br;q=0", None),
        ("br;q=0.0, gzip;q=0.000", None),
        ("*;q=0", None),
        ("identity;q=0", None),
        ("identity, br;q=0.5", None),
        ("garbage", None),
        ("gzip;q=", None),
        ("gzipbr", None),
        ("br gzip", None),
        ("\xff", None),
        (";q=1", None),
    ],
)
def test_it_works(client: Client, header: str, encoding: str | None) -> None:
    plain = client.get(BIG).content

    response = client.get(BIG, headers={"Accept-Encoding": header})

    assert response.get("Content-Encoding") == encoding
    assert int(response["Content-Length"]) == len(response.content)
    assert "Accept-Encoding" in response["Vary"]
    decode = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert decode(response.content) == plain
    if encoding:
        assert len(response.content) < len(plain) / 3


def test_without_the_header_it_is_not_compressed(client: Client) -> None:
    assert "Content-Encoding" not in client.get(BIG)


def test_what_fits_into_a_packet_is_not_compressed(client: Client) -> None:
    response = client.get(SMALL, headers={"Accept-Encoding": "br"})

    assert len(response.content) < SMALLEST_COMPRESSED
    assert "Content-Encoding" not in response
    assert "Accept-Encoding" in response["Vary"]


@pytest.mark.django_db
def test_a_problem_is_compressed_too(client: Client) -> None:
    url = f"{SMALL}?" + "&".join(f"p{n}=1" for n in range(50))

    response = client.get(url, headers={"Accept-Encoding": "gzip"})

    assert response.status_code == 400
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == client.get(url).content
