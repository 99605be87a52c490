"""The shapes of what is copied, in the OpenAPI document."""

from typing import Any

from cms.changes.sync.types import registered


def close_shapes(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: what a type shows is told in full, heavy fields are optional, and
    nothing else is there; so each ``data`` fits one type only."""
    schemas = result["components"]["schemas"]
    for each in registered():
        component = schemas[each.serializer_class.__name__.removesuffix("Serializer")]
        component["required"] = each.names(())
        component["additionalProperties"] = False
    return result
