"""What the published specifications ask for, as far as we write it, in our own words."""

from typing import Any

TEXT = {"type": "string"}
URI = {"type": "string", "format": "uri", "pattern": "^[a-z]+:"}
MOMENT = {"type": "string", "format": "date-time"}


def items(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": schema}


def thing(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


# https://www.jsonfeed.org/version/1.1/
JSON_FEED = thing(
    ["version", "title", "items"],
    version={"const": "https://jsonfeed.org/version/1.1"},
    title=TEXT,
    home_page_url=URI,
    feed_url=URI,
    language=TEXT,
    hubs=items(thing(["type", "url"], type=TEXT, url=URI)),
    items={
        "type": "array",
        "items": {
            **thing(
                ["id"],
                id=TEXT,
                url=URI,
                title=TEXT,
                summary=TEXT,
                content_html=TEXT,
                content_text=TEXT,
                image=URI,
                date_published=MOMENT,
                date_modified=MOMENT,
                authors=items({**thing([], name=TEXT, url=URI), "minProperties": 1}),
                tags=items(TEXT),
                language=TEXT,
            ),
            "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
        },
    },
)

# https://www.iptc.org/std/ninjs/ninjs-schema_3.0.json
_VALUE = thing(["value"], role=TEXT, contentType=TEXT, value=TEXT)
_BODY = thing(
    ["value"],
    role=TEXT,
    contentType=TEXT,
    value=TEXT,
    charCount={"type": "integer"},
    wordCount={"type": "integer"},
)
_CONCEPT = thing([], name=TEXT, rel=TEXT, uri=URI, literal=TEXT)
_RENDITION = thing(
    ["name"],
    name=TEXT,
    href=URI,
    contentType=TEXT,
    title=TEXT,
    width={"type": "number"},
    height={"type": "number"},
)
_NINJS: dict[str, Any] = {
    "uri": URI,
    "standard": thing([], name={"const": "ninjs"}, version={"const": "3.0"}, schema=URI),
    "type": {
        "enum": [
            *("text", "audio", "video", "picture", "graphic", "composite", "component"),
            *("event", "planning"),
        ]
    },
    "representationType": {"enum": ["full", "partial"]},
    "pubStatus": {"enum": ["usable", "withheld", "canceled"]},
    "version": TEXT,
    "firstCreated": MOMENT,
    "versionCreated": MOMENT,
    "contentCreated": MOMENT,
    "urgency": {"type": "number", "minimum": 1, "maximum": 9},
    "copyrightHolder": TEXT,
    "edNote": TEXT,
    "language": TEXT,
    "title": TEXT,
    "by": TEXT,
    "headlines": items(_VALUE),
    "descriptions": items(_VALUE),
    "bodies": items(_BODY),
    "places": items(_CONCEPT),
    "subjects": items(_CONCEPT),
    "infoSources": items(thing([], name=TEXT, role=TEXT, uri=URI, literal=TEXT)),
    "genres": items(thing([], name=TEXT, uri=TEXT, literal=TEXT)),
    "renditions": items(_RENDITION),
    "altIds": items(thing([], role=TEXT, value=TEXT)),
}
_ASSOCIATION = thing(["name", "uri"], name=TEXT, **_NINJS)
NINJS = thing(["uri"], **_NINJS, associations=items(_ASSOCIATION))
