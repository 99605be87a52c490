"""The pictures that a file names."""

from collections.abc import Iterable
from dataclasses import asdict

from articles.importers.items import LeadImage
from articles.models import Image


def images_for(wanted: Iterable[LeadImage | None]) -> dict[LeadImage | None, Image]:
    """A row for each picture: the one that says the same, or a new one."""
    pictures = list(dict.fromkeys(image for image in wanted if image is not None))
    found: dict[LeadImage | None, Image] = {}
    for row in Image.objects.filter(url__in=[image.url for image in pictures]).order_by("-pk"):
        found[LeadImage(row.url, row.alt, row.caption, row.credit, row.width, row.height)] = row
    missing = [image for image in pictures if image not in found]
    rows = Image.objects.bulk_create(Image(**asdict(image)) for image in missing)
    found.update(zip(missing, rows, strict=True))
    return found
