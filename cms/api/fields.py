"""The shape of an answer: ``fields=`` keeps only those, ``include=`` adds the heavy ones."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from functools import cache
from typing import Any, ClassVar

from rest_framework import serializers

from cms.api.parameters import ChoicesParameter, Parameter, ParameterErrors


class MomentField(serializers.DateTimeField):
    """An instant as RFC 3339 in UTC, with Z."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, read_only=True, **kwargs)


class SparseSerializer(serializers.Serializer[Any]):
    """A serializer that shows, and lets the database read, only the fields that are asked for.

    ``heavy`` fields are shown on request only. ``columns`` names what a field reads, where that
    is not the column of its own name. ``example`` is for the OpenAPI document.
    """

    heavy: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[dict[str, tuple[str, ...]]] = {}
    example: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, *args: Any, names: Iterable[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if names is not None:
            shown = set(names)
            for name in set(self.fields) - shown:
                self.fields.pop(name)

    @classmethod
    @cache
    def field_names(cls) -> list[str]:
        return list(cls._declared_fields)

    @classmethod
    def usual_names(cls) -> list[str]:
        return [name for name in cls._declared_fields if name not in cls.heavy]

    @classmethod
    def columns_of(cls, names: Iterable[str]) -> list[str]:
        """The columns that these fields are made of."""
        return sorted({column for name in names for column in cls.columns.get(name, (name,))})

    @classmethod
    @cache
    def shape_parameters(cls) -> dict[str, Parameter]:
        """The parameters ``fields`` and, where something is heavy, ``include``."""
        parameters: dict[str, Parameter] = {
            "fields": ChoicesParameter("Show only these fields.", cls.field_names())
        }
        if cls.heavy:
            parameters["include"] = ChoicesParameter("Show these heavy fields too.", cls.heavy)
        return parameters

    @classmethod
    def read_shape(cls, query: Mapping[str, str], errors: ParameterErrors) -> list[str]:
        """The names of the fields to show, in the serializer's order."""
        asked = {
            name: errors.read(name, parameter, query)
            for name, parameter in cls.shape_parameters().items()
        }
        shown = {*(asked["fields"] or cls.usual_names()), *(asked.get("include") or [])}
        return [name for name in cls.field_names() if name in shown]
