"""The base of every value in the model.

msgspec structs instead of dataclasses: the same frozen, slotted, keyword-only classes, which also
encode themselves to JSON without their defaults (docs/adr/0002-structs.md has the measurement).
"""

from typing import Any, dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class _ValueMeta(msgspec.StructMeta):
    """Makes every subclass keyword-only too; frozen and the rest are inherited by themselves."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any
    ) -> Any:
        options.setdefault("kw_only", True)
        return super().__new__(cls, name, bases, namespace, **options)


class Value(msgspec.Struct, metaclass=_ValueMeta, frozen=True, kw_only=True, omit_defaults=True):
    """An immutable value; two with equal fields are equal."""
