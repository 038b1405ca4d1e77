"""The versions of a flow: which there are, what each holds, which is published now, and what differs between two."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.design.desk import Desk
from engine.design.differences import Change, Side, changes_between
from engine.design.drafts import Draft, Drafts
from engine.documents.workspace import Workspace, did_you_mean
from engine.errors import DocumentError, Json, Problem
from engine.flows.library import LoadedFlow, load_flow_text, version_of
from engine.formulas.words import Translations
from engine.runs.ledger import StoredVersion

DRAFT, PUBLISHED, NOTHING = "draft", "published", "nothing"
_NUMBER = re.compile(r"v?([1-9][0-9]{0,8})", re.IGNORECASE)
_LEAST_OF_HASH = 6


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A flow's file as it is now. sha256: "" where there is none; loaded: None where it breaks a schema."""

    text: str = field(repr=False)
    sha256: str
    loaded: LoadedFlow | None = field(repr=False)
    sources: Mapping[str, str] = field(repr=False)

    @property
    def hash(self) -> str:
        """The version it is, whether it ran or not."""
        return version_of(self.sources)


@dataclass(frozen=True, slots=True)
class Version:
    """A version with what became of it. is_published: it is what the flow's file holds, with the connectors of today;
    is_same_file: of the file alone; files: of its connectors, that are other ones than in the version before.
    """

    stored: StoredVersion
    runs: int
    last_run: datetime | None
    is_published: bool
    is_same_file: bool
    files: tuple[str, ...]

    def as_json(self) -> dict[str, Json]:
        stored = self.stored
        return {
            "number": stored.number,
            "hash": stored.hash,
            "name": stored.name,
            "by": stored.who,
            "at": stored.at.isoformat(),
            "published_at": stored.published_at.isoformat() if stored.published_at else None,
            "as_number": stored.as_number,
            "note": stored.note,
            "runs": self.runs,
            "last_run": self.last_run.isoformat() if self.last_run else None,
            "published": self.is_published,
            "connector_files": list(self.files),
        }


@dataclass(frozen=True, slots=True)
class History:
    """A flow's versions, the newest first, and its draft. is_new: its file is none of them, it never ran."""

    flow: str
    versions: list[Version]
    is_new: bool
    draft: Draft | None

    @property
    def published(self) -> Version | None:
        """The version that is published now."""
        return next((version for version in self.versions if version.is_published), None)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a flow by the name people gave for it: the draft, what is published, or a version."""

    label: str
    side: Side
    stored: StoredVersion | None = None


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two texts (of flows). before, after: what they are called."""

    before: str
    after: str
    changes: list[Change]
    before_text: str = field(default="", repr=False)
    after_text: str = field(default="", repr=False)


def published_file(workspace: Workspace, flow: str) -> PublishedFile:
    """The flow's file; with sha256 "" where there is none. DocumentError where it cannot be read as text."""
    path = workspace.flow_place(flow)
    where = workspace.relative(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return PublishedFile("", "", None, {})
    except OSError as error:
        what = f"the file cannot be read: {(error.strerror or type(error).__name__).lower()}"
        raise DocumentError([Problem(where, what, "Check who may read it.")]) from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise DocumentError([Problem(where, "it is not written in UTF-8", "Save it as UTF-8.")]) from None
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        loaded = load_flow_text(workspace, flow, text)
    except DocumentError:
        return PublishedFile(text, sha256, None, {where: text})
    return PublishedFile(text, sha256, loaded, loaded.sources)


def history(things: Desk, flow: str) -> History:
    """Every version of a flow. DocumentError where there is neither a file, nor a draft, nor a version of this name."""
    stored = things.ledger.versions(flow)
    drafts = Drafts(things.workspace, things.clock)
    draft = drafts.open(flow) if flow in drafts.names() else None
    if not stored and draft is None:
        things.workspace.flow_path(flow)
    file = published_file(things.workspace, flow)
    runs = things.ledger.runs_of_versions(flow)
    documents = {version.hash: things.ledger.version(version.hash) or {} for version in stored}
    current = next((version.number for version in stored if version.hash == file.hash), None)
    versions = []
    for version, earlier in zip(stored, [*stored, None][1:], strict=True):
        count, last = runs.get(version.number, (0, None))
        before = documents[earlier.hash] if earlier is not None else documents[version.hash]
        versions.append(
            Version(
                version,
                count,
                last,
                version.number == current,
                bool(file.sha256) and version.file_sha256 == file.sha256,
                other_connector_files(before, documents[version.hash]),
            )
        )
    return History(flow, versions, bool(file.sha256) and current is None, draft)


def find_version(things: Desk, flow: str, wanted: str) -> StoredVersion:
    """The version with this number (12 or v12), name, or beginning of a hash; DocumentError with what there is."""
    stored = things.ledger.versions(flow)
    asked = wanted.strip()
    number = _NUMBER.fullmatch(asked)
    for version in stored:
        if (number and version.number == int(number[1])) or (asked and version.name.casefold() == asked.casefold()):
            return version
    hashes = [version for version in stored if version.hash.startswith(asked.lower())]
    if len(asked) >= _LEAST_OF_HASH and hashes:
        return hashes[0]
    raise _unknown(things.workspace, flow, wanted, stored)


def text_of(things: Desk, flow: str, wanted: str) -> Text:
    """A text of the flow: “draft”, “published”, or a version by number, name or hash."""
    if wanted.casefold() == DRAFT:
        draft = Drafts(things.workspace, things.clock).open(flow)
        return Text(DRAFT if draft.is_stored else PUBLISHED, Side.of(things.workspace, flow, draft.text))
    if wanted.casefold() == PUBLISHED:
        file = published_file(things.workspace, flow)
        if not file.sha256:
            return Text(NOTHING, Side("{}"))  # a flow that is a draft only
        return Text(PUBLISHED, Side.of(things.workspace, flow, file.text))
    return _text_of_version(things, find_version(things, flow, wanted))


def differences(
    things: Desk, flow: str, a: str = "", b: str = "", translations: Translations | None = None
) -> Differences:
    """What differs from A to B, each of them “draft”, “published” or a version.

    Without B: from A to what is published. Without both: from what is published to the draft; where there is no draft,
    from the version before to what is published.
    """
    drafts = Drafts(things.workspace, things.clock).names()
    if flow not in drafts and not things.ledger.versions(flow):
        things.workspace.flow_path(flow)  # says that there is no such flow
    before, after = _two_texts(things, flow, a, b, has_draft=flow in drafts)
    changes = changes_between(before.side, after.side, translations)
    return Differences(before.label, after.label, changes, before.side.text, after.side.text)


def label_of(version: StoredVersion) -> str:
    """How a version is spoken of: “version 12”, “version 12 (With fees)”."""
    return f"version {version.number}" + (f" ({version.name})" if version.name else "")


def other_connector_files(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[str, ...]:
    """The files of connectors that differ between two versions, or that only one of them has."""
    paths = sorted(path for path in {*before, *after} if path.startswith("connector_specs/"))
    return tuple(path for path in paths if before.get(path) != after.get(path))


def _two_texts(things: Desk, flow: str, a: str, b: str, *, has_draft: bool) -> tuple[Text, Text]:
    if b:
        return text_of(things, flow, a), text_of(things, flow, b)
    if a.casefold() == DRAFT or (has_draft and not a):
        return text_of(things, flow, PUBLISHED), text_of(things, flow, DRAFT)
    if a:
        return text_of(things, flow, a), text_of(things, flow, PUBLISHED)
    now = published_file(things.workspace, flow)
    earlier = next((v for v in things.ledger.versions(flow) if v.file_sha256 != now.sha256), None)
    published = text_of(things, flow, PUBLISHED)
    return (published if earlier is None else _text_of_version(things, earlier)), published


def _text_of_version(things: Desk, version: StoredVersion) -> Text:
    sources = things.ledger.version(version.hash) or {}
    return Text(label_of(version), Side.of_version(version.flow, sources), version)


def _unknown(workspace: Workspace, flow: str, wanted: str, stored: Sequence[StoredVersion]) -> DocumentError:
    where = f"versions of {flow}"
    if not stored:
        workspace.flow_path(flow)
        what, advice = "none is known yet", "A version is numbered when it first runs, or when it is published."
        return DocumentError([Problem(where, what, advice)])
    close = did_you_mean(wanted, [version.name for version in stored if version.name])
    numbers = f"There are 1 to {stored[0].number}; `versions {flow}` lists them."
    advice = f"Did you mean {close!r}? {numbers}" if close else numbers
    return DocumentError([Problem(where, f"there is no version {wanted!r}", advice)])
