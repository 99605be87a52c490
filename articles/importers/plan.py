"""What is to be done with a file, told before anything is written: which lines are bad, which
say nothing new, and which articles are translations of each other."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from articles.importers import translations
from articles.importers.collection_lines import CollectionLines
from articles.importers.items import (
    CollectionItem,
    Item,
    ItemError,
    RedirectItem,
    Report,
    TaxonomyItem,
)
from articles.importers.redirect_lines import RedirectLines
from articles.importers.taxonomy_lines import TaxonomyLines
from articles.importers.translations import Stored
from articles.models import Article, Slug

_READ = (
    *("pk", "external_id", "language", "translation_group"),
    *("trashed_at", "killed_at", "embargo_until"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is remembered of an item between the two passes through the file."""

    line: int
    language: str
    slug: str
    former_slugs: tuple[str, ...]
    related: list[tuple[str, str]]
    digest: str
    comes_out: bool
    publish_at: datetime | None


@dataclass(slots=True)
class Plan:
    """``entries``, by external id, are the lines that can be imported; ``bad`` are the others.

    After ``settle``: ``changed`` are the external ids whose lines say something new, ``groups``
    their translation groups, and those of the stored articles that they are translations of;
    ``moving`` are the primary keys of those whose language changes.
    """

    report: Report = field(default_factory=Report)
    taxonomy: TaxonomyLines = field(default_factory=TaxonomyLines)
    collections: CollectionLines = field(default_factory=CollectionLines)
    redirects: RedirectLines = field(default_factory=RedirectLines)
    entries: dict[str, Entry] = field(default_factory=dict)
    slugs: dict[str, int] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    bad: set[int] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    groups: dict[str, uuid.UUID] = field(default_factory=dict)
    moving: list[int] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.bad.add(line)
        self.report.refuse(line, reason)

    def read(
        self,
        items: Iterable[
            Item | TaxonomyItem | CollectionItem | RedirectItem | tuple[int, ItemError]
        ],
    ) -> None:
        """Go through the file once. An entry that is an error comes with its line."""
        for item in items:
            self.report.lines += 1
            if isinstance(item, tuple):
                self.refuse(item[0], str(item[1]))
            elif (reason := self._add(item)) is not None:
                self.refuse(item.line, reason)

    def _add(self, item: Item | TaxonomyItem | CollectionItem | RedirectItem) -> str | None:
        """Take what a line holds; or tell why it cannot be taken."""
        if isinstance(item, TaxonomyItem):
            return self.taxonomy.add(item)
        if isinstance(item, CollectionItem):
            return self.collections.add(item)
        if isinstance(item, RedirectItem):
            return self.redirects.add(item)
        return self._add_article(item)

    def _add_article(self, item: Item) -> str | None:
        reasons = []
        if (first := self.entries.get(item.external_id)) is not None:
            reasons.append(
                f"external_id: “{item.external_id}” stands on line {first.line} already. Keep one."
            )
        for key, text in _slugs(item.slug, item.former_slugs):
            if (line := self.slugs.get(text)) is not None:
                reasons.append(f"{key}: “{text}” stands on line {line} already. Change one.")
        if reasons:
            return " ".join(reasons)
        self.entries[item.external_id] = Entry(
            line=item.line,
            language=item.language,
            slug=item.slug,
            former_slugs=item.former_slugs,
            related=item.related(),
            digest=item.digest(),
            comes_out=item.is_published or item.publish_at is not None,
            publish_at=item.publish_at,
        )
        self.slugs.update((text, item.line) for _, text in _slugs(item.slug, item.former_slugs))
        if item.translation_of:
            self.originals[item.external_id] = item.translation_of
        return None

    def settle(self, *, now: datetime) -> None:
        """Compare with what the newsroom has, and lock the articles that will be written.

        Runs in the transaction of the import, which no other import shares.
        """
        self.report.unchanged += self.taxonomy.settle(self.refuse)
        self._find_changed()
        # What the desk did to an article stays while its line says what it said.
        known = {*self.entries, *self.originals.values()}
        there = set(_stored(known))
        self.originals = {
            translation: original
            for translation, original in self.originals.items()
            if translation in self.changed or (original in self.entries and original not in there)
        }
        written = {*self.changed, *self.originals, *self.originals.values()}
        articles = Article.objects.filter(external_id__in=written).order_by("pk")
        list(articles.select_for_update(no_key=True).values_list("pk"))
        stored = _stored(written)
        self._refuse_what_the_desk_keeps(stored, now=now)
        self._refuse_taken_slugs(stored)
        self._refuse_unknown_names(stored)
        self._group(stored)
        self.report.unchanged += self.collections.settle(
            self.refuse, coming=self.entries, regions_and_tags=self.taxonomy.items
        )
        self.report.unchanged += self.redirects.settle(self.refuse)

    def is_to_be_stored(self, item: Item) -> bool:
        return item.external_id in self.changed and item.line not in self.bad

    def _find_changed(self) -> None:
        digests = dict(
            Article.objects.filter(external_id__in=list(self.entries)).values_list(
                "external_id", "import_digest"
            )
        )
        self.changed = {
            external_id
            for external_id, entry in self.entries.items()
            if digests.get(external_id) != entry.digest
        }
        self.report.unchanged += len(self.entries) - len(self.changed)

    def _refuse_entry(self, external_id: str, reason: str) -> None:
        self.refuse(self.entries[external_id].line, reason)
        del self.entries[external_id]
        self.changed.discard(external_id)
        self.originals.pop(external_id, None)

    def _refuse_what_the_desk_keeps(self, stored: Stored, *, now: datetime) -> None:
        """What people have withdrawn or hold back, a file does not bring out."""
        for external_id in sorted(self.changed & stored.keys()):
            entry, article = self.entries[external_id], stored[external_id]
            at = entry.publish_at or now
            if article.trashed_at is not None:
                reason = "It is in the trash of the desk. Untrash it first, or leave the line out."
            elif entry.comes_out and article.killed_at is not None:
                reason = "It was killed at the desk. Only a publisher can publish it again, there."
            elif entry.comes_out and article.embargo_until and at < article.embargo_until:
                reason = (
                    f"It is under embargo until {article.embargo_until.astimezone(UTC)}. Import"
                    " it as a draft, or let a publisher lift the embargo."
                )
            else:
                continue
            self._refuse_entry(external_id, f"status: {reason}")

    def _refuse_taken_slugs(self, stored: Stored) -> None:
        wanted = {
            text: (key, each)
            for each in self.changed
            for key, text in _slugs(self.entries[each].slug, self.entries[each].former_slugs)
        }
        holders = Slug.objects.filter(text__in=list(wanted)).values_list("text", "article_id")
        for text, holder in holders.order_by("text"):
            key, external_id = wanted[text]
            own = stored.get(external_id)
            if external_id in self.entries and (own is None or own.pk != holder):
                self._refuse_entry(
                    external_id, f"{key}: Another article holds “{text}”. Choose another one."
                )

    def _refuse_unknown_names(self, stored: Stored) -> None:
        """Those that name an article which is not there, and those that name these, and so on."""
        self._refuse_unknown_originals(stored)
        related = {name for each in self.changed for _, name in self.entries[each].related}
        known = stored.keys() | _stored(related - stored.keys()).keys() if related else set()
        while unknown := {
            each: (key, name)
            for each in self.changed
            for key, name in self.entries[each].related
            if name not in self.entries and name not in known
        }:
            for external_id, (key, name) in unknown.items():
                self._refuse_entry(
                    external_id,
                    f"{key}: There is no article “{name}”, on a good line of this file or in the"
                    " newsroom. Put it into this file, or leave it out.",
                )
            self._refuse_unknown_originals(stored)

    def _refuse_unknown_originals(self, stored: Stored) -> None:
        def refuse(translation: str) -> None:
            original = self.originals[translation]
            if translation not in self.changed:
                del self.originals[translation]
                return
            self._refuse_entry(
                translation,
                "translation_of: An article is not its own translation. Leave it out."
                if original == translation
                else f"translation_of: There is no article “{original}”, on a good line of this"
                " file or in the newsroom. Import it first, or put it into this file.",
            )

        for translation in [each for each, of in self.originals.items() if each == of]:
            refuse(translation)
        unknown = [
            each
            for each in set(self.originals.values())
            if each not in self.entries and each not in stored
        ]
        translations_of: dict[str, list[str]] = {}
        for translation, original in self.originals.items():
            translations_of.setdefault(original, []).append(translation)
        while unknown:
            for translation in translations_of.get(unknown.pop(), []):
                refuse(translation)
                if translation not in stored:
                    unknown.append(translation)

    def _group(self, stored: Stored) -> None:
        languages = {each: self.entries[each].language for each in self.changed}
        self.groups = translations.groups(self.originals, self.changed, stored)
        clashing = translations.clashing(self.groups, languages, self.originals, stored)
        for external_id, language in clashing.items():
            self._refuse_entry(
                external_id,
                f"translation_of: There are two articles in “{language}” among these"
                " translations. Correct “language” or “translation_of”.",
            )
        if clashing:
            self._refuse_unknown_names(stored)
            self.groups = translations.groups(self.originals, self.changed, stored)
        self.moving = [
            stored[each].pk
            for each in self.changed
            if each in stored and stored[each].language != self.entries[each].language
        ]


def _slugs(slug: str, former: Iterable[str]) -> list[tuple[str, str]]:
    """The slugs that an article asks for, each once, with the key under which it stands."""
    keys = dict.fromkeys(former, "former_slugs")
    if slug:
        keys[slug] = "slug"
    return [(key, text) for text, key in keys.items()]


def _stored(external_ids: Iterable[str]) -> Stored:
    articles = Article.objects.filter(external_id__in=list(external_ids))
    return {str(article.external_id): article for article in articles.only(*_READ)}
