"""The demo's lead pictures: not photographs, but drawn by code, as SVG of 1600 × 900.

`python -m articles.demo.pictures` writes them to `articles/static/demo`, from where they are
served; a test holds the files to what is drawn here. To add one, write a function that returns a
sheet, and add it to the list.
"""

from pathlib import Path

from articles.demo.pictures import landscapes, motifs
from articles.demo.pictures.shapes import HEIGHT, WIDTH

__all__ = ["DIRECTORY", "HEIGHT", "PICTURES", "WIDTH", "file_name"]

DIRECTORY = Path(__file__).parents[2] / "static" / "demo"
PICTURES = {
    draw.__name__.replace("_", "-"): draw
    for draw in (
        motifs.carpet,
        motifs.city,
        motifs.ferry,
        motifs.school,
        motifs.shoreline,
        motifs.wheat,
        landscapes.canal,
        landscapes.market,
        landscapes.mountains,
        landscapes.railway,
        landscapes.steppe,
        landscapes.wind_farm,
    )
}
"""What draws each picture, by its name."""


def file_name(picture: str) -> str:
    """Return the name of the file of a picture; KeyError if there is no such picture."""
    PICTURES[picture]
    return f"{picture}.svg"
