"""What the desk works on, and what the public reads; architecture.md, decision 2."""

from articles.models.article import Article, Byline
from articles.models.audit import AuditEntry, Origin
from articles.models.author import Author
from articles.models.collection import Collection, Slot
from articles.models.comment import Comment
from articles.models.content import ArticleContent, Kind
from articles.models.former_name import FormerName
from articles.models.former_url import FormerUrl
from articles.models.image import Image
from articles.models.listing import Listing
from articles.models.presence import Presence
from articles.models.preview import Preview
from articles.models.published import PublishedArticle
from articles.models.redirect import Redirect
from articles.models.revision import Revision
from articles.models.saved_filter import SavedFilter
from articles.models.search import RelatedChoice, SearchEntry, SearchWord, Suggestion
from articles.models.slug import Slug
from articles.models.tally import Tally
from articles.models.taxonomy import Region, Tag

__all__ = [
    "Article",
    "ArticleContent",
    "AuditEntry",
    "Author",
    "Byline",
    "Collection",
    "Comment",
    "FormerName",
    "FormerUrl",
    "Image",
    "Kind",
    "Listing",
    "Origin",
    "Presence",
    "Preview",
    "PublishedArticle",
    "Redirect",
    "Region",
    "RelatedChoice",
    "Revision",
    "SavedFilter",
    "SearchEntry",
    "SearchWord",
    "Slot",
    "Slug",
    "Suggestion",
    "Tag",
    "Tally",
]
