from collections.abc import Iterator
from typing import Any

import pytest

from soso.web.api.describe import say_nullable


@pytest.fixture
def described(visitor: Any) -> Any:
    answer = visitor.get("/api/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)


def test_it_describes_the_api_and_nothing_else(described: Any) -> None:
    assert described["openapi"].startswith("3.0.")
    assert set(described["paths"]) == {
        "/api/v1/search",
        "/api/v1/suggest",
        "/api/v1/posts/{chat}/{id}",
        "/api/v1/posts/{chat}/{id}/copies",
        "/api/v1/posts/{chat}/{id}/related",
        "/api/v1/chats",
        "/api/v1/chats/{chat}",
        "/api/v1/chats/{chat}/posts",
        "/api/v1/chats/{chat}/related",
        "/api/v1/stories",
        "/api/v1/stories/{id}",
    }
    names = [way["get"]["operationId"] for way in described["paths"].values()]
    assert len(set(names)) == len(names)
    assert {method for way in described["paths"].values() for method in way} == {"get"}


def test_every_answer_is_described(described: Any) -> None:
    for path, way in described["paths"].items():
        answers = way["get"]["responses"]
        assert set(answers) == {"200", "4XX", "5XX"}, path
        for one in answers.values():
            assert "$ref" in one["content"]["application/json"]["schema"]


def test_it_is_3_0_throughout(described: Any) -> None:
    schemas = described["components"]["schemas"]
    for node in walk(described):
        assert node.get("type") != "null"
        assert not isinstance(node.get("type"), list)
        assert not {"const", "prefixItems", "examples", "$defs"} & set(node)
        if "$ref" in node:
            assert set(node) == {"$ref"}, node
            assert node["$ref"].removeprefix("#/components/schemas/") in schemas
    hit = schemas["Hit"]["properties"]
    assert hit["id"]["nullable"] is True
    assert hit["cover"]["nullable"] is True
    assert "nullable" not in hit["chat"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "T"},
            {"type": "string", "title": "T", "nullable": True},
        ),
        (
            {"anyOf": [{"$ref": "#/a"}, {"type": "null"}]},
            {"allOf": [{"$ref": "#/a"}], "nullable": True},
        ),
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
            {"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": True},
        ),
        ({"anyOf": [{"type": "string"}]}, {"anyOf": [{"type": "string"}]}),
        ([{"a": 1}, "x", None], [{"a": 1}, "x", None]),
    ],
)
def test_or_null_is_said_in_the_older_way(said: Any, meant: Any) -> None:
    assert say_nullable(said) == meant
