"""Which addresses are public: what a connection would be made to, however it is written."""

import pytest

from cms.outgoing import posting
from cms.outgoing.addresses import AddressError, is_public, parse
from tests.cms.outgoing.forbidden import ALL, SPELLED


@pytest.mark.parametrize(
    "address",
    [
        *("1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "192.0.1.1"),
        *("2606:4700:4700::1111", "2a00:1450:4001:81c::200e", "64:ff9b::8.8.8.8"),
        *("::ffff:8.8.8.8", "2002:808:808::1"),
    ],
)
def test_it_works(address: str) -> None:
    # What carries a public IPv4 address is not served from by anybody either.
    carried = address.startswith(("64:ff9b", "::ffff", "2002:"))
    assert is_public(address) is not carried


def test_there_are_many_ways() -> None:
    assert len(set(ALL)) >= 60


@pytest.mark.parametrize("url", ALL)
def test_it_refuses_at_once(url: str) -> None:
    with pytest.raises(AddressError):
        posting.check(url, private_hosts=())


@pytest.mark.parametrize("url", SPELLED)
def test_what_is_no_plain_address_is_refused_by_its_spelling_alone(url: str) -> None:
    try:
        parse(url)
    except AddressError:
        return
    with pytest.raises(AddressError):
        posting.check(url, private_hosts=())


@pytest.mark.parametrize("url", ["https://example.org/", "http://example.org:8080/a?b=c"])
def test_a_plain_address_is_taken(url: str) -> None:
    assert parse(url).hostname == "example.org"


@pytest.mark.parametrize("text", ["", "x", "127.0.0.1/8", "1.2.3", "::1%lo", "fe80::1%1", "[::1]"])
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)
