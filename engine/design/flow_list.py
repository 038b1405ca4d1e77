"""Every flow of a workspace with its title; a file that cannot be one is listed too, with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.design.drafts import Drafts
from engine.design.operations.editing import read
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Problem

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class ListedFlow:
    """A flow. name: of its file, in letters that can be shown; title: in words, the name where there is none; problems:
    why nothing of it can be shown.
    """

    name: str
    title: str
    problems: tuple[Problem, ...] = ()


def flow_list(workspace: Workspace, drafts: Drafts) -> list[ListedFlow]:
    """Published flows and drafts by name, those that cannot be used among them."""
    found = {name: _listed(drafts, name) for name in drafts.names()}
    for path in workspace.flows.glob("*.json") if workspace.flows.is_dir() else ():
        name = path.stem
        if name in found or path.name.startswith("."):
            continue
        try:
            workspace.flow_place(name)
        except DocumentError as error:
            found[name] = ListedFlow(_visible(name), _visible(name), _placed(error, _visible(path.name)))
            continue
        if path.is_file():
            found[name] = _listed(drafts, name)
        else:
            what = "it is no file that could hold a flow"
            problem = Problem(workspace.relative(path), what, "Move it elsewhere, or give it another ending.")
            found[name] = ListedFlow(name, name, (problem,))
    return [found[name] for name in sorted(found)]


def _listed(drafts: Drafts, name: str) -> ListedFlow:
    file = f"saved_mappings/{name}.json"
    try:
        text = drafts.open(name).text
    except DocumentError as error:
        return ListedFlow(name, name, error.problems)
    try:
        document = read(text)
    except DocumentError as error:
        placed = (replace(each, where=f"{file}, {each.where}" if each.where else file) for each in error.problems)
        return ListedFlow(name, name, tuple(placed))
    if not isinstance(document, Mapping):
        what = "a flow is an object, and this document is none"
        return ListedFlow(name, name, (Problem(file, what, "Mend the file by hand."),))
    title = document.get("title")
    return ListedFlow(name, title.strip()[:_LONGEST] if isinstance(title, str) and title.strip() else name)


def _placed(error: DocumentError, file: str) -> tuple[Problem, ...]:
    return tuple(
        Problem(f"saved_mappings/{file}", "its name cannot be that of a flow", f"Rename the file. {each.what_to_do}")
        for each in error.problems
    )


def _visible(text: str) -> str:
    """The text with everything that is no plain character written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
