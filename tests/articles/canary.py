"""A word that nobody wrote, put into every text that is not public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

WORD = "zqxjk"  # in no other word, in no hexadecimal number, in no base64 of ours
MOMENT = "2026-01-01T00:00:00Z"


def fill(instance: models.Model, *, keeping: tuple[str, ...] = ()) -> None:
    """Write the word into each of the row's columns that can hold it, but for those to keep;
    past ``save``, which would put some of them right."""
    values = {
        field.attname: text_for(field, instance)
        for field in text_fields(type(instance))
        if field.name not in keeping
    }
    type(instance)._base_manager.filter(pk=instance.pk).update(**values)
    instance.refresh_from_db()


def text_fields(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """The columns of a model that people write words into."""
    for field in model._meta.concrete_fields:
        words = (models.CharField, models.TextField, models.JSONField)
        if isinstance(field, words) and not field.choices and not field.primary_key:
            yield field


def text_for(field: models.Field[Any, Any], instance: models.Model) -> Any:
    """A value of that column, different in each row, that contains the word."""
    text = f"{WORD}-{field.name}-{instance.pk}".replace("_", "-")
    if isinstance(field, models.URLField):
        return f"https://{text}.example/{text}"
    if isinstance(field, models.JSONField):
        if field.default is list:
            return [{"at": MOMENT, "note": text, WORD: text}]
        return {"en": text, "ru": text, WORD: text}
    if field.max_length is not None and field.max_length < len(text):
        return WORD[: field.max_length]
    return f"<p>{text}</p>" if field.name == "body_html" else text


def models_with_text() -> list[type[models.Model]]:
    """The models of the articles that hold words."""
    return [
        model
        for model in apps.get_app_config("articles").get_models(include_auto_created=True)
        if any(text_fields(model))
    ]


def columns_without_the_word() -> list[str]:
    """Those columns of the articles' models in which no row has the word."""
    missing = []
    for model in models_with_text():
        for field in text_fields(model):
            short = field.max_length is not None and field.max_length < len(WORD)
            texts = model._base_manager.values_list(field.attname, flat=True)
            if not short and not any(WORD in str(text) for text in texts):
                missing.append(f"{model.__name__}.{field.name}")
    return missing
