"""Writes each picture to its file."""

from articles.demo.pictures import DIRECTORY, PICTURES, file_name

DIRECTORY.mkdir(parents=True, exist_ok=True)
for name, draw in PICTURES.items():
    (DIRECTORY / file_name(name)).write_text(draw(), encoding="utf-8")
