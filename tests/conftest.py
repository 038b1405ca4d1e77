"""Before the first test: the garbage collector seldom works, files are in memory, and no clock decides a property.

After each: what was said and kept holds neither the canary person nor a secret (`tests/canary.py`).
"""

import gc
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import canary

# A busy machine is no fault of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


# Trees of formulas are made by the thousand; looking for rings among them costs a fifth of the time.
gc.set_threshold(100_000, 20, 100)

# Hundreds of ledgers wait for a disk. Where there is no such memory, or little (64 MB in many a container), they do.
MEMORY = Path("/dev/shm")
NEEDED_BYTES = 4_000_000_000
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > NEEDED_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """Thousands of tests are objects that stay to the end: each full collection would go through all of them."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test and the processes it started wrote, into logs or by the way, is looked through."""
    report = yield
    leaks = [leak for title, text in report.sections for leak in canary.leaks_of(text, title)]
    if report.passed and leaks:
        report.outcome = "failed"
        report.longrepr = "Nobody may see this:\n" + "\n".join(f"  {leak}" for leak in leaks[:20])
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """The workspaces of this test alone are looked through while they are there."""
    yield
    own = getattr(item, "funcargs", {}).get("tmp_path")
    if own is not None:
        canary.assert_nothing(canary.leaks_in_files(canary.files_of_workspaces(own)))


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_in_the_open(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """At the end, when all others are closed: those of whole modules."""
    yield
    canary.assert_nothing(canary.leaks_in_files(canary.files_of_workspaces(tmp_path_factory.getbasetemp())))
