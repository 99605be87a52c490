"""What a supervisor asks: whether the process answers at all."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """An empty 200, behind the same middleware as everything, without a query."""
    return HttpResponse(headers={"Cache-Control": "no-store"})
