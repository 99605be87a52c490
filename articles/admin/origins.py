"""From where a request of the admin comes, for the audit."""

from django.http import HttpRequest

from articles.models import Origin
from cms.api.requests import client_address


def origin_of(request: HttpRequest) -> Origin:
    """The client's address and user agent."""
    return Origin(client_address(request), request.headers.get("User-Agent", ""))
