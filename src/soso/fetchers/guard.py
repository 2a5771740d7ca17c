"""Which hosts and addresses may be asked.

A name is held against the list before it is looked up, and what it resolves to against the private
ranges right before the connection is made, to that very address: a name that answers something else
the second time (DNS rebinding) leads nowhere.
"""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Final

import httpx

from soso.model.errors import BadInput, HostileInput

_PORTS: Final = {"http": 80, "https": 443}
_LOCAL: Final = frozenset({"localhost", "local", "internal", "lan", "home", "arpa", "onion"})
_MOST: Final = 4096
# 64:ff9b::/96 carries an IPv4 address that a gateway connects to.
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Guard:
    """Says no by raising HostileInput. Safe in many threads."""

    def __init__(self, hosts: Iterable[str] | None, *, private: bool = False) -> None:
        """Let only these hosts be asked, or every public one.

        hosts: names, each with all names below it, at the usual ports; or NAME:PORT, exactly that.
        private: addresses of this machine and its networks may be asked, too.
        """
        self._hosts = None if hosts is None else frozenset(host.lower() for host in hosts)
        self._private = private

    def check(self, url: httpx.URL) -> None:
        """Refuse an address by what it says. Raises HostileInput."""
        if url.scheme not in _PORTS:
            raise HostileInput(f"an address of the kind {url.scheme[:20]!r} is not fetched")
        if url.userinfo:
            raise HostileInput("an address with a name and password in it is not fetched")
        if not url.host or not self._is_listed(url):
            raise HostileInput(f"{url.host[:100]}: this host is not on the list of those to ask")
        if self._private:
            return
        literal = _literal(url.host)
        if literal is not None and not is_public(literal):
            raise HostileInput(f"{url.host}: a private address is not fetched")
        if literal is None and url.host.lower().rstrip(".").rpartition(".")[2] in _LOCAL:
            raise HostileInput(f"{url.host[:100]}: a name of this network is not fetched")

    def resolve(self, host: str, port: int) -> list[str]:
        """Return the addresses to connect to. Raises HostileInput, OSError.

        One private address among them makes the whole answer suspect.
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(answer[4][0]) for answer in found))
        if not self._private:
            for address in addresses:
                if not is_public(ipaddress.ip_address(address)):
                    raise HostileInput(
                        f"{host[:100]} leads to the private address {address}, which is not "
                        "fetched (set fetch_private if a proxy on this machine answers so)"
                    )
        return addresses

    def _is_listed(self, url: httpx.URL) -> bool:
        if self._hosts is None:
            return True
        host = url.host.lower().rstrip(".")
        if host_of(url) in self._hosts:
            return True
        if url.port not in (None, *_PORTS.values()):
            return False
        steps = host.split(".")
        return any(".".join(steps[start:]) in self._hosts for start in range(len(steps)))


def parse_address(url: str) -> httpx.URL:
    """Return an address in parts. Raises BadInput for what is none."""
    if len(url) > _MOST:
        raise BadInput(f"an address of more than {_MOST} characters is not fetched")
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise BadInput("this is no address that can be fetched") from error


def host_of(url: httpx.URL) -> str:
    """Return what a host is known by: its name, with the port where that is not the usual one."""
    name = url.host.lower().rstrip(".")
    name = f"[{name}]" if ":" in name else name
    return name if url.port is None else f"{name}:{url.port}"


def is_public(address: Address) -> bool:
    """Whether an address is one of the open Internet, also by what is embedded in it."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo is not None or (inner is not None and not is_public(inner)):
            return False
        if address.ipv4_mapped is not None:
            return True
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _literal(host: str) -> Address | None:
    """Return a host that is an address itself, also as the number that some systems accept."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))  # 127.1, 0x7f000001, 2130706433
    except (OSError, UnicodeError):
        return None
