"""What all sessions share: the workspace with its ledger, formulas and clock, opened once for the process."""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from engine.design.desk import Desk, desk
from engine.design.people.rights import NOBODY
from studio.kept import Kept

WORKSPACE = "MAPPING_STUDIO_WORKSPACE"  # the environment's name for the folder


def workspace_folder() -> Path:
    """The folder the studio works in."""
    return Path(os.environ.get(WORKSPACE, ".")).resolve()


@Kept
def shared_things() -> Desk:
    """The workspace's things; DocumentError where the folder is no workspace. Closed when the process ends. Whose they
    are is not known: what somebody asks for goes by `studio.state.things`.
    """
    stack = ExitStack()
    atexit.register(stack.close)
    return replace(stack.enter_context(desk(str(workspace_folder()))), person=NOBODY)
