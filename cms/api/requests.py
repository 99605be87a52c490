"""What every request has to be before a view sees it, in this order: for a host of ours,
without a trailing slash, without a bad credential, within limits, with a clean query string."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, unquote_to_bytes

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import get_bytes_from_wsgi
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cms.api.addresses import is_for_readers
from cms.api.problems import ProblemError, path_of, problem_response

MAX_URI_BYTES = 8 * 1024
MAX_PARAMETERS = 100
MAX_BODY_BYTES = 1024 * 1024
MAY_BE_EMPTY = {"cursor"}


class RequestMiddleware:
    """A check of the request: ``check`` returns an answer, raises ProblemError, or lets pass."""

    everywhere = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.everywhere or is_for_readers(request.path):
            try:
                answer = self.check(request)
            except ProblemError as problem:
                return problem_response(request, problem)
            if answer is not None:
                return answer
        return self.get_response(request)

    def check(self, request: HttpRequest) -> HttpResponse | None:
        raise NotImplementedError


class HostMiddleware(RequestMiddleware):
    """400 for a host that ALLOWED_HOSTS does not name."""

    everywhere = True

    def check(self, request: HttpRequest) -> None:
        try:
            request.get_host()
        except DisallowedHost:
            raise ProblemError(
                "bad-host", "The request's Host is not one that this server answers for."
            ) from None


class TrailingSlashMiddleware(RequestMiddleware):
    """308 to the path without its trailing slash, for every method, on this host."""

    def check(self, request: HttpRequest) -> HttpResponse | None:
        if not request.path.startswith("/api/") or not request.path[5:].endswith("/"):
            return None
        query = quote(_query_of(request), safe="%/?:@!$&'()*+,;=~")
        location = path_of(request).rstrip("/") + (f"?{query}" if query else "")
        return HttpResponse(status=308, headers={"Location": location, "Content-Length": "0"})


class CredentialsMiddleware(RequestMiddleware):
    """401 for every credential: none is known yet, and a bad one is never taken for none."""

    def check(self, request: HttpRequest) -> None:
        if "HTTP_AUTHORIZATION" in request.META:
            raise ProblemError(
                "unauthenticated",
                "The credential in the Authorization header is not known. Leave the header out to"
                " read what is public.",
            )


class LimitsMiddleware(RequestMiddleware):
    """414, 413 and 400 for what is too long, too large, or too many."""

    everywhere = True

    def check(self, request: HttpRequest) -> None:
        query = _query_of(request)
        if len(path_of(request)) + len(b"?" + query if query else b"") > MAX_URI_BYTES:
            raise ProblemError("uri-too-long", f"The address is longer than {MAX_URI_BYTES} bytes.")
        if not is_for_readers(request.path):
            return
        if query.count(b"&") >= MAX_PARAMETERS:
            raise ProblemError(
                "invalid-parameter", f"There are more than {MAX_PARAMETERS} parameters."
            )
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            raise ProblemError("malformed-body", "Content-Length is not a number.")
        if int(length[:20]) > MAX_BODY_BYTES:
            raise ProblemError("too-large", f"The body has more than {MAX_BODY_BYTES} bytes.")


class QueryStringMiddleware(RequestMiddleware):
    """400 for a parameter that is repeated, empty, or not clean UTF-8 text."""

    def check(self, request: HttpRequest) -> None:
        errors = []
        seen: set[bytes] = set()
        for pair in _query_of(request).split(b"&"):
            if not pair:
                continue
            raw_name, _, raw_value = pair.partition(b"=")
            name, value = (_decoded(part) for part in (raw_name, raw_value))
            error = _fault(name, value, repeated=name in seen)
            if error:
                code, detail = error
                shown = name.decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
                errors.append({"parameter": shown[:100], "code": code, "detail": detail})
            seen.add(name)
        if errors:
            first = errors[0]
            detail = f"{first['parameter']}: {first['detail']}"
            raise ProblemError(first["code"], detail, errors=errors)


def _query_of(request: HttpRequest) -> bytes:
    return get_bytes_from_wsgi(request.META, "QUERY_STRING", "")


def _decoded(part: bytes) -> bytes:
    return unquote_to_bytes(part.replace(b"+", b" "))


def _fault(name: bytes, value: bytes, *, repeated: bool) -> tuple[str, str] | None:
    if repeated:
        return "repeated-parameter", "Give it once; part the items of a list by commas."
    for part in (name, value):
        if b"\0" in part:
            return "invalid-parameter", "It must not contain a NUL byte."
        try:
            part.decode()
        except UnicodeDecodeError:
            return "invalid-parameter", "It is not valid UTF-8."
    if not value and name.decode() not in MAY_BE_EMPTY:
        return "invalid-parameter", "It is empty. Give it a value or leave it out."
    return None


def client_address(request: HttpRequest) -> str:
    """The address that the request comes from: the last one in X-Forwarded-For that is not one
    of TRUSTED_PROXIES (addresses or networks), as far as the chain is trusted and well-formed."""
    trusted = [ip_network(each, strict=False) for each in settings.TRUSTED_PROXIES]
    address = _address(str(request.META.get("REMOTE_ADDR", "")))
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while forwarded and address and any(address in network for network in trusted):
        farther = _address(forwarded.pop().strip())
        if farther is None:
            break
        address = farther
    return str(address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An IP address, an IPv4 one also where a dual-stack socket shows it as an IPv6 one."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
