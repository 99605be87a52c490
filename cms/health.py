"""What a supervisor asks: whether the process answers at all."""

from django.http import HttpRequest, HttpResponse

from cms.api.problems import read_only


@read_only
def live(request: HttpRequest) -> HttpResponse:
    """An empty 200, behind the same middleware as everything, without a query."""
    return HttpResponse(headers={"Cache-Control": "no-store", "Content-Length": "0"})
