"""Before the first test: what was collected is left alone by the garbage collector, and no clock decides a property."""

import gc

from hypothesis import HealthCheck, settings

# A busy machine is no fault of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_collection_finish() -> None:
    """Thousands of tests are objects that stay to the end: each full collection would go through all of them."""
    gc.collect()
    gc.freeze()
