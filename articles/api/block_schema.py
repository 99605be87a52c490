"""The blocks of a body in the OpenAPI document, from the types in articles/body/blocks.py."""

import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from articles.body.blocks import Block

BLOCKS = {
    "type": "array",
    "items": {
        "oneOf": [{"$ref": f"#/components/schemas/{each.__name__}"} for each in get_args(Block)],
        "discriminator": {
            "propertyName": "type",
            "mapping": {
                get_args(get_type_hints(each)["type"])[0]: f"#/components/schemas/{each.__name__}"
                for each in get_args(Block)
            },
        },
    },
}


def add_blocks(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: adds a component for each kind of block and what it holds."""
    components = result["components"]["schemas"]
    for each in get_args(Block):
        _add(each, components)
    result["components"]["schemas"] = dict(sorted(components.items()))
    return result


def _add(typed: type, components: dict[str, Any]) -> None:
    if typed.__name__ in components:
        return
    components[typed.__name__] = {}  # known from here on: a list holds lists
    properties = {name: _schema(hint, components) for name, hint in get_type_hints(typed).items()}
    components[typed.__name__] = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _schema(hint: Any, components: dict[str, Any]) -> dict[str, Any]:
    if is_typeddict(hint):
        _add(hint, components)
        return {"$ref": f"#/components/schemas/{hint.__name__}"}
    if get_origin(hint) is list:
        return {"type": "array", "items": _schema(get_args(hint)[0], components)}
    if get_origin(hint) is Literal:
        return {"type": "string", "enum": list(get_args(hint))}
    if get_origin(hint) in (Union, types.UnionType):
        return {"anyOf": [_schema(each, components) for each in get_args(hint)]}
    plain = {str: "string", int: "integer", bool: "boolean", type(None): "null"}
    return {"type": plain[hint]}
