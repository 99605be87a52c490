from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.slugs import MAX_LENGTH, numbered

if TYPE_CHECKING:
    from articles.models.article import Article


class SlugManager(models.Manager["Slug"]):
    def free(self, wanted: Sequence[str], *, besides: Collection[str] = ()) -> list[str]:
        """For each wanted slug one that nobody holds: itself, or with the next number.

        The answers differ among themselves too, and from those ``besides``. Another writer may
        still take one first: then ``reserve`` refuses, and nothing is lost.
        """
        stems = set(wanted)
        taken = set(self.filter(text__in=stems).values_list("text", flat=True))
        for stem in stems & taken:
            taken.update(
                self.filter(text__startswith=f"{stem[: MAX_LENGTH - 12]}-").values_list(
                    "text", flat=True
                )
            )
        free = []
        for stem in wanted:
            number = 1
            while (text := numbered(stem, number)) in taken or text in besides:
                number += 1
            free.append(text)
            taken.add(text)
        return free

    def reserve(self, articles: Iterable[Article]) -> None:
        """Hold the desk's slug of each article, and let go of those that it no longer uses and
        that never were public. ValidationError when another article holds one.
        """
        wanted = {article.slug: article.pk for article in articles}
        self.bulk_create(
            [Slug(text=text, article_id=pk) for text, pk in wanted.items()],
            ignore_conflicts=True,
        )
        for text, holder in self.filter(text__in=wanted).values_list("text", "article_id"):
            if wanted[text] != holder:
                raise _taken(text)
        self.filter(article__in=wanted.values(), public_since=None).exclude(
            text__in=wanted
        ).delete()

    def keep_former(self, former: Mapping[str, tuple[Article, datetime]]) -> None:
        """Let these texts lead to their articles, public since then. ValidationError when another
        article holds one."""
        self.bulk_create(
            [
                Slug(text=text, article=article, public_since=moment)
                for text, (article, moment) in former.items()
            ],
            ignore_conflicts=True,
        )
        for slug in self.filter(text__in=former).order_by("text"):
            article, moment = former[slug.text]
            if slug.article_id != article.pk:
                raise _taken(slug.text)
            if slug.public_since is None:
                self.filter(text=slug.text).update(public_since=moment)

    def tell_reasons(self, reasons: Mapping[int, str | None], *, at: datetime) -> None:
        """What readers are told of articles, by primary key, that are gone for good; None of one
        that is not. What is gone was public, at the latest at ``at``."""
        slugs = self.filter(article__in=reasons)
        for key, reason in reasons.items():
            if reason is not None:
                slugs.filter(article=key).update(
                    gone_reason=reason, public_since=Coalesce("public_since", at)
                )
        there = [key for key, reason in reasons.items() if reason is None]
        slugs.filter(article__in=there, gone_reason__isnull=False).update(gone_reason=None)


def _taken(text: str) -> ValidationError:
    return ValidationError(
        {
            "slug": gettext("Another article holds the slug “{slug}”. Choose another one.").format(
                slug=text
            )
        },
        code="slug-taken",
    )


class Slug(models.Model):
    """Every slug that leads, will lead or once led to an article: the desk's, the public and
    the former ones, in one place and unique.

    Only a slug that was public (``public_since``, UTC) redirects. Of a killed article,
    ``gone_reason`` is what the public is told.
    """

    text = models.CharField(max_length=MAX_LENGTH, primary_key=True)
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="slugs")
    public_since = models.DateTimeField(null=True, blank=True)
    gone_reason = models.TextField(null=True, blank=True)

    objects = SlugManager()

    class Meta:
        verbose_name = _("slug")
        verbose_name_plural = _("slugs")

    def __str__(self) -> str:
        return self.text
