from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from articles.models.content import Kind
from articles.models.published import PublishedArticle
from cms.changes.models import Change, Topic

if TYPE_CHECKING:
    from articles.models.article import Article  # noqa: F401 -- the type of a relation

_CHUNK = 50  # 0.15 s or so, for which a publication of one of them may have to wait
_PATIENCE = 0.2  # seconds

_HOLD = """
SELECT id FROM articles_publishedarticle WHERE id = ANY(%s) ORDER BY id FOR SHARE SKIP LOCKED
"""

# Words that only former articles have, and all but one row of the others.
_TIDY_WORDS = """
DELETE FROM articles_searchword w WHERE NOT EXISTS (
    SELECT FROM articles_searchentry e WHERE e.article_id = w.article_id
) OR EXISTS (SELECT FROM articles_searchword o WHERE o.word = w.word AND o.id < w.id
    AND EXISTS (SELECT FROM articles_searchentry e WHERE e.article_id = o.article_id))
"""


class Config(models.IntegerChoices):
    """How the words of an article are read; migration 0004 makes the configurations."""

    SIMPLE = 0, "dastan_simple"
    ENGLISH = 1, "dastan_english"
    RUSSIAN = 2, "dastan_russian"


def config_of(language: str) -> Config:
    """The configuration of a language (BCP 47), as the SQL function ``search_config`` chooses."""
    primary = language.partition("-")[0].lower()
    return {"en": Config.ENGLISH, "ru": Config.RUSSIAN}.get(primary, Config.SIMPLE)


def _ids() -> ArrayField[list[int], list[int]]:
    return ArrayField(models.BigIntegerField(), default=list)


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    _counted: int | None = None

    def count(self) -> int:
        """How many; this very queryset asks the database once."""
        if self._counted is None:
            self._counted = super().count()
        return self._counted

    def all_listed(self) -> SearchEntryQuerySet:
        """All, with what filters and orderings of lists look at: see PublishedArticleQuerySet."""
        return self.alias(  # type: ignore[no-redef]  # the row's ``id`` is the same
            id=F("article_id"), listed_at=F("published_at"), listed_id=F("article_id")
        )

    def rewrite(self, article_ids: Sequence[int]) -> None:
        """Bring what is found of these public articles in line with what they are."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT search_rewrite(%s)", [list(article_ids)])

    def refresh(
        self, *, renamed_only: bool = False, stopped: Callable[[], bool] = lambda: False
    ) -> int:
        """Bring all public articles in line, or only those that carry a renamed tag, region or
        author; return how many were rewritten, fewer when it is ``stopped`` meanwhile.

        Each chunk of 50 is a transaction of its own, and one row of the change log, of its first
        article, so that no answer that was kept from before it is sent again; a copy fetches that
        article once more. An article that is just being published comes
        later: waiting for it while others wait for the chunk would be a deadlock, and what is read
        before its commit would undo it.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM search_out_of_line(%s)", [renamed_only])
            ids = [row[0] for row in cursor.fetchall()]
        done = 0
        while ids and not stopped():
            held: set[int] = set()
            for start in range(0, len(ids), _CHUNK):
                if not stopped():
                    held |= _refresh_chunk(ids[start : start + _CHUNK])
            done += len(held)
            left = PublishedArticle.objects.filter(pk__in=set(ids) - held).order_by("pk")
            ids = list(left.values_list("pk", flat=True))
            if ids and not stopped():
                time.sleep(_PATIENCE)
        if not renamed_only:
            with connection.cursor() as cursor:
                cursor.execute(_TIDY_WORDS)
        return done


def _refresh_chunk(ids: Sequence[int]) -> set[int]:
    """Rewrite those of these that nobody is publishing, and return them."""
    with transaction.atomic(), connection.cursor() as cursor:
        # A statement of its own: the next one sees what was committed until the rows were held.
        cursor.execute(_HOLD, [list(ids)])
        held = [row[0] for row in cursor.fetchall()]
        if held:
            cursor.execute("SELECT search_rewrite(%s)", [held])
            cursor.execute("SELECT search_log(%s)", [held])
    return set(held)


class SearchEntry(models.Model):
    """What of a public article is searched: a narrow row, with all that narrows a search.

    Its one long column, ``vector``, stands aside (TOAST) and is read only to rank. There is no
    index but those on words, so that PostgreSQL has no other way to search than by them.
    Written by ``search_rewrite`` (migration 0004), which publication calls, and nobody else.
    ``related_pins`` and ``related_exclusions`` are keys of the desk's copies, in order.
    """

    article = models.OneToOneField(
        PublishedArticle, on_delete=models.CASCADE, primary_key=True, related_name="search"
    )
    config = models.PositiveSmallIntegerField(choices=Config)
    kind = models.CharField(max_length=20, choices=Kind)
    language = models.CharField(max_length=35)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    region_ids = _ids()
    tag_ids = _ids()
    author_ids = _ids()
    related_pins = _ids()
    related_exclusions = _ids()
    names_hash = models.BigIntegerField()
    vector = SearchVectorField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("model", "entry of the search")
        verbose_name_plural = pgettext_lazy("model", "entries of the search")
        indexes = [
            # The words of a search, parsed in the configuration of the articles that it is for.
            *(
                GinIndex(
                    fields=["vector"],
                    condition=Q(config=config.value),
                    name=f"articles_search_{config.name.lower()}",
                )
                for config in Config
            ),
            # (Of the titles' words alone there is articles_search_titles, by the migration.)
        ]

    def __str__(self) -> str:
        return f"{self.article_id}"

    @property
    def id(self) -> int:
        """The public id, as PublishedArticle has it."""
        return self.article_id


def refresh_renamed(stopped: Callable[[], bool] = lambda: False, since: int | None = None) -> int:
    """Let articles be found by the present names of what they carry; return of how many that is.
    Every public article is looked at, but when no name has changed ``since`` that number of the
    log."""
    if since is not None and not _is_renamed(since):
        return 0
    return SearchEntry.objects.all().refresh(renamed_only=True, stopped=stopped)


def _is_renamed(since: int) -> bool:
    """Whether a name may have changed after that number: new names are in no article yet."""
    if not Change.objects.filter(number=since + 1).exists():
        return True  # the log was cut: nobody knows
    return (
        Change.objects.filter(Q(before__isnull=False) | Q(action="reset"), topic=Topic.TAXONOMY)
        .filter(Q(type__in=("region", "tag", "author")) | Q(action="reset"), number__gt=since)
        .exists()
    )


class SearchWord(models.Model):
    """A word of a public article, to respell searches by: lower case, without accents.

    ``article_id`` is one that has it; the word counts only while that is public. There may be
    several rows of a word, since publications never wait for each other's words.
    """

    word = models.TextField()
    article_id = models.BigIntegerField()

    class Meta:
        verbose_name = pgettext_lazy("model", "word of the search")
        verbose_name_plural = pgettext_lazy("model", "words of the search")
        indexes = [
            # Is it known?
            models.Index(fields=["word"], name="articles_word"),
            # What is spelled like it?
            GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="articles_word_like"),
            # When the article changes.
            models.Index(fields=["article_id"], name="articles_word_article"),
        ]

    def __str__(self) -> str:
        return self.word


class Suggestion(models.Model):
    """A title, or a name of a region, tag or author, as search boxes suggest it.

    ``folded`` is the text in lower case without accents. ``language`` is that of the title, or of
    the name's translation, and empty for a usual name. Names are written by triggers, whether they
    are public or not: who reads asks for that.
    """

    class Type(models.IntegerChoices):
        REGION = 1
        TAG = 2
        AUTHOR = 3
        ARTICLE = 4

    type = models.PositiveSmallIntegerField(choices=Type)
    key = models.BigIntegerField()
    language = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField()
    folded = models.TextField(db_collation="C")

    class Meta:
        verbose_name = pgettext_lazy("model", "suggestion")
        verbose_name_plural = pgettext_lazy("model", "suggestions")
        constraints = [
            models.UniqueConstraint(
                fields=["type", "key", "language"], name="articles_suggestion_unique"
            ),
        ]
        indexes = [
            # What begins like this, in the order of the alphabet: names, and titles.
            models.Index(
                fields=["folded", "type", "key"],
                condition=Q(type__lt=4),
                name="articles_suggestion_names",
            ),
            models.Index(
                fields=["folded", "key", "language"],
                condition=Q(type=4),
                name="articles_suggestion_titles",
            ),
            # Names that are spelled like this; titles are found by their words.
            GinIndex(
                OpClass(F("folded"), name="gin_trgm_ops"),
                condition=Q(type__lt=4),
                name="articles_suggestion_like",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class RelatedChoice(models.Model):
    """What an editor says of an article's related ones: this one first, or this one never.

    Takes effect for readers with the article's next publication.
    """

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="related_choices"
    )
    other = models.ForeignKey(
        "articles.Article",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("other article"),
    )
    is_excluded = models.BooleanField(_("never show"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("related article")
        verbose_name_plural = _("related articles: first these, by position, or never")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "other"], name="articles_related_once"),
            models.CheckConstraint(
                condition=~Q(article=F("other")), name="articles_related_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{'never' if self.is_excluded else 'first'}: {self.other}"

    def clean(self) -> None:
        if self.article_id == self.other_id:
            raise ValidationError(
                {"other": gettext("An article is not related to itself. Choose another.")}
            )
