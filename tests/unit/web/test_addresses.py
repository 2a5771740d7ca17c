import pytest

from soso.model.errors import BadInput
from soso.web.addresses import UNKNOWN, find_client, parse_proxies

PROXIES = parse_proxies("127.0.0.1, 10.0.0.0/8 fd00::/8")


def client(peer: str | None, *forwarded: str, proxies: str | None = None) -> str:
    trusted = PROXIES if proxies is None else parse_proxies(proxies)
    headers = [(b"x-forwarded-for", one.encode("latin-1")) for one in forwarded]
    scope = {
        "type": "http",
        "client": (peer, 1234) if peer is not None else None,
        "headers": headers,
    }
    return find_client(scope, trusted)


def test_a_header_from_nobody_we_trust_is_not_read() -> None:
    assert client("198.51.100.9", "203.0.113.5") == "198.51.100.9"
    assert client("127.0.0.1", "203.0.113.5", proxies="") == "127.0.0.1"


def test_a_trusted_proxy_tells_who_asks() -> None:
    assert client("127.0.0.1", "203.0.113.5") == "203.0.113.5"


def test_what_the_client_made_up_before_the_proxy_is_not_believed() -> None:
    assert client("127.0.0.1", "1.1.1.1, 203.0.113.5") == "203.0.113.5"
    assert client("127.0.0.1", "1.1.1.1", "203.0.113.5, 10.1.2.3") == "203.0.113.5"


def test_a_chain_of_trusted_proxies_only_gives_the_furthest() -> None:
    assert client("127.0.0.1", "10.0.0.1, 10.0.0.2") == "10.0.0.1"


@pytest.mark.parametrize("nonsense", ["unknown", "", "<script>", "999.1.1.1", ",,,", "é"])
def test_nonsense_leaves_the_proxy_itself(nonsense: str) -> None:
    assert client("127.0.0.1", nonsense) == "127.0.0.1"


def test_a_long_list_is_read_from_its_end() -> None:
    many = ", ".join(["10.0.0.1"] * 10_000)
    assert client("127.0.0.1", many) == "10.0.0.1"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("203.0.113.5:4711", "203.0.113.5"),
        ("[2001:db8:1:2::5]:4711", "2001:db8:1:2::/64"),
        ('"[2001:db8:1:2::5]"', "2001:db8:1:2::/64"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        (" 203.0.113.5 ", "203.0.113.5"),
    ],
)
def test_forms_of_addresses(written: str, meant: str) -> None:
    assert client("127.0.0.1", written) == meant


def test_ipv6_is_counted_by_network_and_mapped_peers_by_their_address() -> None:
    assert client("2001:db8::1", proxies="") == client("2001:db8::2", proxies="")
    assert client("::ffff:127.0.0.1", "203.0.113.5") == "203.0.113.5"
    assert client("fe80::1%eth0", proxies="") == "fe80::/64"


def test_a_unix_socket_has_no_address() -> None:
    assert client(None, "203.0.113.5") == UNKNOWN
    assert client("", "203.0.113.5") == UNKNOWN


def test_a_setting_that_is_no_network_says_so() -> None:
    with pytest.raises(BadInput, match=r"'proxy\.example'"):
        parse_proxies("127.0.0.1, proxy.example")
