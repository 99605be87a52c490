from django.urls import path, register_converter
from django.urls.converters import StringConverter

from rates.api import history, published, views


class PairConverter(StringConverter):
    """Two codes; in small letters too, which get a sentence instead of a 404."""

    regex = "[A-Za-z]{3}-[A-Za-z]{3}"


class IdConverter(StringConverter):
    regex = "[1-9][0-9]{0,18}"


register_converter(PairConverter, "pair")
register_converter(IdConverter, "id")

urlpatterns = [
    path("rates/ticker", views.TickerView.as_view(), name="ticker"),
    path("rates/convert", views.ConvertView.as_view(), name="convert"),
    path("rates/snapshots", published.SnapshotListView.as_view(), name="snapshots"),
    path("rates/snapshots/<id:id>", published.SnapshotDetailView.as_view(), name="snapshot"),
    path("rates/currencies", published.CurrencyListView.as_view(), name="currencies"),
    path("rates/sources", published.SourceListView.as_view(), name="sources"),
    path("rates/<pair:pair>", views.RateView.as_view(), name="rate"),
    path("rates/<pair:pair>/history", history.HistoryView.as_view(), name="history"),
    path("rates/<pair:pair>/chart.svg", history.ChartView.as_view(), name="chart"),
]
