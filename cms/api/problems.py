"""Errors as RFC 9457 problem details, whatever went wrong and wherever it did.

``ProblemError`` is what our code raises; ``exception_handler`` turns what REST framework's views
raise into problems; ``ProblemMiddleware`` is the net around everything else but the admin.
"""

import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import escape_leading_slashes
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions

from cms.changes.availability import StillAwayError

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, its title, and how to mend it (for people)."""

    status: int
    title: str
    remedy: str


KINDS: dict[str, Kind] = {
    "invalid-parameter": Kind(
        400,
        "A parameter has a value that cannot be used",
        "Each entry of “errors” names a parameter and says what it takes. Percent-encode values:"
        " a plus sign, as in +05:00, is written %2B.",
    ),
    "unknown-parameter": Kind(
        400,
        "There is no parameter of that name here",
        "“detail” lists the parameters that exist at this address. Parameters are strict, so that"
        " a spelling mistake is never an answer to another question.",
    ),
    "repeated-parameter": Kind(
        400,
        "A parameter is given twice",
        "Give each parameter once. Where it takes a list, part its items by commas.",
    ),
    "malformed-body": Kind(
        400, "The request cannot be read", "Send well-formed JSON in UTF-8, and valid HTTP."
    ),
    "invalid-body": Kind(
        400,
        "The body has values that cannot be used",
        "Each entry of “errors” points into the body (“pointer”, RFC 6901) and says what it takes.",
    ),
    "bad-host": Kind(
        400,
        "This server does not answer for that host",
        "Ask by a host name that the setting ALLOWED_HOSTS names.",
    ),
    "unauthenticated": Kind(
        401,
        "The credential is not valid",
        "Leave out the Authorization header, or send a valid credential: one that is malformed,"
        " unknown, expired or revoked is never taken for an anonymous request.",
    ),
    "forbidden": Kind(
        403, "This is not allowed", "Ask with a credential that allows it, or ask for access."
    ),
    "not-found": Kind(
        404,
        "There is nothing at this address",
        "Check the address. What is not public, not public yet or not public any more answers like"
        " what never existed.",
    ),
    "method-not-allowed": Kind(
        405, "This method is not possible here", "The header “Allow” lists the methods that are."
    ),
    "not-acceptable": Kind(
        406, "This is not available in that format", "Accept application/json, or leave it out."
    ),
    "conflict": Kind(409, "Somebody else changed this first", "Read it again, then repeat."),
    "gone": Kind(
        410, "This was withdrawn", "“detail” says why. Remove it wherever you keep a copy."
    ),
    "precondition-failed": Kind(
        412, "It has changed since you read it", "Read it again, then repeat with the new ETag."
    ),
    "too-large": Kind(413, "The request is too large", "Send less at once."),
    "uri-too-long": Kind(
        414, "The address is too long", "Addresses have at most 8 KiB. Ask for less at once."
    ),
    "unsupported-media-type": Kind(
        415, "The body has a format that is not understood", "Send application/json."
    ),
    "precondition-required": Kind(
        428, "Say which version you are changing", "Send If-Match with the ETag that you read."
    ),
    "throttled": Kind(
        429, "Too many requests", "Wait for as many seconds as “Retry-After” says, then ask again."
    ),
    "internal-error": Kind(
        500,
        "Something went wrong here",
        "It is not your request's fault, and it was logged. Tell us the “request_id”.",
    ),
    "unavailable": Kind(
        503, "Not available just now", "Ask again after as many seconds as “Retry-After” says."
    ),
}

_CODE_OF_STATUS = {
    400: "malformed-body",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    414: "uri-too-long",
    415: "unsupported-media-type",
    429: "throttled",
    503: "unavailable",
}


class ProblemError(Exception):
    """Raise it to answer with a problem. ``errors`` entries have ``parameter`` or ``pointer``,
    ``code`` and ``detail``; ``code`` is a key of ``KINDS``."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: Iterable[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.errors = [dict(error) for error in errors]
        self.headers = dict(headers or {})


def path_of(request: HttpRequest) -> str:
    """The request's path, percent-encoded; never one that could be read as another host."""
    return escape_leading_slashes(quote(request.path, safe="/:@!$&'()*+,;=~"))


def problem_response(request: HttpRequest, problem: ProblemError) -> HttpResponse:
    """The answer to a problem: ``application/problem+json`` of RFC 9457, never cached."""
    kind = KINDS[problem.code]
    document: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL}/problems/{problem.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
        "instance": path_of(request),
        "code": problem.code,
        "errors": problem.errors,
    }
    if kind.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        document["request_id"] = problem.headers.setdefault("X-Request-ID", str(uuid.uuid4()))
    if kind.status == HTTPStatus.SERVICE_UNAVAILABLE:
        problem.headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
    if kind.status == HTTPStatus.UNAUTHORIZED:
        problem.headers.setdefault("WWW-Authenticate", "Bearer")
    body = orjson.dumps(document)
    response = HttpResponse(
        body,
        status=kind.status,
        content_type=CONTENT_TYPE,
        headers={
            "Cache-Control": "no-store",
            "Content-Length": str(len(body)),
            **problem.headers,
        },
    )
    if kind.status == HTTPStatus.SERVICE_UNAVAILABLE:
        # problem_of has told it: Django need not for each request.
        response._has_been_logged = True  # type: ignore[attr-defined]  # as Django notes it
    return response


def problem_of(exception: Exception) -> ProblemError:
    """Which problem an exception is; one that nobody foresaw is logged and has no internals."""
    match exception:
        case ProblemError():
            return exception
        case Http404() | exceptions.NotFound():
            return ProblemError("not-found", "There is nothing at this address.")
        case PermissionDenied() | exceptions.PermissionDenied():
            return ProblemError("forbidden", "You are not allowed to do this.")
        case exceptions.Throttled():
            seconds = str(max(1, round(getattr(exception, "wait", None) or 1)))
            detail = f"Too many requests from your address. Ask again in {seconds} seconds."
            return ProblemError("throttled", detail, headers={"Retry-After": seconds})
        case exceptions.APIException(status_code=status) if status in _CODE_OF_STATUS:
            return ProblemError(_CODE_OF_STATUS[status], str(exception.detail))
        case BadRequest() | SuspiciousOperation():
            return ProblemError("malformed-body", "The request cannot be read.")
        case OperationalError() | InterfaceError():
            # One that only heard of it from another request has nothing to add.
            if not isinstance(exception, StillAwayError):
                logger.error("database unavailable: %s", " ".join(str(exception).split()))
            return ProblemError("unavailable", "The database does not answer just now.")
    return _unforeseen(exception)


def _unforeseen(exception: Exception | None = None) -> ProblemError:
    request_id = str(uuid.uuid4())
    logger.error("request %s failed", request_id, exc_info=exception)
    return ProblemError(
        "internal-error",
        "The server made a mistake. It was logged under this request's id.",
        headers={"X-Request-ID": request_id},
    )


def exception_handler(exception: Exception, context: dict[str, Any]) -> HttpResponse:
    """REST framework's hook: whatever a view raised becomes a problem."""
    view, request = context["view"], context["request"]
    response = problem_response(request._request, problem_of(exception))
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response["Allow"] = ", ".join(view.allowed_methods)
    return response


class ProblemMiddleware:
    """The net around everything but the admin: no error leaves as HTML, with DEBUG on neither."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            response.status_code < HTTPStatus.BAD_REQUEST
            or response.get("Content-Type") == CONTENT_TYPE
            or _is_for_people(request)
        ):
            return response
        return problem_response(request, _problem_of_response(response))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if _is_for_people(request):
            return None
        return problem_response(request, problem_of(exception))


def _is_for_people(request: HttpRequest) -> bool:
    return request.path.startswith("/admin/")


def _problem_of_response(response: HttpResponseBase) -> ProblemError:
    code = _CODE_OF_STATUS.get(response.status_code, "malformed-body")
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR and code != "unavailable":
        return _unforeseen()  # in a middleware; Django has logged where
    about_the_body = ("content-", "cache-control", "etag")
    kept = {
        name: value
        for name, value in response.items()
        if not name.lower().startswith(about_the_body)
    }
    return ProblemError(code, KINDS[code].remedy, headers=kept)


def read_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for GET, HEAD and OPTIONS; every other method is a 405 problem with Allow."""
    allow = {"Allow": "GET, HEAD, OPTIONS"}

    @csrf_exempt
    @wraps(view)
    def page(request: HttpRequest, **kwargs: str) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=allow)
        if request.method not in ("GET", "HEAD"):
            detail = f"Method {request.method} is not possible here."
            raise ProblemError("method-not-allowed", detail, headers=allow)
        return view(request, **kwargs)

    return page


@csrf_exempt
def not_found(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """The last URL pattern: an unknown address is a problem too."""
    raise Http404


@read_only
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """The page that a problem's ``type`` leads to."""
    if code not in KINDS:
        raise Http404
    return render(request, "cms/problem.html", {"code": code, "kind": KINDS[code]})
