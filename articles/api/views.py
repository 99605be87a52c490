from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.http import Http404
from django.urls import reverse
from rest_framework.response import Response

from articles.api import surrogate_keys
from articles.api.filters import NamedFilterSet, RegionFilterSet
from articles.api.serializers import (
    ArticleSerializer,
    AuthorSerializer,
    RegionSerializer,
    TagSerializer,
)
from articles.models import Author, FormerName, PublishedArticle, Region, Slug, Tag
from articles.models.taxonomy import CarriedQuerySet
from articles.querysets import IMAGE_FIELDS
from cms.api.pagination import Ordering, SortKey
from cms.api.parameters import LanguageParameter
from cms.api.problems import ProblemError
from cms.api.views import DetailView, ListView


class ArticleDetailView(DetailView):
    """A published article."""

    topics = surrogate_keys.TOPICS
    reads_clock = False
    serializer_class = ArticleSerializer
    other_statuses = ("301", "410")

    def get_object(self, slug: str, names: list[str]) -> PublishedArticle | None:
        columns = self.serializer_class.columns_of(names)
        return PublishedArticle.objects.showing(columns).filter(slug=slug).first()

    def surrogate_keys(self) -> list[str]:
        return surrogate_keys.of_article(self.row)

    def missing(self, slug: str) -> Response:
        return moved_or_gone(slug, "article", self.request.GET.dict())


def moved_or_gone(slug: str, name: str, query: dict[str, str]) -> Response:
    """A former public slug leads on, to the address of this name with this query; a killed
    article says why; all else never existed."""
    # By the article's key, past the desk's table.
    public = PublishedArticle.objects.filter(article=OuterRef("article"))
    former = (
        Slug.objects.filter(text=slug, public_since__isnull=False)
        .values("gone_reason", present=Subquery(public.values("slug")))
        .first()
    )
    if former is None:
        raise Http404
    if former["present"] is None:
        if former["gone_reason"] is None:
            raise Http404
        raise ProblemError("gone", former["gone_reason"] or "This article was withdrawn.")
    return moved(name, former["present"], query)


def moved(name: str, slug: str, query: dict[str, str]) -> Response:
    """301 to the present address, by the name of its path, with the request's parameters."""
    path = reverse(name, kwargs={"slug": slug})
    location = f"{path}?{urlencode(query)}" if query else path
    return Response(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": location})


BY_NAME: Ordering = (SortKey("sort_name"), SortKey("slug"))
BY_COUNT: Ordering = (SortKey("article_count", True), SortKey("slug"))
LOCALE = {"locale": LanguageParameter("Names in this language (BCP 47), where there is one.")}


def public_named(things: CarriedQuerySet, locale: str | None) -> CarriedQuerySet:
    """The public ones of regions, tags or authors, with what their filters look at."""
    things = things.public().with_shown_name(locale)
    if things.model is Region:
        seen = Q(parent__in=Region.objects.public())
        things = things.alias(parent_slug=Case(When(seen, then=F("parent__slug")), default=None))
    return things


def showing(things: CarriedQuerySet, columns: Iterable[str]) -> CarriedQuerySet:
    """Reads and counts only what these columns of serializers and orderings need."""
    wanted = set(columns) - {"shown_name", "sort_name"}  # are there for all of them
    if "article_count" in wanted:
        wanted.remove("article_count")
        things = things.with_article_count()
    if "parent_slug" in wanted:
        wanted.remove("parent_slug")
        things = things.annotate(parent_slug=F("parent_slug"))
    if "picture" in wanted:
        things = things.select_related("picture")
        wanted |= {f"picture__{name}" for name in IMAGE_FIELDS}
    return things.only("id", *wanted)


class NamedListView(ListView):
    reads_clock = False
    topics = surrogate_keys.TOPICS  # which of them are public, and how many articles they have
    filterset_class = NamedFilterSet
    orderings: ClassVar[dict[str, Ordering]] = {"name": BY_NAME, "-article_count": BY_COUNT}
    own_parameters = LOCALE
    things: ClassVar[CarriedQuerySet]

    def get_queryset(self) -> CarriedQuerySet:
        return public_named(self.things.all(), self.values["locale"])

    def surrogate_keys(self) -> list[str]:
        return [f"{self.things.model._meta.model_name}s", surrogate_keys.NAMES]

    def for_list(self, queryset: Any, names: list[str]) -> CarriedQuerySet:
        ordering = self.request.GET.get("ordering", next(iter(self.orderings)))
        ordered_by = [key.column for key in self.orderings[ordering]]
        return showing(queryset, [*self.serializer_class.columns_of(names), *ordered_by])


class NamedDetailView(DetailView):
    topics = surrogate_keys.TOPICS
    reads_clock = False
    own_parameters = LOCALE
    things: ClassVar[CarriedQuerySet]

    other_statuses = ("301",)

    def get_object(self, slug: str, names: list[str]) -> Any:
        things = public_named(self.things.all(), self.values["locale"])
        return showing(things.filter(slug=slug), self.serializer_class.columns_of(names)).first()

    def surrogate_keys(self) -> list[str]:
        return [f"{self.things.model._meta.model_name}-{self.row.pk}", surrogate_keys.NAMES]

    def missing(self, slug: str) -> Response:
        """What was merged into another leads on to that; all else never existed."""
        model = self.things.model
        former = FormerName.objects.filter(kind=model.listing_kind, slug=slug, was_public=True)
        key = former.order_by("-merged_at", "-pk").values("key")[:1]
        present = self.things.all().public().filter(pk=Subquery(key)).values_list("slug", flat=True)
        for found in present:
            return moved(model._meta.model_name or "", found, self.request.GET.dict())
        raise Http404


class RegionListView(NamedListView):
    """The regions that published articles are about."""

    serializer_class = RegionSerializer
    filterset_class = RegionFilterSet
    orderings: ClassVar[dict[str, Ordering]] = {
        "order": (SortKey("order"), *BY_NAME),
        "name": BY_NAME,
        "-article_count": BY_COUNT,
    }
    things = Region.objects.all()


class RegionDetailView(NamedDetailView):
    """A region."""

    serializer_class = RegionSerializer
    things = Region.objects.all()


class TagListView(NamedListView):
    """The tags that published articles carry."""

    serializer_class = TagSerializer
    things = Tag.objects.all()


class TagDetailView(NamedDetailView):
    """A tag."""

    serializer_class = TagSerializer
    things = Tag.objects.all()


class AuthorListView(NamedListView):
    """The authors of published articles."""

    serializer_class = AuthorSerializer
    things = Author.objects.all()


class AuthorDetailView(NamedDetailView):
    """An author."""

    serializer_class = AuthorSerializer
    things = Author.objects.all()
