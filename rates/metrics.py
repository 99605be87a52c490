"""What Prometheus is told of the rates (cms/metrics.py)."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from rates.models import Source


def gauges() -> Iterator[GaugeMetricFamily]:
    """Of each source that is fetched: whether its rates are stale, and for how long."""
    now = timezone.now()
    stale = GaugeMetricFamily(
        "dastan_rates_stale", "Whether a source's bulletin is missing.", labels=["source"]
    )
    seconds = GaugeMetricFamily(
        "dastan_rates_stale_seconds", "For how long it has been stale.", labels=["source"]
    )
    sources = Source.objects.enabled().order_by("slug")
    for slug, is_stale, since in sources.values_list("slug", "is_stale", "stale_from"):
        stale.add_metric([slug], int(is_stale))
        late = (now - since) // timedelta(seconds=1) if is_stale and since is not None else 0
        seconds.add_metric([slug], max(0, late))
    yield stale
    yield seconds
