"""Passwords kept as scrypt hashes: scrypt$salt$hash, both in hexadecimal."""

import hashlib
import hmac
import secrets
from typing import Final

_COST: Final = {"n": 2**14, "r": 8, "p": 1}
_NOBODY: Final = "scrypt$00$00"


def hash_password(password: str) -> str:
    """Return what may be kept of a password."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_scrypt(password, salt).hex()}"


def check_password(password: str, kept: str | None) -> bool:
    """Whether the password is the one that was kept; without one nothing is."""
    _, salt, digest = (kept or _NOBODY).split("$")
    found = _scrypt(password, bytes.fromhex(salt))
    return hmac.compare_digest(found.hex(), digest)


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "replace"), salt=salt, **_COST)
