"""Before the first test: what was collected is left alone by the garbage collector."""

import gc


def pytest_collection_finish() -> None:
    """Thousands of tests are objects that stay to the end: each full collection would go through all of them."""
    gc.collect()
    gc.freeze()
