import socket
from typing import Any

import httpx
import pytest

from soso.fetchers.guard import Guard, host_of, is_public, parse_address
from soso.model.errors import BadInput, HostileInput

MEDIA = ("telesco.pe", "127.0.0.1:8081", "t.me")


@pytest.mark.parametrize(
    "url",
    [
        "https://telesco.pe/file/a",
        "https://cdn4.telesco.pe/file/a",
        "https://CDN4.Telesco.PE./file/a",
        "http://a.b.telesco.pe:80/x",
    ],
)
def test_a_listed_host_and_those_below_it_may_be_asked(url: str) -> None:
    Guard(MEDIA).check(httpx.URL(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://telesco.pe.evil.example/file/a",
        "https://eviltelesco.pe/file/a",
        "https://pe/file/a",
        "https://telesco.pe:8443/file/a",
        "ftp://telesco.pe/file/a",
        "file:///etc/passwd",
        "https://user:secret@telesco.pe/file/a",
        "https://t.me@evil.example/",
        "http://127.0.0.1:8082/",
        "/file/a",
        "gopher://telesco.pe/",
    ],
)
def test_others_may_not(url: str) -> None:
    with pytest.raises(HostileInput) as told:
        Guard(MEDIA, private=True).check(httpx.URL(url))
    assert "secret" not in str(told.value)


def test_a_host_with_a_port_is_exactly_that() -> None:
    Guard(MEDIA, private=True).check(httpx.URL("http://127.0.0.1:8081/x"))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.5.5", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "198.18.0.5", "224.0.0.1", "255.255.255.255"),
        *("[::1]", "[fe80::1]", "[fc00::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fec0::1]", "[::]", "[ff02::1]"),
        *("localhost", "a.localhost", "printer.local", "box.lan", "metadata.internal"),
        *("127.1", "2130706433", "0x7f000001", "0177.0.0.1"),
    ],
)
def test_private_addresses_and_names_are_refused_however_they_are_written(host: str) -> None:
    with pytest.raises((HostileInput, BadInput)):
        Guard(None).check(parse_address(f"http://{host}/latest/meta-data"))


@pytest.mark.parametrize("host", ["1.1.1.1", "[2606:4700::1111]", "example.org", "例子.测试"])
def test_public_ones_are_not(host: str) -> None:
    Guard(None).check(parse_address(f"https://{host}/"))


def test_a_mapped_public_address_is_public() -> None:
    import ipaddress

    assert is_public(ipaddress.ip_address("::ffff:1.1.1.1"))
    assert not is_public(ipaddress.ip_address("2001:0:53aa:64c:0:7fff:f5ff:fffe"))


def answering(*addresses: str) -> Any:
    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    return resolve


def test_a_name_that_leads_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("1.1.1.1", "10.0.0.1"))
    with pytest.raises(HostileInput, match=r"10\.0\.0\.1"):
        Guard(None).resolve("evil.example", 443)
    assert Guard(None, private=True).resolve("evil.example", 443) == ["1.1.1.1", "10.0.0.1"]


def test_a_name_of_the_open_internet_gives_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("1.1.1.1", "1.1.1.1", "8.8.8.8"))
    assert Guard(None).resolve("good.example", 443) == ["1.1.1.1", "8.8.8.8"]


@pytest.mark.parametrize("url", ["http://[::1", "https://a" + "b" * 5000, "http://\x00/"])
def test_what_is_no_address_is_bad_input(url: str) -> None:
    with pytest.raises(BadInput):
        parse_address(url)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://T.me/s/x", "t.me"),
        ("https://t.me.:443/", "t.me"),
        ("http://127.0.0.1:8081/x", "127.0.0.1:8081"),
        ("http://[::1]:99/x", "[::1]:99"),
    ],
)
def test_what_a_host_is_known_by(url: str, host: str) -> None:
    assert host_of(httpx.URL(url)) == host
