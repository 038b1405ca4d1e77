"""Before the first test: the garbage collector seldom works, files are in memory, and no clock decides a property."""

import gc
import os
import shutil
from pathlib import Path

from hypothesis import HealthCheck, settings

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
