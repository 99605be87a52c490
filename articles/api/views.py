from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.http import Http404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.filters import ArticleFilterSet, NamedFilterSet, RegionFilterSet
from articles.api.serializers import (
    ArticleCardSerializer,
    ArticleSerializer,
    AuthorSerializer,
    RegionSerializer,
    TagSerializer,
)
from articles.models import Author, FormerName, PublishedArticle, Region, Slug, Tag
from articles.models.taxonomy import CarriedQuerySet
from articles.querysets import IMAGE_FIELDS
from cms.api.pagination import Ordering, SortKey
from cms.api.parameters import LanguageParameter, ParameterErrors
from cms.api.problems import ProblemError
from cms.api.views import DetailView, ListView


class ArticleListView(ListView):
    """The newest published articles."""

    serializer_class = ArticleCardSerializer
    filterset_class = ArticleFilterSet
    orderings: ClassVar[dict[str, Ordering]] = {
        "-published_at": (
            SortKey("listed_at", True, "published_at"),
            SortKey("listed_id", True, "id"),
        ),
        "published_at": (
            SortKey("listed_at", False, "published_at"),
            SortKey("listed_id", False, "id"),
        ),
        "-updated_at": (SortKey("updated_at", True), SortKey("id", True)),
    }

    def read_parameters(self, request: Request, errors: ParameterErrors) -> dict[str, Any]:
        query = request._request.GET
        if "fallback" in query and "language" not in query:
            errors.add("fallback", "It needs language, and stands in where that is missing.")
        return super().read_parameters(request, errors)

    def get_queryset(self) -> QuerySet[PublishedArticle]:
        return PublishedArticle.objects.all_listed()

    def for_list(self, queryset: QuerySet[Any], names: list[str]) -> QuerySet[Any]:
        return queryset.showing(self.serializer_class.columns_of(names))  # type: ignore[attr-defined,no-any-return]  # our queryset's


class ArticleDetailView(DetailView):
    """A published article."""

    serializer_class = ArticleSerializer
    other_statuses = ("301", "410")

    def get_object(self, slug: str, names: list[str]) -> PublishedArticle | None:
        columns = self.serializer_class.columns_of(names)
        return PublishedArticle.objects.showing(columns).filter(slug=slug).first()

    def missing(self, slug: str) -> Response:
        return former_article(self.request, slug, "article")


def former_article(request: Request, slug: str, route: str) -> Response:
    """A former public slug leads on to its ``route``, a killed article says why; all else never
    existed."""
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
    return moved(request, route, former["present"])


def moved(request: Request, name: str, slug: str) -> Response:
    """301 to the present address, by the name of its path, with the request's parameters."""
    path = reverse(name, kwargs={"slug": slug})
    query = urlencode(request.GET.dict())
    location = f"{path}?{query}" if query else path
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
    filterset_class = NamedFilterSet
    orderings: ClassVar[dict[str, Ordering]] = {"name": BY_NAME, "-article_count": BY_COUNT}
    own_parameters = LOCALE
    things: ClassVar[CarriedQuerySet]

    def get_queryset(self) -> CarriedQuerySet:
        return public_named(self.things.all(), self.values["locale"])

    def for_list(self, queryset: Any, names: list[str]) -> CarriedQuerySet:
        ordering = self.request.GET.get("ordering", next(iter(self.orderings)))
        ordered_by = [key.column for key in self.orderings[ordering]]
        return showing(queryset, [*self.serializer_class.columns_of(names), *ordered_by])


class NamedDetailView(DetailView):
    own_parameters = LOCALE
    things: ClassVar[CarriedQuerySet]

    other_statuses = ("301",)

    def get_object(self, slug: str, names: list[str]) -> Any:
        things = public_named(self.things.all(), self.values["locale"])
        return showing(things.filter(slug=slug), self.serializer_class.columns_of(names)).first()

    def missing(self, slug: str) -> Response:
        """What was merged into another leads on to that; all else never existed."""
        model = self.things.model
        former = FormerName.objects.filter(kind=model.listing_kind, slug=slug, was_public=True)
        key = former.order_by("-merged_at", "-pk").values("key")[:1]
        present = self.things.all().public().filter(pk=Subquery(key)).values_list("slug", flat=True)
        for found in present:
            return moved(self.request, model._meta.model_name or "", found)
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
