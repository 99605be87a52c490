from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles import taxonomy_snapshot
from articles.addresses import page_address
from articles.api import examples
from articles.api.block_schema import BLOCKS
from articles.models import Image, Kind, PublishedArticle
from cms.api.fields import MomentField, SparseSerializer


class NamedSerializer(serializers.Serializer[Any]):
    """A region, tag or author as articles name it."""

    slug = serializers.CharField()
    name = serializers.CharField()


@extend_schema_field({"type": ["string", "null"]})
class TextOrNullField(serializers.Field[Any, Any, Any, Any]):
    """A text; null where it is not set."""

    def __init__(self, source: str | None = None) -> None:
        super().__init__(source=source, read_only=True)

    def to_representation(self, text: str) -> str | None:
        return text or None


class ImageSerializer(serializers.Serializer[Image]):
    url = serializers.CharField()
    alt = serializers.CharField()
    caption = TextOrNullField()
    credit = TextOrNullField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)


class CorrectionSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    note = serializers.CharField()


class TranslationSerializer(serializers.Serializer[Any]):
    language = serializers.CharField()
    slug = serializers.CharField()


class SeoSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(allow_null=True)
    description = serializers.CharField(allow_null=True)


@extend_schema_field(NamedSerializer(many=True))
class NamesField(serializers.Field[Any, Any, Any, Any]):
    """The names behind an array of ids, in its order."""

    def __init__(self, kind: str) -> None:
        super().__init__(source=f"{kind}_ids", read_only=True)
        self.kind = kind

    def to_representation(self, ids: list[int]) -> list[dict[str, str]]:
        return taxonomy_snapshot.current().names(self.kind, ids)


@extend_schema_field({"type": "string", "format": "uri-reference"})
class PublicUrlField(serializers.Field[Any, Any, Any, Any]):
    """The address of the article's public page, by ARTICLE_URL_TEMPLATE."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True)

    def to_representation(self, article: PublishedArticle) -> str:
        return public_url(article)


@extend_schema_field(BLOCKS)
class BlocksField(serializers.ReadOnlyField):
    """The body's blocks, as they were stored at publication."""


@extend_schema_field(SeoSerializer)
class SeoField(serializers.Field[Any, Any, Any, Any]):
    def __init__(self) -> None:
        super().__init__(source="*", read_only=True)

    def to_representation(self, article: PublishedArticle) -> dict[str, str | None]:
        return {
            "title": article.seo_title or None,
            "description": article.seo_description or None,
        }


class HighlightsSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    passage = serializers.CharField()


@extend_schema_field(HighlightsSerializer(allow_null=True))
class HighlightsField(serializers.Field[Any, Any, Any, Any]):
    """What a search found in the article, as HTML; null where nothing was searched."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True)

    def to_representation(self, article: PublishedArticle) -> dict[str, str] | None:
        return getattr(article, "highlights", None)


def public_url(article: PublishedArticle) -> str:
    return page_address(
        slug=article.slug, language=article.language, published_at=article.published_at
    )


class ArticleCardSerializer(SparseSerializer):
    """An article in a list."""

    example = examples.CARD

    heavy: ClassVar[tuple[str, ...]] = (
        "excerpt",
        "body_html",
        "blocks",
        "body_text",
        "corrections",
        "highlights",
    )
    columns: ClassVar[dict[str, tuple[str, ...]]] = {
        "reading_minutes": ("word_count",),
        "regions": ("region_ids",),
        "tags": ("tag_ids",),
        "authors": ("author_ids",),
        "url": ("slug", "language", "published_at"),
        "highlights": (),
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
    regions = NamesField("region")
    tags = NamesField("tag")
    authors = NamesField("author")
    lead_image = ImageSerializer(allow_null=True)
    url = PublicUrlField()
    excerpt = serializers.CharField()
    body_html = serializers.CharField()
    blocks = BlocksField()
    body_text = serializers.CharField()
    corrections = CorrectionSerializer(many=True)
    highlights = HighlightsField()


class ArticleSerializer(ArticleCardSerializer):
    """An article by itself."""

    example = examples.ARTICLE

    heavy: ClassVar[tuple[str, ...]] = ("blocks", "body_text")
    columns: ClassVar[dict[str, tuple[str, ...]]] = {
        **ArticleCardSerializer.columns,
        "seo": ("seo_title", "seo_description"),
    }

    highlights = None  # type: ignore[assignment]  # takes it away: it is of lists only
    translations = TranslationSerializer(many=True)
    canonical_url = TextOrNullField()
    seo = SeoField()
    revision = serializers.IntegerField(min_value=1)


class NamedThingSerializer(SparseSerializer):
    """What regions, tags and authors show."""

    columns: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("shown_name",)}

    slug = serializers.CharField()
    name = serializers.CharField(source="shown_name")


class TagSerializer(NamedThingSerializer):
    """A topic of published articles."""

    example = examples.TAG

    article_count = serializers.IntegerField(min_value=0)


class RegionSerializer(NamedThingSerializer):
    """A place that published articles are about; `article_count` includes those below it."""

    example = examples.REGION
    columns: ClassVar[dict[str, tuple[str, ...]]] = {
        **NamedThingSerializer.columns,
        "parent": ("parent_slug",),
    }

    code = TextOrNullField()
    parent = serializers.CharField(  # type: ignore[assignment]  # not the parent serializer
        source="parent_slug", allow_null=True
    )
    order = serializers.IntegerField()
    description = TextOrNullField()
    article_count = serializers.IntegerField(min_value=0)


class AuthorSerializer(NamedThingSerializer):
    """Who stands in the byline of published articles."""

    example = examples.AUTHOR

    role = TextOrNullField()
    bio = TextOrNullField()
    picture = ImageSerializer(allow_null=True)
    article_count = serializers.IntegerField(min_value=0)
