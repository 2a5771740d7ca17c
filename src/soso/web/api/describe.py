"""The API's description for programs: OpenAPI 3.0, which every reader of descriptions takes.

Knows where OpenAPI 3.0 and 3.1 differ. Must not know routes.

FastAPI writes 3.1; the documentation page reads 3.0. Of what our payloads use, only the way to say
"or null" differs.
"""

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

VERSION: Final = "3.0.3"
_NULL: Final = {"type": "null"}


def make_description(application: FastAPI, about: str) -> Callable[[], dict[str, Any]]:
    """Return what describes the application's routes, once they are all there."""
    made: dict[str, Any] = {}

    def describe() -> dict[str, Any]:
        if not made:
            described = get_openapi(
                title=application.title,
                version=application.version,
                openapi_version=VERSION,
                description=about,
                routes=application.routes,
            )
            made.update(say_nullable(described))
        return made

    return describe


def say_nullable(node: Any) -> Any:
    """Return a description in which `anyOf: [X, null]` is X with `nullable: true`, and a $ref
    stands alone."""
    if isinstance(node, list):
        return [say_nullable(one) for one in node]
    if not isinstance(node, dict):
        return node
    said = {name: say_nullable(value) for name, value in node.items()}
    if "$ref" in said and len(said) > 1:  # what stands beside a $ref counts for nothing in 3.0
        return {"allOf": [{"$ref": said.pop("$ref")}], **said}
    choices = said.get("anyOf", [])
    if _NULL not in choices:
        return said
    del said["anyOf"]
    others = [one for one in choices if one != _NULL]
    if len(others) > 1:
        return {**said, "anyOf": others, "nullable": True}
    only = others[0]
    if "$ref" in only:
        return {**said, "allOf": [only], "nullable": True}
    return {**only, **said, "nullable": True}
