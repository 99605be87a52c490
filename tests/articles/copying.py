"""A copy of everything public, kept by GET /sync, and what the API lists, to compare with it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.test import Client

from articles.models import Collection, PublishedArticle
from tests.factories import make_author, make_image, make_published, make_region, make_tag

URL = "/api/v1/sync"
TYPES = ("region", "tag", "author", "image", "article", "collection")
PLAIN = [
    "slug",
    "title",
    "kicker",
    "summary",
    "kind",
    "language",
    "published_at",
    "updated_at",
    "word_count",
    "reading_minutes",
    "is_breaking",
    "url",
    "body_html",
    "corrections",
]
PICTURE = ("url", "alt", "caption", "credit", "width", "height")

Ask = Callable[[str], Any]
"""Asks for an address; returns the parsed answer, after asserting that it is a 200."""


class Copy:
    """What a client holds. It keeps only what it was told."""

    def __init__(self) -> None:
        self.token: str | None = None
        self.held: dict[str, dict[int, Any]] = {}
        self.start_again()

    def start_again(self) -> None:
        self.token, self.held = None, {name: {} for name in TYPES}

    def take_over(self, page: Any) -> None:
        for item in page["items"]:
            if item["action"] == "upsert":
                self.held[item["type"]][item["id"]] = item["data"]
            else:
                self.held[item["type"]].pop(item["id"], None)
        self.token = page["next_token"]

    def pull(self, ask: Ask) -> list[Any]:
        """Ask until there is no more; return all items."""
        items = []
        while True:
            page = ask(URL if self.token is None else f"{URL}?token={self.token}")
            self.take_over(page)
            items += page["items"]
            if not page["has_more"]:
                return items

    def as_listed(self) -> dict[str, dict[str, Any]]:
        """What it holds, in the shape of ``listed``."""
        held = self.held
        regions, tags, authors, images = (held[name] for name in TYPES[:4])
        return {
            "regions": {
                each["slug"]: {
                    **_only(each, "name", "code", "order", "description"),
                    "parent": each["parent_id"] and regions[each["parent_id"]]["slug"],
                }
                for each in regions.values()
            },
            "tags": {each["slug"]: _only(each, "name") for each in tags.values()},
            "authors": {
                each["slug"]: {
                    **_only(each, "name", "role", "bio"),
                    "picture": each["picture_id"] and _only(images[each["picture_id"]], *PICTURE),
                }
                for each in authors.values()
            },
            "images": {each["url"]: True for each in images.values()},
            "articles": {
                str(key): {
                    **_only(each, *PLAIN),
                    "regions": [regions[pk]["slug"] for pk in each["region_ids"]],
                    "tags": [tags[pk]["slug"] for pk in each["tag_ids"]],
                    "authors": [authors[pk]["slug"] for pk in each["author_ids"]],
                    "lead_image": each["lead_image_id"]
                    and _only(images[each["lead_image_id"]], *PICTURE),
                }
                for key, each in held["article"].items()
            },
            "collections": {
                each["slug"]: {
                    **_only(each, "title", "description", "language"),
                    "articles": [held["article"][pk]["slug"] for pk in each["article_ids"]],
                }
                for each in held["collection"].values()
            },
        }


def listed(ask: Ask, *, collections: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
    """Everything that the API lists, and the collections of these slugs."""
    found: dict[str, dict[str, Any]] = {}
    for name in ("regions", "tags", "authors"):
        shown = {"regions": ("code", "order", "description", "parent"), "tags": ()}
        fields = ("name", *shown.get(name, ("role", "bio", "picture")))
        found[name] = {row["slug"]: _only(row, *fields) for row in _all(ask, f"/api/v1/{name}")}
    shape = f"fields=id,regions,tags,authors,lead_image,{','.join(PLAIN)}"
    rows = _all(ask, "/api/v1/articles", shape)
    found["articles"] = {
        str(row["id"]): {
            **_only(row, *PLAIN, "lead_image"),
            **{
                name: [each["slug"] for each in row[name]]
                for name in ("regions", "tags", "authors")
            },
        }
        for row in rows
    }
    pictures = [row["lead_image"] for row in rows]
    pictures += [row["picture"] for row in found["authors"].values()]
    found["images"] = {each["url"]: True for each in pictures if each}
    pages = [ask(f"/api/v1/collections/{slug}?fields=slug") for slug in collections]
    found["collections"] = {
        page["slug"]: {
            **_only(page, "title", "description", "language"),
            "articles": [each["slug"] for each in page["results"]],
        }
        for page in pages
    }
    return found


def _all(ask: Ask, path: str, query: str = "") -> list[Any]:
    rows: list[Any] = []
    url: str | None = f"{path}?cursor=&page_size=100&{query}".rstrip("&")
    while url:
        page = ask(url)
        rows += page["results"]
        url = page["next"] and page["next"][page["next"].index("/api/") :]
    return rows


def _only(row: Any, *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}


class Phone(Copy):
    """A copy that asks this server."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client

    def ask(self, url: str) -> Any:
        response = self.client.get(url)
        assert response.status_code == 200, response.content
        return response.json()

    def sync(self) -> list[str]:
        """Take over what there is; return it as ``"upsert tag energy"``."""
        items = self.pull(self.ask)
        shown = Collection.objects.all().public().values_list("slug", flat=True)
        assert self.as_listed() == listed(self.ask, collections=shown)
        return [" ".join(str(i[k]) for k in ("action", "type", "slug")) for i in items]


def newsroom() -> PublishedArticle:
    country = make_region("Kazakhstan", code="KZ", description="Large.")
    return make_published(
        "Water levels rise",
        slug="water",
        regions=[make_region("Almaty", parent=country)],
        tags=[make_tag("Dams", names={"ru": "Плотины"})],
        authors=[make_author("Asel", picture=make_image())],
        lead_image=make_image(),
    )
