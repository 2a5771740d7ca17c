"""The arguments of a call: query, form, JSON and multipart together.

Knows the forms of a request. Must not know methods.
"""

import json
from typing import Any, Final, NamedTuple

from starlette.datastructures import UploadFile
from starlette.requests import Request

from soso.doubles.bot_api.errors import ApiError, bad_request

MOST_BODY_BYTES: Final = 55 * 2**20
_NESTED: Final = frozenset(
    {
        *("reply_markup", "entities", "caption_entities", "allowed_updates", "results", "media"),
        *("commands", "scope", "reply_parameters", "link_preview_options", "message_ids", "button"),
        *("menu_button", "rights", "input_message_content"),
    }
)


class Upload(NamedTuple):
    """A file that came with a call."""

    name: str
    content: bytes


class Call(NamedTuple):
    """One call of a method. args: nested values as objects. files: by the field's name."""

    method: str
    args: dict[str, Any]
    files: dict[str, Upload]


async def read_call(method: str, request: Request) -> Call:
    """Return what a request asks. Raises ApiError 400 or 413."""
    if int(request.headers.get("content-length") or 0) > MOST_BODY_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    args: dict[str, Any] = dict(request.query_params)
    files: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST":
        if kind == "application/json":
            args.update(_read_json(await request.body()))
        elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            async with request.form(max_files=20, max_part_size=MOST_BODY_BYTES) as form:
                for name, value in form.multi_items():
                    if isinstance(value, UploadFile):
                        files[name] = Upload(value.filename or name, await value.read())
                    else:
                        args[name] = value
    return Call(method.lower(), unfold(args), files)


def unfold(args: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with nested values that came as JSON text as objects.

    Raises ApiError 400 for what is not JSON.
    """
    unfolded = dict(args)
    for name in _NESTED & args.keys():
        value = args[name]
        if isinstance(value, str) and value.strip():
            try:
                unfolded[name] = json.loads(value)
            except ValueError:
                raise bad_request(f"can't parse {name} JSON object") from None
    return unfolded


def as_number(args: dict[str, Any], name: str) -> int | None:
    """Return an integer that may have come as text; None if it is missing or no number."""
    value = args.get(name)
    if isinstance(value, bool) or value is None:
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def as_flag(args: dict[str, Any], name: str) -> bool:
    """Return a boolean that may have come as text."""
    value = args.get(name)
    return value is True or str(value).lower() in ("true", "1", "yes")


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(read, dict):
        raise bad_request("JSON object expected")
    return read
