"""Which network addresses we send to: public ones by default, private ones where an administrator said so."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import TypeAlias

from engine.errors import AddressRefused, Cause

IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve: TypeAlias = Callable[[str, int], Sequence[str]]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")
_SHARED = ipaddress.IPv4Network("100.64.0.0/10")


def resolve_name(host: str, port: int) -> list[str]:
    """Every address of a host, in the order the system prefers. Raises OSError or UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def read_address(text: str) -> IpAddress | None:
    """The address a text spells in its usual form, with or without brackets; None for a name."""
    try:
        return ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _inner(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 one carries inside, if it does: that is where packets arrive."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64 or (address in _IPV4_COMPATIBLE and int(address) > 0xFFFF):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_allowed(address: IpAddress, *, allow_private: bool) -> bool:
    """True for public addresses, and for loopback and private networks when those are allowed.

    Link-local addresses (where clouds answer with machine credentials), multicast, reserved and unspecified
    ones are never allowed.
    """
    address = _inner(address)
    if address.is_multicast or address.is_unspecified or address.is_link_local:
        return False
    if isinstance(address, ipaddress.IPv6Address) and (address.is_site_local or address in _NAT64_LOCAL):
        return False
    if address.is_loopback or address.is_private or address in _SHARED:
        return allow_private and not (address.is_reserved and not address.is_loopback)
    return address.is_global and not address.is_reserved


def check_addresses(host: str, found: Sequence[str], *, allow_private: bool) -> None:
    """Raises AddressRefused unless every address of the host is allowed: one bad one spoils the name."""
    for text in found:
        address = read_address(text)
        if address is None or not is_allowed(address, allow_private=allow_private):
            raise AddressRefused(
                "we do not send there",
                cause=Cause.ADDRESS_REFUSED,
                where=host,
                why="the name leads to an address inside a private or special network",
                what_to_do="Check the address in the connection. Private addresses are only for connections"
                " that an administrator has marked so.",
            )


def check_scheme(scheme: str, host: str, *, allow_private: bool) -> None:
    """Raises AddressRefused unless the address is https, or http where private addresses are allowed."""
    if scheme == "https" or (scheme == "http" and allow_private):
        return
    raise AddressRefused(
        "we do not send there",
        cause=Cause.ADDRESS_REFUSED,
        where=host,
        why="the address does not begin with https://",
        what_to_do="Enter the address with https://. Plain http is only for connections that an administrator"
        " has marked as private.",
    )
