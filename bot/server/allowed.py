"""What a field may hold, in words, taken from the description of the interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]


def allowed_values(description: Schema, path: str, method: str, where: str, field: str) -> list[str]:
    """The values a field of a request may have; the fields there are, if there is no such field.

    Args:
        description: the OpenAPI document.
        path, method: the route, e.g. `/api/options` and `post`.
        where: `body`, `query` or `path`.
        field: a field of the body, or a parameter.
    """
    operation = description["paths"].get(path, {}).get(method, {})
    parameters = (parameter for parameter in operation.get("parameters", ()) if parameter["in"] == where)
    fields = {parameter["name"]: parameter["schema"] for parameter in parameters}
    body = operation.get("requestBody", {}) if where == "body" else {}
    for content in body.get("content", {}).values():
        fields.update(_resolved(description, content["schema"]).get("properties", {}))
    return list(_values(description, fields[field])) if field in fields else list(fields)


def _resolved(description: Schema, schema: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Schema = description["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    return found


def _values(description: Schema, schema: Schema) -> Iterator[str]:
    schema = _resolved(description, schema)
    for choice in schema.get("anyOf", ()):
        yield from _values(description, choice)
    yield from (str(value) for value in schema.get("enum", ()))
    match schema.get("type"):
        case "boolean":
            yield from ("true", "false")
        case "null":
            yield "null"
        case "integer" | "number" as kind:
            yield _span(kind, schema)


def _span(kind: str, schema: Schema) -> str:
    """A range of numbers, e.g. `integer from 1 to 200`."""
    limits = (("exclusiveMinimum", "above"), ("minimum", "from"), ("exclusiveMaximum", "below"), ("maximum", "to"))
    return " ".join([kind, *(f"{word} {schema[limit]:g}" for limit, word in limits if limit in schema)])
