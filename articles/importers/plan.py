"""What can be told of a file before anything is written: what is wrong with which line, which
slugs it names, and which articles are translations of each other."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from articles.importers.items import Item, ItemError, Report
from articles.models import Article

# Of articles that the newsroom has already: language and translation group by external id.
Stored = dict[str, dict[str, Any]]


@dataclass(slots=True)
class Plan:
    """``groups`` is the translation group by external id; ``slugs`` are those the file names;
    ``bad`` are the lines that cannot be imported."""

    report: Report = field(default_factory=Report)
    lines: int = 0
    bad: set[int] = field(default_factory=set)
    languages: dict[str, tuple[int, str]] = field(default_factory=dict)
    slugs: dict[str, int] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    groups: dict[str, uuid.UUID] = field(default_factory=dict)

    def refuse(self, line: int, reason: str) -> None:
        self.bad.add(line)
        self.report.refuse(line, reason)

    def read(self, items: Iterable[Item | tuple[int, ItemError]]) -> None:
        """Go through the file once. An entry that is an error comes with its line."""
        for item in items:
            self.lines += 1
            if isinstance(item, Item):
                self._add(item)
            else:
                self.refuse(item[0], str(item[1]))
        self._link_translations()

    def _add(self, item: Item) -> None:
        first = self.languages.get(item.external_id)
        if first is not None:
            self.refuse(
                item.line,
                f"external_id: “{item.external_id}” stands on line {first[0]} already. Keep one.",
            )
            return
        if item.slug and item.slug in self.slugs:
            self.refuse(
                item.line,
                f"slug: “{item.slug}” stands on line {self.slugs[item.slug]} already. Change one.",
            )
            return
        self.languages[item.external_id] = (item.line, item.language)
        if item.slug:
            self.slugs[item.slug] = item.line
        if item.translation_of:
            self.originals[item.external_id] = item.translation_of

    def _link_translations(self) -> None:
        """Give the articles that are translations of each other one group."""
        members = {*self.originals, *self.originals.values()}
        stored: Stored = {
            str(row["external_id"]): dict(row)
            for row in Article.objects.filter(external_id__in=members).values(
                "external_id", "language", "translation_group"
            )
        }
        self._refuse_unknown_originals(stored)
        components: dict[str, list[str]] = {}
        for member in sorted(members):
            components.setdefault(self._root(member), []).append(member)
        for component in components.values():
            self._refuse_same_language(component, stored)
            group = next(
                (g for m in component if m in stored and (g := stored[m]["translation_group"])),
                None,
            )
            group = group or uuid.uuid4()
            self.groups.update(dict.fromkeys(component, group))

    def _root(self, member: str) -> str:
        seen = {member}
        while (original := self.originals.get(member)) is not None and original not in seen:
            seen.add(original)
            member = original
        return member if original is None else min(seen)

    def _refuse_unknown_originals(self, stored: Stored) -> None:
        for translation, original in list(self.originals.items()):
            if original == translation:
                reason = "translation_of: An article is not its own translation. Leave it out."
            elif original not in self.languages and original not in stored:
                reason = (
                    f"translation_of: There is no article “{original}”, here or in the newsroom."
                    " Import it first, or put it into this file."
                )
            else:
                continue
            self.refuse(self.languages[translation][0], reason)
            del self.originals[translation]

    def _refuse_same_language(self, component: list[str], stored: Stored) -> None:
        def language(member: str) -> object:
            if member in self.languages:
                return self.languages[member][1]
            return stored[member]["language"] if member in stored else None

        count = Counter(language(member) for member in component)
        for member in component:
            if member in self.originals and count[language(member)] > 1:
                self.refuse(
                    self.languages[member][0],
                    f"translation_of: There are two articles in “{language(member)}” among these"
                    " translations. Correct “language” or “translation_of”.",
                )
