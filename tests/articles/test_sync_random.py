"""Whatever is done between two pages of a copy: in the end it is exactly what the API lists."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles.merging import merge
from articles.models import Article, Author, Byline, Collection, Image, Region, Slot, Tag
from articles.publishing import publish, unpublish
from articles.workflow import NotAllowed
from cms.changes.sync import pages
from tests.articles.copying import URL, Copy, listed
from tests.factories import (
    make_author,
    make_collection,
    make_draft,
    make_image,
    make_region,
    make_tag,
)

pytestmark = pytest.mark.django_db

STEPS = 25


class Newsroom:
    """One that does something at random."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        regions = [make_region() for _ in range(3)]
        regions += [make_region(parent=each) for each in regions[:2]]
        regions.append(make_region(parent=regions[3]))
        [make_tag() for _ in range(4)]
        pictures = [make_image() for _ in range(4)]
        [make_author(picture=each) for each in [None, *pictures[:2]]]
        make_collection({"rule": "newest", "number": 3})
        make_collection(make_draft(), {"rule": "breaking_first", "region": regions[0], "number": 2})
        for _ in range(4):
            self.publish_anew()

    @staticmethod
    def collections() -> list[str]:
        """The slugs of those that readers have."""
        return list(Collection.objects.all().public().values_list("slug", flat=True))

    def any(self, model: Any) -> Any:
        return self.chance.choice(list(model.objects.order_by("pk")))

    def some(self, model: Any, most: int) -> list[Any]:
        rows = list(model.objects.order_by("pk"))
        return self.chance.sample(rows, min(len(rows), self.chance.randint(0, most)))

    def publish_anew(self) -> None:
        publish(
            make_draft(
                regions=self.some(Region, 2),
                tags=self.some(Tag, 2),
                authors=self.some(Author, 1),
                lead_image=self.chance.choice([None, self.any(Image)]),
            )
        )

    def publish_otherwise(self) -> None:
        article = self.any(Article)
        article.regions.set(self.some(Region, 2))
        article.tags.set(self.some(Tag, 2))
        Byline.objects.filter(article=article).delete()
        for author in self.some(Author, 1):
            Byline.objects.create(article=article, author=author)
        article.lead_image = self.chance.choice([None, self.any(Image)])
        article.title = f"Title {self.chance.random()}"
        article.save()
        publish(article)

    def unpublish(self) -> None:
        unpublish(self.any(Article))

    def delete_an_article(self) -> None:
        article = self.any(Article)
        unpublish(article)
        article.delete()

    def move_a_region(self) -> None:
        region = self.any(Region)
        region.parent = self.chance.choice([None, self.any(Region)])
        region.save()

    def list_a_region(self) -> None:
        region = self.any(Region)
        region.is_listed = not region.is_listed
        region.save()

    def add_names(self) -> None:
        make_region(parent=self.any(Region))
        make_tag()
        make_author(picture=self.any(Image))

    def rename(self) -> None:
        thing = self.any(self.chance.choice([Region, Tag, Author]))
        thing.name = f"Name {self.chance.random()}"
        thing.save()

    def change_a_picture(self) -> None:
        Image.objects.filter(pk=self.any(Image).pk).update(alt=f"Alt {self.chance.random()}")
        author = self.any(Author)
        author.picture = self.chance.choice([None, self.any(Image)])
        author.save()

    def show_or_hide_a_collection(self) -> None:
        collection = self.any(Collection)
        collection.is_public = not collection.is_public
        collection.save()

    def pin_another(self) -> None:
        slot = self.any(Slot)
        slot.article = self.any(Article)
        slot.save()

    def merge(self) -> None:
        model = self.chance.choice([Region, Tag, Author])
        merge(self.any(model), into=self.any(model), by=None)

    VERBS = (
        publish_anew,
        publish_otherwise,
        publish_otherwise,
        publish_otherwise,
        unpublish,
        unpublish,
        delete_an_article,
        move_a_region,
        list_a_region,
        add_names,
        rename,
        change_a_picture,
        show_or_hide_a_collection,
        pin_another,
        merge,
    )

    def act(self) -> None:
        verb: Callable[[Newsroom], None] = self.chance.choice(self.VERBS)
        # What is refused, or lacks something to do it to, changes nothing.
        with suppress(ValidationError, NotAllowed, IndexError):
            verb(self)


@pytest.mark.parametrize("seed", range(6))
def test_a_copy_ends_as_what_is_listed(
    client: Client, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(pages, "PAGE_SIZE", chance.choice([1, 2, 3, 7]))
    newsroom = Newsroom(chance)
    copies = [Copy() for _ in range(3)]

    def ask(url: str) -> Any:
        response = client.get(url)
        assert response.status_code == 200, response.content
        return response.json()

    for step in range(STEPS):
        for _ in range(chance.choice([1, 1, 1, 4])):
            newsroom.act()
        for copy in copies:
            if chance.random() < 0.4:  # one page, wherever it stands
                copy.take_over(ask(f"{URL}?token={copy.token}" if copy.token else URL))
        if chance.random() < 0.15 or step == STEPS - 1:
            copy = chance.choice(copies)
            copy.pull(ask)
            assert copy.as_listed() == listed(ask, collections=newsroom.collections())
    for copy in copies:
        copy.pull(ask)
        assert copy.as_listed() == listed(ask, collections=newsroom.collections())
