"""From where the studio may be reached: this machine only, unless its workspace has a way of signing in."""

from __future__ import annotations

import argparse
import ipaddress
import sys
from urllib.parse import urlsplit

from engine.design.desk import command_line
from engine.design.people.sign_in import OIDC, WayIn, way_in_of
from engine.errors import StudioError
from studio.served import Served

HOST = "127.0.0.1"  # without sign-in nobody but this machine may come in
_ANY = ("0.0.0.0", "::", "")


def way_and_problem(asked: argparse.Namespace) -> tuple[WayIn, str]:
    """The workspace's way of signing in, and why the studio cannot be served as it was asked for: "" where it can."""
    is_for_others = _is_for_others(asked)
    try:
        way = way_in_of(asked.workspace)
    except StudioError as error:
        return WayIn(), str(error) if is_for_others else ""  # on this machine the first page says it
    if is_for_others and not way.is_needed:
        command = command_line(asked.workspace, "people", "--sign-in", "password")
        return way, (
            "The studio is not opened for other machines while nobody has to sign in. "
            f"Set a way of signing in first: {command} (docs/people.md)"
        )
    return way, _address_problem(asked)


def how_served(asked: argparse.Namespace, way: WayIn, port: int) -> Served:
    """How it is served, now that its port is known."""
    host = f"[{asked.host}]" if ":" in asked.host else asked.host
    address = asked.address.rstrip("/") or f"http://{host}:{port}"
    if address.startswith("http://") and _is_for_others(asked):
        said = "passwords and cookies go over the network readable. Put https before it: docs/people.md"
        print(f"{address} is not https: {said}", file=sys.stderr)
    return Served(address, _is_for_others(asked), way.key if way.way == OIDC else "")


def _is_for_others(asked: argparse.Namespace) -> bool:
    return bool(asked.address) or not _is_this_machine(asked.host)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _address_problem(asked: argparse.Namespace) -> str:
    """An address that people cannot open, or none where one is needed: requests for another name are refused."""
    if not asked.address:
        missing = f"Say how people open the studio, as --address http://name-of-this-machine:{asked.port}"
        return missing if asked.host in _ANY else ""
    try:
        parts = urlsplit(asked.address)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        return "--address is scheme and host, with a port where it is not the usual one: https://studio.example.se"
    return ""
