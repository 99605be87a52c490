"""Which articles of a file, and of the newsroom, are translations of each other."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from articles.models import Article

# The newsroom's articles by external id, with language and translation group.
Stored = dict[str, Article]


def groups(
    originals: Mapping[str, str], changed: Iterable[str], stored: Stored
) -> dict[str, uuid.UUID]:
    """The group of each article that has a translation or is one, by external id: one that the
    newsroom knows already, or else a new one.

    ``originals`` says of which article another one is the translation; circles do no harm.
    ``changed`` are the articles that will be written, and stay in their groups.
    """
    parents: dict[str, str] = {}

    def root(member: str) -> str:
        while (parent := parents.setdefault(member, member)) != member:
            parents[member] = parents[parent]  # halves the path, so that long chains stay cheap
            member = parent
        return member

    for translation, original in originals.items():
        parents[root(translation)] = root(original)
    found: dict[str, uuid.UUID] = {}
    for member in sorted(parents):
        group = stored[member].translation_group if member in stored else None
        if group is not None:
            found.setdefault(root(member), group)
    linked = {member: found.setdefault(root(member), uuid.uuid4()) for member in parents}
    for each in set(changed) & stored.keys():
        if (group := stored[each].translation_group) is not None:
            linked.setdefault(each, group)
    return linked


def clashing(
    of_group: Mapping[str, uuid.UUID],
    languages: Mapping[str, str],
    originals: Mapping[str, str],
    stored: Stored,
) -> dict[str, str]:
    """The lines of the file, by external id, that would be a second article in one language among
    translations, and that language. ``languages`` are those of the lines that will be written.
    """
    # A member that no line of the file is about is an empty string.
    members: dict[tuple[uuid.UUID, str], list[str]] = {}
    for external_id, group in of_group.items():
        language = languages.get(external_id) or stored[external_id].language
        members.setdefault((group, language), []).append(external_id)
    others = Article.objects.filter(translation_group__in=set(of_group.values()))
    for article in others.only("external_id", "language", "translation_group"):
        if article.external_id not in of_group and article.translation_group is not None:
            members.setdefault((article.translation_group, article.language), []).append("")
    return {
        each: language
        for (_, language), clash in members.items()
        if len(clash) > 1
        for each in clash
        if each in languages and (each in originals or _moves(each, language, stored))
    }


def _moves(external_id: str, language: str, stored: Stored) -> bool:
    return external_id in stored and stored[external_id].language != language
