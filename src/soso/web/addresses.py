"""Whose request it is: the client's address, believed from headers only when a proxy set them.

Knows X-Forwarded-For and networks. Must not know what the address is used for.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from starlette.datastructures import Headers
from starlette.types import Scope

from soso.model.errors import BadInput

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

UNKNOWN: Final = "unknown"
"""What a client is called whose address is not known (a Unix socket)."""

_GROUP_BITS: Final = 64  # one IPv6 line is given a /64; a single address there costs nothing
_HOPS: Final = 20  # forwarded addresses looked at; a real chain has two or three


def parse_proxies(setting: str) -> tuple[Network, ...]:
    """Return the networks in a setting such as "127.0.0.1, 10.0.0.0/8". Raises BadInput."""
    networks = []
    for part in setting.replace(",", " ").split():
        try:
            networks.append(ip_network(part, strict=False))
        except ValueError as error:
            raise BadInput(
                f"setting trusted_proxies: {part!r} is no address or network; write one such as"
                " 127.0.0.1 or 10.0.0.0/8"
            ) from error
    return tuple(networks)


def find_client(scope: Scope, trusted: tuple[Network, ...]) -> str:
    """Return whom to count a request against: an IPv4 address, an IPv6 /64, or UNKNOWN.

    The forwarded addresses are read from the nearest on, for as long as trusted proxies wrote
    them; what stands further away may have been made up by the client.
    """
    peer = _parse_address(scope["client"][0]) if scope.get("client") else None
    if peer is None:
        return UNKNOWN
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")[-_HOPS:]
    while _is_trusted(peer, trusted) and forwarded:
        nearer = _parse_address(forwarded.pop())
        if nearer is None:
            break
        peer = nearer
    return group_address(peer)


def group_address(address: Address) -> str:
    """Return the address, or for IPv6 the network that one subscriber has."""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _GROUP_BITS), strict=False))
    return str(address)


def _is_trusted(address: Address, trusted: tuple[Network, ...]) -> bool:
    return any(address in network for network in trusted)  # other versions are never in it


def _parse_address(text: str) -> Address | None:
    text = text.strip().strip('"')
    if text.startswith("["):  # [2001:db8::1]:4711
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # 192.0.2.1:4711
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
