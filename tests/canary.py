"""A secret and a person that the tests give the systems as real input, and where neither may ever be found.

The person orders in the invented shop, the secret signs in to the invented books. Both are looked for in what the
processes of the tests say, in the files of their workspaces, in the addresses of their browsers, on pages of which
pictures are taken, and in messages to people (`tests/conftest.py` hangs all this into every test). That it finds what
leaks is tried in `tests/test_canary.py`, by leaking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from sandbox.ccv_shop import CcvShop

NAME, EMAIL = "Kanarina Zangvogel", "kanarina.zangvogel@kooi.example"
TELEPHONE, STREET = "+31 20 000 77 31", "Kanariekooiplein"
BUYER = {"name": NAME, "email": EMAIL, "telephone": TELEPHONE, "street": STREET}
"""What `new_order` of the shop takes of the buyer."""

_OF_PERSON = ("kanarina", "zangvogel", "kooi.example", "20 000 77 31", "kanariekooi")
_SHORTEST = 16  # characters of a secret that cannot stand somewhere by chance
_SEED = 7  # of nearly all sandboxes in the tests
PIECE = 1 << 20  # of a file, read at once
_LEDGER_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Leak:
    """Something of the person or a secret, where it must not be. What it is, is not repeated in full."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.what} in {self.where}"


class Leaked(AssertionError):
    """Raised at once where something is about to be written that nobody may see."""


@cache
def secrets() -> tuple[str, ...]:
    """What signs in to the sandboxes of this seed: keys, secrets, the first refresh token."""
    from sandbox.abicart import Abicart
    from sandbox.ccv_shop import CcvShop
    from sandbox.clock import Clock
    from sandbox.eaccounting import EAccounting
    from sandbox.specter import Specter

    clock = Clock()
    systems = (
        CcvShop(clock, _SEED, 0),
        EAccounting(clock, _SEED, 0),
        Abicart(clock, _SEED, 0),
        Specter(clock, _SEED, 0),
    )
    told = [str(value) for system in systems for value in system.credentials("http://sandbox.example").values()]
    public = {str(CcvShop(clock, _SEED, 0).keys[0])}  # the shop's name of the key, which every request shows
    return tuple(value for value in told if len(value) >= _SHORTEST and "://" not in value and value not in public)


def orders_again(shop: CcvShop) -> None:
    """The first two orders of a shop are the person's: one that is parked and one that arrives."""
    for place, order in enumerate(sorted(shop.holdings.orders.values(), key=lambda each: int(each["id"]))[:2]):
        billed = order["customer"]["billingaddress"]
        first, last = NAME.split()
        own = {"first_name": first, "last_name": last, "full_name": NAME, "telephone": TELEPHONE, "street": STREET}
        order["customer"]["email"] = EMAIL.replace("@", f"{place}@")
        for address in (billed, order["customer"]["deliveryaddress"]):
            address |= {key: value for key, value in own.items() if key in address}
            address["address_line_1"] = f"{STREET} {address['housenumber'] or ''}".strip()


def leaks_of(text: str, where: str) -> list[Leak]:
    """What of the person and of the secrets stands in this text, as it is written and as an address writes it."""
    if not text:
        return []
    return list(_in_bytes(text.encode("utf-8", "replace"), where)) or [
        leak for leak in _in_bytes(unquote_plus(text).encode("utf-8", "replace"), where) if "%" in text or "+" in text
    ]


def secrets_in(text: str, where: str) -> list[Leak]:
    """The same, of secrets only: what a person asked to see of a record is no leak, a secret always is."""
    return [Leak(where, _short(secret)) for secret in secrets() if secret in text]


def leaks_in_files(paths: Iterable[Path]) -> list[Leak]:
    """The same, of files; they are read piece by piece."""
    return [leak for path in paths for leak in _in_file(path)]


def files_of_workspaces(root: Path) -> Iterator[Path]:
    """Every file of every workspace below this folder, and every backup; the files of the sandboxes beside them are
    other systems.
    """
    for marked in sorted(root.rglob(".studio")):
        if marked.is_dir():
            yield from (path for path in sorted(marked.parent.rglob("*")) if _is_ours(path))
    yield from sorted(path for path in root.rglob("*.tar") if path.is_file())


def _is_ours(path: Path) -> bool:
    """Not what a sandbox keeps (`--state`: what it would tell anybody who connects it), nor the answers that a test
    gives to `connect --answers`, nor a copy of this module.
    """
    is_given = (path.parent / "connections.json").exists() or path.name.endswith("answers.json")
    return path.is_file() and not path.is_symlink() and not is_given and not path.name.startswith("canary.")


def _in_file(path: Path) -> Iterator[Leak]:
    found: set[str] = set()
    rest = b""
    try:
        with path.open("rb") as reading:
            while piece := reading.read(PIECE):
                for leak in _in_bytes(rest + piece, str(path)):
                    if leak.what not in found:
                        found.add(leak.what)
                        yield leak
                rest = piece[-200:]
    except FileNotFoundError:  # a ledger that is being closed takes these away
        if not path.name.endswith(_LEDGER_BESIDE):
            raise


def _in_bytes(data: bytes, where: str) -> Iterator[Leak]:
    lowered = data.lower()
    for word in _OF_PERSON:
        if word.encode() in lowered:
            yield Leak(where, f"the canary person (…{word}…)")
    for secret in secrets():
        if secret.encode() in data:
            yield Leak(where, _short(secret))


def _short(secret: str) -> str:
    return f"a secret (…{secret[-4:]})"


def assert_nothing(leaks: Iterable[Leak]) -> None:
    """Fail with where they are."""
    found = list(leaks)
    if found:
        raise Leaked("Nobody may see this:\n" + "\n".join(f"  {leak}" for leak in found[:20]))
