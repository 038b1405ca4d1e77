"""Publishing: a draft becomes the flow that runs, under a number and a name; an earlier version can be brought back.

Nothing is published that `check` finds an error in, whose required questions are open, or whose examples differ unless
a reason is given. What was published before is kept in the ledger first, so that it can always be brought back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from engine.design.desk import Desk
from engine.design.differences import Change, Side, changes_of_texts
from engine.design.drafts import Draft, Drafts
from engine.design.findings import Findings, Tried, examples_differ, findings_of
from engine.design.people.rights import Role, needs
from engine.design.versions import (
    DRAFT,
    PUBLISHED,
    PublishedFile,
    find_version,
    label_of,
    other_connector_files,
    published_file,
)
from engine.documents.saving import save
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Problem, PublishedChanged
from engine.flows.library import load_flow_text
from engine.formulas.words import Translations
from engine.runs.ledger import StoredVersion

MOST_CHARS_OF_NAME = 80
MOST_CHARS_OF_NOTE = 500


@dataclass(frozen=True, slots=True)
class Readiness:
    """What publishing the draft would do and say. changes: of the published flow; meanwhile: what changed in the file
    since the draft began, None where nothing did.
    """

    draft: Draft
    findings: Findings
    changes: list[Change]
    meanwhile: list[Change] | None

    @property
    def is_ready(self) -> bool:
        return not self.findings.errors and self.findings.examples_are_well and self.meanwhile is None


@dataclass(frozen=True, slots=True)
class Published:
    """What was published. changes: from what was there before; keeps_draft: it was changed meanwhile, or is of another
    text; connector_files: those that are other ones now than in the version that was brought back.
    """

    version: StoredVersion
    changes: list[Change]
    warnings: list[Problem]
    differing: list[Tried]
    keeps_draft: bool
    connector_files: tuple[str, ...] = ()


def readiness(things: Desk, flow: str, translations: Translations | None = None) -> Readiness:
    """What stands between a draft and its publishing, all of it at once; nothing is done."""
    draft = Drafts(things.workspace, things.clock).open(flow)
    file = published_file(things.workspace, flow)
    findings = findings_of(things, flow, draft.text)
    changes = changes_of_texts(things.workspace, flow, file.text, draft.text, translations)
    meanwhile = _changed_meanwhile(things, draft, file, translations)
    return Readiness(draft, findings, changes, meanwhile)


@needs(Role.DESIGN, "publish a flow")
def publish(
    things: Desk,
    flow: str,
    *,
    by: str,
    name: str = "",
    over: bool = False,
    anyway: str = "",
    translations: Translations | None = None,
) -> Published:
    """Make the draft the flow that runs, whole or not at all, and drop the draft.

    Without a draft the file as it stands (edited by hand or in git) gets a number and the name. over: also where the
    file changed since the draft began; anyway: why it is published although examples differ. Raises DocumentError,
    ExamplesDiffer or PublishedChanged; then nothing was published.
    """
    drafts = Drafts(things.workspace, things.clock, person=things.person)
    with _alone(things, flow):
        draft = drafts.open(flow)
        file = published_file(things.workspace, flow)
        earlier = _named_well(things, flow, name, file if not draft.is_stored else None)
        meanwhile = None if over else _changed_meanwhile(things, draft, file, translations)
        if meanwhile is not None:
            raise _question(things, draft, file, meanwhile)
        findings = _fit(things, flow, draft.text, anyway)
        changes = changes_of_texts(things.workspace, flow, file.text, draft.text, translations)
        if draft.is_stored:
            version = _put(things, flow, draft.text, file, by=by, name=name, note=_note(findings, anyway))
            dropped = drafts.settle(flow, draft.revision, version.file_sha256, by)
            return Published(version, changes, findings.warnings, findings.differing, not dropped)
        version = _named(things, flow, file, earlier, by=by, name=name, note=_note(findings, anyway))
        return Published(version, [], findings.warnings, findings.differing, False)


@needs(Role.DESIGN, "bring back a version of a flow")
def roll_back(
    things: Desk,
    flow: str,
    wanted: str,
    *,
    by: str,
    name: str = "",
    anyway: str = "",
    translations: Translations | None = None,
) -> Published:
    """Publish an earlier version again, byte for byte, as a new version; a draft stays as it is.

    Only the flow's own file comes back; connectors are those of today, and `connector_files` says which are others.
    Raises as `publish` does.
    """
    with _alone(things, flow):
        old = find_version(things, flow, wanted)
        sources = things.ledger.version(old.hash) or {}
        text = Side.of_version(flow, sources).text
        file = published_file(things.workspace, flow)
        _named_well(things, flow, name, None)
        if text == file.text:
            what = f"{label_of(old)} is what is published already"
            raise DocumentError([Problem(flow, what, f"`versions {flow}` lists the others.")])
        try:
            findings = _fit(things, flow, text, anyway)
        except DocumentError as error:
            others = _others_since(things.workspace, flow, sources)
            raise DocumentError([*error.problems, *_because(old, others)]) from error
        changes = changes_of_texts(things.workspace, flow, file.text, text, translations)
        note = _note(findings, anyway)
        version = _put(things, flow, text, file, by=by, name=name, note=note, as_number=old.number)
        others = other_connector_files(sources, things.ledger.version(version.hash) or {})
        keeps = flow in Drafts(things.workspace, things.clock).names()
        return Published(version, changes, findings.warnings, findings.differing, keeps, others)


# --- what stands in the way


def _fit(things: Desk, flow: str, text: str, anyway: str) -> Findings:
    """What was found in a text that may be published."""
    findings = findings_of(things, flow, text)
    if findings.errors:
        raise DocumentError(findings.errors)
    if not findings.examples_are_well and not anyway.strip():
        raise examples_differ(flow, findings)
    return findings


def _changed_meanwhile(
    things: Desk, draft: Draft, file: PublishedFile, translations: Translations | None
) -> list[Change] | None:
    """What changed in the file since the draft began; None where nothing did, or it holds the draft's text already."""
    if not draft.is_stored or draft.base == file.sha256 or draft.text == file.text:
        return None
    began = next((v for v in things.ledger.versions(draft.flow) if v.file_sha256 == draft.base), None)
    before = None if began is None else (things.ledger.version(began.hash) or {})
    path = things.workspace.relative(things.workspace.flow_place(draft.flow))
    if before is None or path not in before:
        return changes_of_texts(things.workspace, draft.flow, file.text, draft.text, translations)
    return changes_of_texts(things.workspace, draft.flow, before[path], file.text, translations)


def _question(things: Desk, draft: Draft, file: PublishedFile, meanwhile: Sequence[Change]) -> PublishedChanged:
    known = any(v.file_sha256 == draft.base for v in things.ledger.versions(draft.flow)) or not draft.base
    if not draft.base:
        why = "a flow of this name was made meanwhile; your draft differs from it in:"
    elif not file.sha256:
        why = "the flow's file was removed meanwhile"
    elif known:
        why = "the flow's file was changed since your draft began, by git or by somebody else; there changed:"
    else:
        why = "the flow's file was changed since your draft began, by git or by somebody else; your draft differs in:"
    return PublishedChanged(
        "The flow was not published",
        where=things.workspace.relative(things.workspace.flow_place(draft.flow)),
        why=why,
        what_to_do="Make that change in the draft too, then publish over it; what is there now stays a version.",
        changes=meanwhile,
    )


def _named_well(things: Desk, flow: str, name: str, file: PublishedFile | None) -> StoredVersion | None:
    """The version the file is already, where only a name is to be given; DocumentError for a name that cannot be."""
    stored = things.ledger.versions(flow)
    earlier = None if file is None else next((version for version in stored if version.hash == file.hash), None)
    where = "the name of the version"
    if name:
        plain = name.strip()
        taken = next((v for v in stored if v.name.casefold() == plain.casefold() and v != earlier), None)
        if not plain or len(plain) > MOST_CHARS_OF_NAME or not plain.isprintable():
            raise DocumentError([Problem(where, "it cannot be used", f"Write 1 to {MOST_CHARS_OF_NAME} characters.")])
        if plain.casefold() in (DRAFT, PUBLISHED) or plain.lower().removeprefix("v").isdecimal():
            raise DocumentError([Problem(where, f"{plain!r} means something else here", "Choose another name.")])
        if taken is not None:
            raise DocumentError([Problem(where, f"it is that of version {taken.number}", "Choose another name.")])
    if file is not None and earlier is not None and earlier.published_at and not name:
        advice = "Change its draft first; or give the version a name."
        raise DocumentError([Problem(flow, f"there is nothing to publish: {label_of(earlier)} is published", advice)])
    return earlier


def _others_since(workspace: Workspace, flow: str, sources: dict[str, str]) -> tuple[str, ...]:
    """The files of a version's connectors that are other ones today."""
    paths = [path for path in sources if path.startswith("connector_specs/")]
    now: dict[str, str] = {}
    for path in paths:
        file = workspace.root / path
        if file.is_file():
            now[path] = file.read_bytes().decode("utf-8", "replace")
    return tuple(path for path in sorted(paths) if now.get(path) != sources[path])


def _because(old: StoredVersion, others: tuple[str, ...]) -> list[Problem]:
    if not others:
        return []
    what = f"since {label_of(old)} these files of its connectors have changed: {', '.join(others)}"
    return [Problem("", what, "Bring them back too (from git), or change the draft to fit them.", severity="warning")]


# --- doing it


@contextmanager
def _alone(things: Desk, flow: str) -> Iterator[None]:
    """Nobody else publishes this flow meanwhile, in no process."""
    with things.ledger.locks.hold(f"publish:{flow}"):
        yield


def _put(
    things: Desk,
    flow: str,
    text: str,
    file: PublishedFile,
    *,
    by: str,
    name: str,
    note: str,
    as_number: int | None = None,
) -> StoredVersion:
    """Keep what is there, write the file, number the version.

    Where the machine stops after the file is written, publishing again finds it written and goes on from there.
    """
    workspace, now = things.workspace, things.clock.now()
    if file.sha256 and file.text != text:
        things.ledger.remember_version(file.hash, flow, dict(file.sources), now)
    loaded = load_flow_text(workspace, flow, text)
    path = workspace.flow_place(flow)
    if file.text != text or not file.sha256:
        path.parent.mkdir(exist_ok=True)
        save(path, text, read_sha256=file.sha256 or None)
    return things.ledger.publish_version(
        loaded.version,
        flow,
        dict(loaded.sources),
        now,
        name=name.strip(),
        who=by,
        note=note,
        as_number=as_number,
    )


def _named(
    things: Desk, flow: str, file: PublishedFile, earlier: StoredVersion | None, *, by: str, name: str, note: str
) -> StoredVersion:
    """The file as it stands, published under its own number; the next one where it has none."""
    now = things.clock.now()
    number = earlier.number if earlier else things.ledger.remember_version(file.hash, flow, dict(file.sources), now)
    things.ledger.name_version(flow, number, name.strip(), by, now, note)
    return next(version for version in things.ledger.versions(flow) if version.number == number)


def _note(findings: Findings, anyway: str) -> str:
    """The reason is kept where it was needed."""
    return "" if findings.examples_are_well else anyway.strip()[:MOST_CHARS_OF_NOTE]
