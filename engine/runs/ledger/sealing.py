"""Encryption at rest: one key per workspace, from it one per purpose, every text bound to its place."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.errors import Json, LedgerError

ENVIRONMENT_VARIABLE = "MAPPING_STUDIO_KEY"
KEY_BYTES = 32
_NONCE_BYTES = 12
_write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_FORM = b"\x01"  # first byte of all we seal: AES-256-GCM, 12-byte nonce
_PLAIN, _DEFLATED = b"p", b"z"
_WORTH_DEFLATING_BYTES = 200


@dataclass(frozen=True, slots=True)
class Key:
    """The workspace's key: 32 random bytes that are nowhere but in the key file or the environment."""

    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Key:
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_text(cls, text: str, where: str) -> Key:
        """The key written as base64 (either alphabet); LedgerError when it is not 32 bytes."""
        try:
            secret = base64.b64decode(text.strip().translate(str.maketrans("-_", "+/")), validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != KEY_BYTES:
            raise LedgerError(
                "The key of the ledger cannot be used",
                where=where,
                why=f"it must be {KEY_BYTES} bytes written as base64",
                what_to_do="Put the key there that the workspace was made with; a backup has it.",
            )
        return cls(secret)

    def as_text(self) -> str:
        return base64.urlsafe_b64encode(self.secret).decode("ascii")


def find_key(path: Path, environment: Mapping[str, str] | None = None) -> Key | None:
    """The key from the environment (MAPPING_STUDIO_KEY), else from the file `path`; None without one."""
    environment = os.environ if environment is None else environment
    text = environment.get(ENVIRONMENT_VARIABLE, "")
    if text:
        return Key.from_text(text, where=f"environment variable {ENVIRONMENT_VARIABLE}")
    try:
        return Key.from_text(path.read_text("ascii"), where=str(path))
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return Key.from_text("", where=str(path))
    except OSError as error:
        raise LedgerError(
            "The key of the ledger cannot be read",
            where=str(path),
            why=error.strerror or "",
            what_to_do="Give this user the right to read the file.",
        ) from error


def write_key(key: Key, path: Path) -> None:
    """The key in a new file for this user only, on disk when this returns; OSError where there is a file already."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(key.as_text() + "\n")
        file.flush()
        os.fsync(file.fileno())


def make_key(path: Path) -> Key:
    """A new key in the file `path` (0600); when another process made it meanwhile, that one."""
    key = Key.new()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        write_key(key, draft)
        try:
            os.link(draft, path)  # unlike a rename, this fails when the key is already there
        except FileExistsError:
            return find_key(path, {}) or key
        finally:
            draft.unlink()
    except OSError as error:
        raise LedgerError(
            "The key of the ledger cannot be written",
            where=str(path),
            why=error.strerror or "",
            what_to_do="Give this user the right to write in the folder, or set "
            f"{ENVIRONMENT_VARIABLE} to a key of your own.",
        ) from error
    return key


class Seal:
    """Seals and opens texts: one derived key per purpose, each text bound to the place it belongs to."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._ciphers: dict[str, AESGCM] = {}
        self._words_key = self._derive("words")
        self._filling = threading.Lock()

    def _derive(self, purpose: str) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, b"mapping-studio-ledger", purpose.encode()).derive(self._key.secret)

    def _cipher(self, purpose: str) -> AESGCM:
        cipher = self._ciphers.get(purpose)
        if cipher is None:
            with self._filling:
                cipher = self._ciphers.setdefault(purpose, AESGCM(self._derive(purpose)))
        return cipher

    def close_up(self, purpose: str, place: str, plain: bytes) -> bytes:
        """Sealed bytes; they open only with the same purpose (whose key it is) and the same place."""
        nonce = os.urandom(_NONCE_BYTES)
        return _FORM + nonce + self._cipher(purpose).encrypt(nonce, plain, place.encode())

    def open_up(self, purpose: str, place: str, sealed: bytes) -> bytes:
        """The plain bytes; LedgerError when key, purpose or place differ or a byte was changed."""
        try:
            if sealed[:1] != _FORM:
                raise InvalidTag
            nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
            return self._cipher(purpose).decrypt(nonce, rest, place.encode())
        except (InvalidTag, ValueError) as error:
            raise LedgerError(
                "Something sealed in the ledger cannot be opened",
                where=purpose,
                why="it was changed, belongs elsewhere, or was sealed with another key",
                what_to_do="Use the key the workspace was made with, or save it anew.",
            ) from error

    def seal_json(self, purpose: str, place: str, value: Json) -> bytes:
        """A JSON value, deflated when that is worth it, sealed."""
        return self.seal_text(purpose, place, _write_json(value))

    def seal_text(self, purpose: str, place: str, text: str) -> bytes:
        plain = text.encode("utf-8", "surrogatepass")
        if len(plain) >= _WORTH_DEFLATING_BYTES:
            return self.close_up(purpose, place, _DEFLATED + zlib.compress(plain, 1))
        return self.close_up(purpose, place, _PLAIN + plain)

    def open_json(self, purpose: str, place: str, sealed: bytes) -> Json:
        return json.loads(self.open_text(purpose, place, sealed))

    def open_text(self, purpose: str, place: str, sealed: bytes) -> str:
        plain = self.open_up(purpose, place, sealed)
        packed = plain[1:]
        return (zlib.decompress(packed) if plain[:1] == _DEFLATED else packed).decode("utf-8", "surrogatepass")

    def fingerprint(self, text: str) -> bytes:
        """16 bytes that are the same for the same text and say nothing of it to who has no key."""
        plain = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(plain, key=self._words_key, digest_size=16).digest()
