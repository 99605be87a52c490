"""Which addresses are on the public internet; pure.

What matters is the address that a connection is made to, and not how somebody wrote it: names,
octal and integer forms are resolved first, and addresses that carry another one are opened.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, 2.4: nothing else is the public internet
# An IPv4 address within an IPv6 address: the network, and how many bits follow the address.
_CARRIERS = (
    (IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped, RFC 4291
    (IPv6Network("::ffff:0:0:0/96"), 0),  # IPv4-translated, RFC 2765
    (IPv6Network("::/96"), 0),  # IPv4-compatible, RFC 4291
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (IPv6Network("2002::/16"), 80),  # 6to4, RFC 3056
)
# What Python does not call private, and nobody serves the public from.
_NOT_SERVED = (
    IPv4Network("192.88.99.0/24"),  # relays of 6to4, RFC 7526
    IPv6Network("2002::/16"),  # 6to4 itself, RFC 7526
    IPv6Network("2001::/32"),  # Teredo, RFC 4380: hides an address behind a relay
    IPv6Network("2001:20::/28"),  # identifiers of ORCHIDv2, RFC 7343
    IPv6Network("2001:db8::/32"),  # documentation, RFC 3849
    IPv6Network("3fff::/20"),  # documentation, RFC 9637
    IPv6Network("5f00::/16"),  # segment routing, RFC 9602
)
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214: the upper half of an interface's identifier


class AddressError(ValueError):
    """An address that is not asked; the message is a sentence."""


def parse(url: str) -> SplitResult:
    """The parts of an http or https address that names a host and nobody's login; AddressError
    otherwise."""
    try:
        place = urlsplit(url)
        host, port = place.hostname, place.port
    except ValueError:
        raise AddressError(_("That is not a URL.")) from None
    if place.scheme not in ("http", "https") or not host or port == 0:
        raise AddressError(_("Write an address that begins with https:// and names a host."))
    if place.username is not None or place.password is not None:
        raise AddressError(_("An address must not hold a login (user@host)."))
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise AddressError(_("Write the address in ASCII: international names as xn--…."))
    if host.endswith(".") or "%" in host:
        raise AddressError(_("Write the host without a dot at its end, and without a zone."))
    if place.fragment:
        raise AddressError(_("Leave out the part after the #."))
    return place


def is_public(text: str) -> bool:
    """Whether a connection to this address (IPv4 or IPv6, RFC 4291, perhaps with a zone) leads to
    the public internet, and no address within it leads elsewhere."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.scope_id:
        return False
    if any(not is_public(str(each)) for each in _carried(address)):
        return False
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    is_served = not any(address in each for each in _NOT_SERVED if each.version == address.version)
    return is_served and address.is_global and not address.is_multicast


def _carried(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address]:
    if isinstance(address, IPv4Address):
        return
    number = int(address)
    for network, bits in _CARRIERS:
        if address in network:
            yield IPv4Address((number >> bits) & 0xFFFF_FFFF)
    if (number >> 32) & 0xFFFF_FFFF in _ISATAP:
        yield IPv4Address(number & 0xFFFF_FFFF)
