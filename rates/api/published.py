"""What rates stand on: bulletins as they were published, their sources, the currencies."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from cms.api.pagination import Ordering, SortKey
from cms.api.parameters import LanguageParameter, Parameter, Pattern
from cms.api.views import DetailView, ListView
from cms.changes.models import Topic
from rates.api.filters import NoFilterSet, SnapshotFilterSet
from rates.api.serializers import (
    CurrencySerializer,
    SnapshotCardSerializer,
    SnapshotSerializer,
    SourceSerializer,
)
from rates.models import Currency, Rate, Snapshot, Source


def public() -> QuerySet[Snapshot]:
    """The snapshots that anyone may read: accepted ones, whether they still count or a later
    revision does, of sources that don't forbid it. They may be of days to come."""
    return Snapshot.objects.filter(
        status=Snapshot.Status.ACCEPTED, source__redistributable=True
    ).select_related("source")


def showing(snapshots: QuerySet[Snapshot], columns: list[str], names: list[str]) -> Any:
    """Reads only these columns, and the rates where they are among the fields."""
    snapshots = snapshots.only("id", "source_id", *columns)
    if "rates" in names:
        rates = Rate.objects.order_by("currency_id")
        snapshots = snapshots.prefetch_related(Prefetch("rates", rates))
    return snapshots


class SnapshotListView(ListView):
    """The bulletins that were accepted, as they were published.

    Each revision of a bulletin is one; `is_current` is that which counts. Sources whose terms
    forbid redistribution are left out.
    """

    topics = (Topic.RATES.value,)
    serializer_class = SnapshotCardSerializer
    filterset_class = SnapshotFilterSet
    orderings: ClassVar[dict[str, Ordering]] = {
        "-effective_date": (SortKey("effective_date", True), SortKey("id", True)),
        "effective_date": (SortKey("effective_date"), SortKey("id")),
    }

    def get_queryset(self) -> QuerySet[Snapshot]:
        return public()

    def for_list(self, queryset: QuerySet[Any], names: list[str]) -> QuerySet[Any]:
        columns = [*self.serializer_class.columns_of(names), "effective_date"]
        found: QuerySet[Any] = showing(queryset, columns, names)
        return found


class SnapshotDetailView(DetailView):
    """A bulletin, as it was published, with its rates."""

    topics = (Topic.RATES.value,)
    serializer_class = SnapshotSerializer
    path_parameters: ClassVar[dict[str, Parameter]] = {
        "id": Pattern("Its id.", "[1-9][0-9]{0,18}", "a positive whole number", "1204")
    }

    def get_object(self, slug: str, names: list[str]) -> Any:
        columns = self.serializer_class.columns_of(names)
        snapshot = showing(public().filter(pk=slug), columns, names).first()
        if snapshot is not None and "revisions" in names:
            same = public().filter(
                source=snapshot.source_id, effective_date=snapshot.effective_date
            )
            snapshot.revisions = same.order_by("revision")
        return snapshot


class CurrencyListView(ListView):
    """The currencies that there are (ISO 4217)."""

    topics = (Topic.RATES.value,)
    serializer_class = CurrencySerializer
    filterset_class = NoFilterSet
    orderings: ClassVar[dict[str, Ordering]] = {"code": (SortKey("code"),)}
    own_parameters: ClassVar[dict[str, Parameter]] = {
        "locale": LanguageParameter("Names in this language (BCP 47), where there is one.")
    }

    def get_queryset(self) -> QuerySet[Currency]:
        return Currency.objects.all()

    def serializer_context(self) -> dict[str, Any]:
        return {**super().serializer_context(), "locale": self.values["locale"]}


class SourceListView(ListView):
    """Who publishes the rates, and whether that goes well.

    `missed_publications` counts the bulletins that should have been there by their timetable, with
    some grace, since `latest_effective_date`; the rates are `stale` from the first of them on.
    """

    topics = (Topic.RATES.value,)
    is_kept = False  # what was missed grows with time
    serializer_class = SourceSerializer
    filterset_class = NoFilterSet
    orderings: ClassVar[dict[str, Ordering]] = {"slug": (SortKey("slug"),)}

    def get_queryset(self) -> QuerySet[Source]:
        return Source.objects.all()

    def for_list(self, queryset: QuerySet[Any], names: list[str]) -> QuerySet[Any]:
        current = Snapshot.objects.current().filter(source=OuterRef("pk"))
        latest = current.order_by("-effective_date").values("effective_date")[:1]
        found: QuerySet[Any] = queryset.annotate(latest_effective_date=Subquery(latest))
        return found

    def serializer_context(self) -> dict[str, Any]:
        return {**super().serializer_context(), "now": timezone.now()}
