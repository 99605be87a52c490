"""What a copy holds of each thing (GET /sync). Articles name regions, tags, authors and pictures
by their ids, and collections their articles, so that a new name is one item and not a thousand."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Case, F, Q, QuerySet, When
from rest_framework import serializers

from articles.api import examples
from articles.api.serializers import (
    ArticleCardSerializer,
    BlocksField,
    CorrectionSerializer,
    PublicUrlField,
    SeoField,
    TextOrNullField,
)
from articles.arranging import articles_of
from articles.models import Author, Collection, Kind, PublishedArticle, Region, Tag
from articles.sync import public_images
from cms.api.fields import MomentField, SparseSerializer
from cms.changes.sync.types import SyncType


class IdsField(serializers.ListField):
    """Ids, in the order in which they are shown."""

    child = serializers.IntegerField(min_value=1)


class ArrangedField(IdsField):
    """The ids of a collection's articles. Three statements a collection: they are few."""

    def to_representation(self, collection: Any) -> list[int]:
        return [article for held in articles_of(collection) for article in held]


class ArticleCopySerializer(SparseSerializer):
    """An article as a copy holds it."""

    heavy: ClassVar[tuple[str, ...]] = ("excerpt", "blocks", "body_text")
    columns: ClassVar[dict[str, tuple[str, ...]]] = {
        "reading_minutes": ("word_count",),
        "url": ArticleCardSerializer.columns["url"],
        "seo": ("seo_title", "seo_description"),
    }

    id = serializers.IntegerField(min_value=1)
    slug = serializers.CharField()
    title = serializers.CharField()
    kicker = TextOrNullField()
    summary = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.values)
    language = serializers.CharField()
    published_at = MomentField()
    updated_at = MomentField()
    word_count = serializers.IntegerField(min_value=0)
    reading_minutes = serializers.IntegerField(min_value=0)
    is_breaking = serializers.BooleanField()
    region_ids = IdsField()
    tag_ids = IdsField()
    author_ids = IdsField()
    lead_image_id = serializers.IntegerField(min_value=1, allow_null=True)
    url = PublicUrlField()
    body_html = serializers.CharField()
    corrections = CorrectionSerializer(many=True)
    canonical_url = TextOrNullField()
    seo = SeoField()
    revision = serializers.IntegerField(min_value=1)
    excerpt = serializers.CharField()
    blocks = BlocksField()
    body_text = serializers.CharField()


class NamedCopySerializer(SparseSerializer):
    """``names`` holds the name in other languages, by BCP 47 tag."""

    id = serializers.IntegerField(min_value=1)
    slug = serializers.CharField()
    name = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())


class TagCopySerializer(NamedCopySerializer):
    """A tag as a copy holds it."""


class RegionCopySerializer(NamedCopySerializer):
    """A region as a copy holds it."""

    columns: ClassVar[dict[str, tuple[str, ...]]] = {"parent_id": ()}

    code = TextOrNullField()
    parent_id = serializers.IntegerField(source="shown_parent", min_value=1, allow_null=True)
    order = serializers.IntegerField()
    description = TextOrNullField()


class AuthorCopySerializer(NamedCopySerializer):
    """An author as a copy holds it."""

    role = TextOrNullField()
    bio = TextOrNullField()
    picture_id = serializers.IntegerField(min_value=1, allow_null=True)


class ImageCopySerializer(SparseSerializer):
    """A picture as a copy holds it."""

    example: ClassVar[Mapping[str, Any]] = examples.CARD["lead_image"]

    id = serializers.IntegerField(min_value=1)
    url = serializers.CharField()
    alt = serializers.CharField()
    caption = TextOrNullField()
    credit = TextOrNullField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)


class CollectionCopySerializer(SparseSerializer):
    """A collection as a copy holds it. ``article_ids`` are its articles, in their order."""

    columns: ClassVar[dict[str, tuple[str, ...]]] = {"article_ids": ("language",)}

    id = serializers.IntegerField(min_value=1)
    slug = serializers.CharField()
    title = serializers.CharField()
    description = TextOrNullField()
    language = TextOrNullField()
    article_ids = ArrangedField(source="*", read_only=True)


def _regions() -> QuerySet[Any]:
    seen = Q(parent__in=Region.objects.all().public())
    shown = Case(When(seen, then=F("parent_id")), default=None)
    found: QuerySet[Any] = Region.objects.all().public().annotate(shown_parent=shown)
    return found


TYPES = [
    SyncType("image", public_images, ImageCopySerializer),
    SyncType("region", _regions, RegionCopySerializer),
    SyncType("tag", lambda: Tag.objects.all().public(), TagCopySerializer),
    SyncType("author", lambda: Author.objects.all().public(), AuthorCopySerializer),
    SyncType("article", PublishedArticle.objects.all, ArticleCopySerializer, is_public_itself=True),
    SyncType("collection", lambda: Collection.objects.all().public(), CollectionCopySerializer),
]
