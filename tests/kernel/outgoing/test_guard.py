"""Nobody makes us ask a machine of the inside, by whatever spelling of its address."""

from __future__ import annotations

import socket

import pytest

from gongkai.kernel.outgoing.guard import Inside, Unknown, addresses_of, is_permitted, networks


class TestIsPermitted:
    @pytest.mark.parametrize("address", ["1.1.1.1", "223.5.5.5", "2400:3200::1", "::ffff:1.1.1.1", "64:ff9b::101:101"])
    def test_machines_of_the_internet_are(self, address: str) -> None:
        assert is_permitted(address)

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254",
            "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
            "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
            "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::",
            "2001:0:1111::80ff:fffe", "not an address", "",
        ],
    )  # fmt: skip
    def test_machines_of_the_inside_are_not(self, address: str) -> None:
        assert not is_permitted(address)

    def test_a_network_that_the_operator_named_is(self) -> None:
        named = networks(["10.2.0.0/16", "192.168.1.7"])
        assert is_permitted("10.2.3.4", allowed=named)
        assert is_permitted("192.168.1.7", allowed=named)
        assert not is_permitted("10.3.0.1", allowed=named)
        assert not is_permitted("192.168.1.8", allowed=named)
        assert is_permitted("::ffff:10.2.3.4", allowed=named)

    def test_what_is_no_network_is_named(self) -> None:
        with pytest.raises(ValueError, match="inside"):
            networks(["inside"])


class TestAddressesOf:
    def look_up(self, monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
        rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: rows)

    def test_a_name_is_judged_by_where_it_leads(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.look_up(monkeypatch, "1.1.1.1", "1.0.0.1", "1.1.1.1")
        assert addresses_of("www.example.com", 80, allowed=()) == ["1.1.1.1", "1.0.0.1"]

    def test_one_address_of_the_inside_among_several_condemns_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.look_up(monkeypatch, "1.1.1.1", "10.0.0.1")
        with pytest.raises(Inside):
            addresses_of("www.example.com", 80, allowed=())

    def test_a_name_that_leads_nowhere_is_told_apart(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.look_up(monkeypatch)
        with pytest.raises(Unknown):
            addresses_of("nothing.example.com", 80, allowed=())

    @pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "::1"])
    def test_other_spellings_of_this_machine_lead_to_it_and_are_refused(self, host: str) -> None:
        with pytest.raises((Inside, Unknown)):
            addresses_of(host, 80, allowed=())
