"""The workspace's folders, names and files."""

import hashlib
import stat
from pathlib import Path

import pytest

from engine.documents.workspace import Workspace
from engine.errors import DocumentError


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for name in ("shop-one", "books"):
        (tmp_path / "connector_specs" / name).mkdir(parents=True)
        (tmp_path / "connector_specs" / name / "connector.json").write_text("{}")
    (tmp_path / "connector_specs" / "notes").mkdir()
    (tmp_path / "saved_mappings").mkdir()
    (tmp_path / "saved_mappings" / "orders.json").write_bytes(b'{"a": 1}\r\n')
    (tmp_path / "saved_mappings" / ".orders.json.1.tmp.json").write_text("{}")
    return Workspace(tmp_path)


def test_connectors_and_flows_are_listed_by_name(workspace: Workspace) -> None:
    assert workspace.connector_names() == ["books", "shop-one"]
    assert workspace.flow_names() == ["orders"]


def test_an_empty_folder_has_neither(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)

    assert (workspace.connector_names(), workspace.flow_names()) == ([], [])
    with pytest.raises(DocumentError, match="has none yet"):
        workspace.flow_path("orders")


def test_an_unknown_name_comes_with_the_nearest_one(workspace: Workspace) -> None:
    with pytest.raises(DocumentError, match=r"there is no flow 'ordres'\n.*Did you mean 'orders'\?"):
        workspace.flow_path("ordres")
    with pytest.raises(DocumentError, match=r"there is no connector 'x'\n.*There are: books, shop-one"):
        workspace.connector_folder("x")


@pytest.mark.parametrize("name", ["../connector_specs/books/connector", "/etc/passwd", ".", "", "orders.json"])
def test_a_name_cannot_lead_out_of_its_folder(workspace: Workspace, name: str) -> None:
    with pytest.raises(DocumentError, match="there is no flow"):
        workspace.flow_path(name)


def test_a_document_keeps_its_text_and_hash(workspace: Workspace) -> None:
    document = workspace.read_document(workspace.flow_path("orders"))

    assert (document.text, document.value) == ('{"a": 1}\r\n', {"a": 1})
    assert document.sha256 == hashlib.sha256(b'{"a": 1}\r\n').hexdigest()


def test_a_broken_document_is_named_by_its_place_in_the_workspace(workspace: Workspace) -> None:
    path = workspace.flow_path("orders")
    path.write_text('{\n "a": }')

    with pytest.raises(DocumentError) as caught:
        workspace.read_document(path)
    assert caught.value.problems[0].where == "saved_mappings/orders.json:2:7"


def test_a_file_that_is_gone_is_said_in_words(workspace: Workspace) -> None:
    with pytest.raises(DocumentError, match=r"saved_mappings/none\.json: The file cannot be read: no such file"):
        workspace.read_document(workspace.flows / "none.json")


def test_the_machines_folder_is_for_this_user_only(workspace: Workspace) -> None:
    assert workspace.ledger_path.parent.is_dir()
    assert stat.S_IMODE(workspace.studio.stat().st_mode) == 0o700
