"""The file of a backup: one tar with a manifest first, then the files it names; nothing else is taken from one."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from engine.errors import BackupError

MANIFEST = "manifest.json"
LEDGER, DRAFTS = "ledger.sqlite", "drafts.json"
_FORM = 1
_MOST_MANIFEST_BYTES = 64 * 1024
_PIECE = 1 << 20
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE)  # no links, no folders, no devices, nothing sparse


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a backup, as its manifest tells it."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: datetime
    files: Mapping[str, Member]


def pack(target: Path, files: Mapping[str, Path], made_at: datetime) -> Manifest:
    """Write a backup with these files, whole or not at all, readable by this user only."""
    members = {name: _measured(path) for name, path in files.items()}
    about = {name: {"bytes": member.size, "sha256": member.sha256} for name, member in members.items()}
    manifest = {"form": _FORM, "made_at": made_at.isoformat(), "files": about}
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
                content = json.dumps(manifest, indent=1).encode()
                _add(tar, MANIFEST, len(content), io.BytesIO(content), made_at)
                for name, path in files.items():
                    with path.open("rb") as source:
                        _add(tar, name, members[name].size, source, made_at)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return Manifest(made_at, members)


def unpack(source: Path, folder: Path) -> Manifest:
    """Write the files of a backup into a folder; BackupError where it is none, is damaged, or holds anything else."""
    with _opened(source) as tar:
        members = iter(tar)
        first = next(members, None)
        if first is None or first.name != MANIFEST or first.type not in _PLAIN or first.size > _MOST_MANIFEST_BYTES:
            raise refused(source, "it does not begin as a backup does")
        manifest = _manifest(source, _content(tar, first).read())
        left = dict(manifest.files)
        for member in members:
            expected = left.pop(member.name, None)
            if expected is None or member.type not in _PLAIN or member.size != expected.size:
                raise refused(source, f"it holds something its manifest does not name: {member.name[:60]!r}")
            _copy(source, tar, member, expected, folder / member.name)
        if left:
            raise refused(source, f"it lacks {', '.join(sorted(left))}")
    return manifest


def is_backup(path: Path) -> bool:
    """Does a file begin as ours do?"""
    with path.open("rb") as file:
        head = file.read(512)
    return head.startswith(MANIFEST.encode() + b"\0") and head[257:262] == b"ustar"


def refused(source: Path, why: str) -> BackupError:
    """This backup is not taken."""
    return BackupError(
        "The backup cannot be put back",
        where=str(source),
        why=why,
        what_to_do="Nothing was changed. Take another backup, or the same one copied anew.",
    )


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with source.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            yield tar
    except tarfile.TarError as error:
        raise refused(source, "it is damaged or no backup") from error
    except FileNotFoundError as error:
        raise refused(source, "there is no such file") from error


def _manifest(source: Path, content: bytes) -> Manifest:
    try:
        held: dict[str, Any] = json.loads(content)
        if held["form"] != _FORM:
            raise refused(source, "a newer program made it")
        files = {
            str(name): Member(int(about["bytes"]), str(about["sha256"])) for name, about in dict(held["files"]).items()
        }
        made_at = datetime.fromisoformat(held["made_at"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise refused(source, "its manifest cannot be read") from error
    if LEDGER not in files or not set(files) <= {LEDGER, DRAFTS} or made_at.tzinfo is None:
        raise refused(source, "its manifest names other files than a backup has")
    return Manifest(made_at, files)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    assert content is not None  # a plain file has one
    return content


def _copy(source: Path, tar: tarfile.TarFile, member: tarfile.TarInfo, expected: Member, to: Path) -> None:
    found = hashlib.sha256()
    content = _content(tar, member)
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while piece := content.read(_PIECE):
            found.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if found.hexdigest() != expected.sha256:
        raise refused(source, f"{member.name} in it is damaged")


def _measured(path: Path) -> Member:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256")
        return Member(file.tell(), found.hexdigest())


def _add(tar: tarfile.TarFile, name: str, size: int, content: IO[bytes], at: datetime) -> None:
    about = tarfile.TarInfo(name)
    about.size, about.mode, about.mtime = size, 0o600, int(at.timestamp())
    tar.addfile(about, content)
