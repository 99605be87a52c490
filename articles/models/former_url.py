from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from django.db import models
from django.utils.translation import gettext, pgettext_lazy

MAX_LENGTH = 2000
# What of a path needs no escaping (RFC 3986), beside letters and digits.
UNESCAPED = "/:@!$&'()*+,;=~-._"
# Browsers take a backslash for a slash, and drop control characters.
SITE_PATH = r"/([^/\\\x00-\x1f\x7f][^\\\x00-\x1f\x7f]*)?"


class FormerUrlManager(models.Manager["FormerUrl"]):
    def replace(self, addresses: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
        """Keep these (article's primary key, address) in the place of what those articles had.

        Returns those that were not kept, as another article has the same path already.
        """
        wanted = [(article, address, path_of(address)) for article, address in addresses]
        self.filter(article__in={article for article, _, _ in wanted}).delete()
        self.bulk_create(
            [FormerUrl(path=path, article_id=article) for article, _, path in wanted],
            ignore_conflicts=True,
            batch_size=1000,
        )
        rows = self.filter(path__in={path for _, _, path in wanted})
        holders = dict(rows.values_list("path", "article_id"))
        return [(article, address) for article, address, path in wanted if holders[path] != article]


class FormerUrl(models.Model):
    """Where an article stood on the site that it was imported from, kept for redirects.

    ``path`` is the address without its host and fragment, as ``path_of`` writes it.
    """

    path = models.CharField(max_length=MAX_LENGTH, primary_key=True)
    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="former_urls"
    )

    objects = FormerUrlManager()

    class Meta:
        verbose_name = pgettext_lazy("model", "former address")
        verbose_name_plural = pgettext_lazy("model", "former addresses")

    def __str__(self) -> str:
        return self.path


def path_of(address: str) -> str:
    """The path and the query of an address, in one spelling of those that mean the same: escaped
    where a URL needs it (RFC 3986), without a slash at the end of the path."""
    parts = urlsplit(address)
    path = quote(unquote(parts.path), safe=UNESCAPED).rstrip("/") or "/"
    query = quote(parts.query, safe=f"%?{UNESCAPED}")
    return f"{path}?{query}" if query else path


def site_path(text: str) -> str:
    """The text in the spelling of ``path_of``, if it is a path of the site and leads nowhere else:
    it begins with one slash, escaped or not, and has no backslash and no control character.

    ValueError, with a sentence for who wrote it, of all else, and of more than 2,000 characters.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(gettext("It takes at most {n} characters.").format(n=MAX_LENGTH))
    if re.fullmatch(SITE_PATH, text):
        path = path_of(text)
        if re.fullmatch(SITE_PATH, unquote(path)):
            return path
    raise ValueError(
        gettext(
            "It takes a path on the newsroom's site, which begins with one slash and has no host,"
            " such as /2019/05/an-old-address."
        )
    )
