"""The rules of the house, read from the source: who may import whom, and what may stand where."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES = 350

# A package may import those further right, never one further left; mappings and connectors never meet.
ORDER = (
    ("engine.commands", "engine.public"),
    ("engine.design",),
    ("engine.runs",),
    ("engine.flows",),
    ("engine.mappings", "engine.connectors"),
    ("engine.formulas",),
    ("engine.documents",),
    ("engine.errors",),
)
LEVELS = {name: level for level, names in enumerate(ORDER) for name in names}

# Each third-party library and the one module of the engine that knows it.
LIBRARIES = {
    "anyascii": "engine.formulas.functions.spelling",
    "apprise": "engine.runs.telling.apprise_door",
    "cronsim": "engine.flows.schedules",
    "cryptography": "engine.runs.ledger.sealing",
    "defusedxml": "engine.connectors.xml_document",
    "filelock": "engine.design.draft_file",
    "httpcore": "engine.connectors.transport",
    "httpx": "engine.connectors.transport",
    "jsonata": "engine.formulas.jsonata_library",
    "jsonschema": "engine.documents.reasons",
    "jsonschema_rs": "engine.documents.quick_checks",
    "orjson": "engine.documents.quick_json",
    "prometheus_client": "engine.commands.serving.figures",
    "re2": "engine.formulas.regular_expressions",
    "referencing": "engine.documents.reasons",
    "sqlalchemy": "engine.runs.ledger.sql",
    "starlette": "engine.commands.serving.web",
    "tinydb": "engine.design.draft_file",
    "uvicorn": "engine.commands.serving.server",
}
SCREEN = ("engine.design", "engine.errors", "engine.public")  # what the studio may know of the engine
SCREEN_LIBRARIES = {  # and which modules of the studio know a library, where not all may
    "babel": {"studio.words"},
    "starlette": {"studio.asgi", "studio.consent_route", "studio.guarded_paths", "studio.sign_in_route"},
    "uvicorn": {"studio.__main__"},
}
SHOWING = "rich"  # any module of engine.commands may import it, inside a function: most calls need no table
HEAVY = (
    *("cryptography", "httpx", "jsonata", "jsonschema", "jsonschema_rs", "orjson", "prometheus_client", "re2", "rich"),
    *("apprise", "sqlalchemy", "starlette", "uvicorn"),
)

PURE = ("engine.formulas", "engine.mappings")
OUTSIDE = {
    *("asyncio", "ftplib", "http", "httpx", "multiprocessing", "os", "pathlib", "shutil", "smtplib", "socket"),
    *("sqlite3", "ssl", "subprocess", "tempfile", "urllib"),
}
# The worker process and the pool's side of it live on pipes; they open no file of anybody's.
WORKER_PROCESS = {
    "engine.formulas.guarded.worker",
    "engine.formulas.guarded.process",
    "engine.formulas.guarded.frames",
    "engine.formulas.guarded.timer",
}

PRODUCTS = ("ccv-shop", "e-accounting", "visma", "spiris", "abicart", "textalk", "specter")
VENDORS = (  # beside those that have a folder
    "abicart textalk fortnox shopify specter easycashier lightspeed buchhaltungsbutler bjornlunden tripletex "
    "woocommerce magento prestashop bigcommerce squarespace starweb wikinggruppen xero visma spiris mamut "
    "klarna paypal stripe adyen nshift moneybird snelstart sendcloud tradera fyndiq"
).split()

DOSSIERS = (
    *("ccv-shop.md", "ccv-schemas.json", "visma-eaccounting.md", "visma-eaccounting-schemas.json", "abicart.md"),
    *("specter.md", "specter-order.form.txt", "specter-stock.xml", "specter-getOrders.xml"),
)
MARKS = (*DOSSIERS, "not documented", "inferred", "Inferred")
NO_RULES = {  # of the stand-ins: their data, pages, ids, and what a person does in them
    "sandbox.abicart": {"actions", "exact_json", "overview", "world"},
    "sandbox.ccv_shop": {"actions", "awkward", "overview"},
    "sandbox.eaccounting": {"actions", "books", "identifiers", "models", "views", "world"},
    "sandbox.specter": {"actions", "overview", "world"},
}
CITED_ELSEWHERE = {"sandbox.eaccounting.filters": "sandbox.eaccounting.comparisons"}


class Import(NamedTuple):
    module: str
    line: int
    is_lazy: bool


@cache
def modules(*folders: str) -> dict[str, Path]:
    """Every module below the folders, by its dotted name."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> list[Import]:
    """What a module imports, relative imports left out: the house has none (a test says so)."""
    return list(_imports_in(tree_of(path)))


def _imports_in(tree: ast.Module) -> Iterator[Import]:
    lazy = {id(node) for outer in ast.walk(tree) if isinstance(outer, ast.FunctionDef) for node in ast.walk(outer)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, id(node) in lazy)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            base = node.module or ""
            yield Import(base, node.lineno, id(node) in lazy)
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", node.lineno, id(node) in lazy)


def level_of(name: str) -> int | None:
    """The level of a module of the engine; None for engine itself and for what is not the engine's."""
    return LEVELS.get(".".join(name.split(".")[:2]))


def test_every_package_of_the_engine_has_its_place_in_the_order() -> None:
    packages = {".".join(name.split(".")[:2]) for name in modules("engine")} - {"engine", "engine.__main__"}

    assert set(LEVELS) == packages


@pytest.mark.parametrize("name", modules("engine"))
def test_imports_go_down_the_house_only(name: str) -> None:
    own, package = level_of(name), ".".join(name.split(".")[:2])
    for found in imports_of(modules("engine")[name]):
        top, level = found.module.split(".")[0], level_of(found.module)

        assert top not in ("sandbox", "studio", "benchmarks", "tests"), f"{name}:{found.line}"
        if own is not None and level is not None and not found.module.startswith(package):
            assert level > own, f"{name}:{found.line} imports {found.module}"


@pytest.mark.parametrize("name", modules("studio"))
def test_the_studio_asks_the_engine_by_its_public_names_only(name: str) -> None:
    for found in imports_of(modules("studio")[name]):
        top = found.module.split(".")[0]

        assert top not in ("sandbox", "benchmarks", "tests"), f"{name}:{found.line}"
        if top == "engine":
            assert found.module.startswith(SCREEN), f"{name}:{found.line} imports {found.module}"
            assert not any(part.startswith("_") for part in found.module.split(".")), f"{name}:{found.line}"
        elif top in SCREEN_LIBRARIES:
            assert name in SCREEN_LIBRARIES[top], f"{name}:{found.line} imports {found.module}"
        else:
            assert top in {*sys.stdlib_module_names, "streamlit", "studio", "pandas"}, f"{name}:{found.line}"


def test_sandbox_knows_neither_engine_nor_specifications() -> None:
    for name, path in modules("sandbox").items():
        for found in imports_of(path):
            assert found.module.split(".")[0] not in ("engine", "studio", "benchmarks"), f"{name}:{found.line}"
        assert "connector_specs" not in path.read_text(encoding="utf-8"), name


def test_no_import_is_relative() -> None:
    for name, path in modules("engine", "sandbox", "studio").items():
        for node in ast.walk(tree_of(path)):
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{name}:{node.lineno}"  # type: ignore[attr-defined]


def test_one_module_imports_each_library() -> None:
    users: dict[str, set[str]] = defaultdict(set)
    for name, path in modules("engine").items():
        for found in imports_of(path):
            top = found.module.split(".")[0]
            if top not in sys.stdlib_module_names and top != "engine":
                users[top].add(name)
                if top == SHOWING:
                    assert name.startswith("engine.commands.") and found.is_lazy, f"{name}:{found.line}"
    users.pop(SHOWING)

    assert {library: {module} for library, module in LIBRARIES.items()} == users


def test_sandbox_needs_the_standard_library_only() -> None:
    for name, path in modules("sandbox").items():
        for found in imports_of(path):
            assert found.module.split(".")[0] in {*sys.stdlib_module_names, "sandbox"}, f"{name}:{found.line}"


@pytest.mark.parametrize("name", [name for name in modules("engine") if name.startswith(PURE)])
def test_formulas_and_mappings_touch_neither_disk_nor_network(name: str) -> None:
    if name in WORKER_PROCESS:
        return
    path = modules("engine")[name]
    allowed = {"exec"} if name == "engine.formulas.compiled.function" else set()
    for found in imports_of(path):
        assert found.module.split(".")[0] not in OUTSIDE, f"{name}:{found.line} imports {found.module}"
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"open", "input", "print", "exec", "eval"} - allowed, f"{name}:{node.lineno}"


def test_the_worker_process_opens_no_file_but_its_own_size() -> None:
    """The named exception above: pipes, the null device, and /proc/self/statm to know what memory it has."""
    allowed = {"os.open(os.devnull, os.O_WRONLY)", "Path('/proc/self/statm').read_text()"}
    for name in WORKER_PROCESS:
        for node in ast.walk(tree_of(modules("engine")[name])):
            call = ast.unparse(node) if isinstance(node, ast.Call) else ""
            if re.search(r"(\bopen|\.(read|write)_(text|bytes))\([^()]*\)$", call):
                assert call in allowed, f"{name}: {call}"


@cache
def vendor_names() -> re.Pattern[str]:
    """Names as they may be spelled: in any case, with a hyphen, a blank or nothing between their parts.

    Those of the systems that have a folder are found inside other words too; of the others that would be too many.
    """
    folders = {path.parent.name for path in (ROOT / "connector_specs").glob("*/connector.json")}
    inside = "|".join(sorted(name.replace("-", r"[-_ .\n]?") for name in folders | set(PRODUCTS)))
    alone = "|".join(sorted({folder.split("-")[0] for folder in folders} | set(VENDORS)))
    return re.compile(rf"{inside}|(?<![a-z])({alone})(?![a-z])")


def vendor_in(text: str) -> re.Match[str] | None:
    """The first vendor named in a text; camelCase is parted first, so that no name hides in it."""
    return vendor_names().search(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "\n", text).lower())


def texts_of(*folders: str) -> Iterator[tuple[str, str]]:
    """Path and text of every file that is kept of the folders: code, templates, styles, pages and catalogues.

    Left out are the tests of the browser component and the catalogue of what documents call their things, which
    translates what connectors and flows say.
    """
    kept = subprocess.run(["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in kept.stdout.splitlines():
        left_out = name.startswith("studio/mapper/test/") or name.endswith(("/documents.po", ".woff2", ".png"))
        if not left_out and (ROOT / name).is_file():
            yield name, f"{name}\n{(ROOT / name).read_text(encoding='utf-8')}"


def test_no_vendor_is_named_in_engine_or_studio() -> None:
    found = []
    for name, text in texts_of("engine", "studio"):
        if named := vendor_in(text):
            found.append(f"{name} names {named[0]}")

    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        *("Abicart", "abicart_orders", "AbicartOrders", "myabicartorders", "Textalk", "textalk_webshop"),
        *("CCV Shop", "ccv-shop", "CcvShop", "ccv_shop", "ccvshop", "isCcv", "the CCV way"),
        *(
            "eAccounting",
            "e-accounting",
            "E Accounting",
            "Visma",
            "vismaOrder",
            "visma_eaccounting",
            "Spiris",
            "VISMA.net",
        ),
        *("Specter", "specterOrders", "specter-status", "SPECTER_KEY", "Fortnox", "isShopify"),
    ],
)
def test_a_vendor_is_recognised_however_it_is_spelled(text: str) -> None:
    assert vendor_in(text)


@pytest.mark.parametrize(
    "text", ["inspector", "spectre", "accounting", "striped rows", "the cvv", "an expert is asked"]
)
def test_a_word_is_not_taken_for_a_vendor(text: str) -> None:
    assert not vendor_in(text)


def test_a_file_stays_short() -> None:
    texts = {name: path.read_text(encoding="utf-8") for name, path in modules("engine", "studio").items()}

    assert [name for name, text in texts.items() if len(text.splitlines()) > MOST_LINES] == []


def test_a_module_says_what_it_is_for() -> None:
    known = modules("engine", "sandbox", "studio", "benchmarks", "tests")
    said = {name: ast.get_docstring(tree_of(path)) or "" for name, path in known.items()}

    assert [
        name for name, text in said.items() if not text.split("\n\n")[0].rstrip().endswith((".", ":", "?", "…"))
    ] == []


def test_rules_of_a_sandbox_say_where_they_come_from() -> None:
    known = modules("sandbox")
    for package, without in NO_RULES.items():
        for name, path in known.items():
            if not name.startswith(package + ".") or name.rsplit(".", 1)[1] in without:
                continue
            cited = known[CITED_ELSEWHERE[name]] if name in CITED_ELSEWHERE else path

            assert any(mark in cited.read_text(encoding="utf-8") for mark in MARKS), name


def test_help_loads_no_heavy_library() -> None:
    """The command line answers at once: a library is loaded by the command that needs it."""
    call = [sys.executable, "-X", "importtime", "-m", "engine", "--help"]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}

    assert "usage: python -m engine" in done.stdout
    assert "argparse" in loaded
    assert set() == loaded & set(HEAVY)
