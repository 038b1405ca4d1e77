"""Reads a reply's body piece by piece: bounded, decompressed, and whole or not at all."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_COMPRESSIONS = {"gzip", "x-gzip", "deflate"}


class BodyFault(Exception):
    """The body cannot be used. why: half a sentence; cut: its end is missing, so asking again may help."""

    def __init__(self, why: str, *, cut: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.cut = cut


def collect(pieces: Iterable[bytes], headers: Mapping[str, str], limit_bytes: int) -> bytes:
    """The whole body, decompressed. Raises BodyFault when it is too large, cut short or wrongly packed."""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    counted = _counted(pieces, headers)
    if encoding in _COMPRESSIONS:
        counted = _decompressed(counted, limit_bytes)
    elif encoding not in ("identity", ""):
        raise BodyFault("it is packed in a way we did not ask for")
    body: list[bytes] = []
    size_bytes = 0
    for piece in counted:
        size_bytes += len(piece)
        if size_bytes > limit_bytes:
            raise BodyFault(f"it is larger than {limit_bytes / 1_000_000:g} MB")
        body.append(piece)
    return b"".join(body)


def _counted(pieces: Iterable[bytes], headers: Mapping[str, str]) -> Iterator[bytes]:
    """The pieces; raises at the end when fewer bytes came than Content-Length promised."""
    promised = headers.get("content-length", "")
    came = 0
    for piece in pieces:
        came += len(piece)
        yield piece
    if promised.isdecimal() and came < int(promised):
        raise BodyFault("it broke off before its end", cut=True)


def _decompressed(pieces: Iterable[bytes], limit_bytes: int) -> Iterator[bytes]:
    """Unpacked pieces of at most the limit, so that a small bomb cannot fill the memory."""
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    began = False
    for piece in pieces:
        packed = piece
        began = began or bool(packed)
        while packed:
            if unpacker.eof:  # gzip allows several members one after the other
                unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
            try:
                yield unpacker.decompress(packed, limit_bytes + 1)
            except zlib.error:
                raise BodyFault("it is said to be compressed but is not") from None
            packed = unpacker.unconsumed_tail or unpacker.unused_data
    if began and not unpacker.eof:
        raise BodyFault("it broke off before its end", cut=True)
