"""The sandboxes of this process: started when asked for, or when the workspace was connected to them before."""

from __future__ import annotations

import atexit
import threading

from engine.design.desk import Desk
from engine.design.people.rights import Role
from engine.design.starter import offers, starter
from engine.design.trial import Trial, connect_trial, stand_ins, start_trial
from engine.errors import DocumentError, Problem
from studio.kept import Kept
from studio.state import drafts, things
from studio.words import _


@Kept
def _held() -> dict[str, Trial]:
    """The one trial of this process, under its lock."""
    return {}


_LOCK = threading.Lock()


def running() -> Trial | None:
    """The trial, if it runs."""
    trial = _held().get("trial")
    return trial if trial is not None and trial.is_running else None


def was_begun() -> bool:
    """Has this workspace been connected to sandboxes before?"""
    return (things().workspace.studio / "sandbox" / "connections.json").is_file()


def start(desk: Desk) -> Trial:
    """The sandboxes, running and connected; DocumentError where they cannot start. desk: of whoever connects them."""
    desk.person.must(Role.ADMINISTER, "connect a system")
    with _LOCK:
        trial = running()
        if trial is not None:
            return trial
        systems = [name for name in stand_ins() if name in desk.workspace.connector_names()]
        if not systems:
            raise DocumentError(
                [
                    Problem(
                        _("the sandboxes"),
                        _("this workspace describes no system that there is a sandbox for"),
                        _("Connect your own systems instead."),
                    )
                ]
            )
        trial = start_trial(systems, desk.workspace.studio / "sandbox")  # as scripts/run --headless does: one world
        atexit.register(trial.stop)
        connect_trial(desk, trial)
        _held()["trial"] = trial
        return trial


def first_flow() -> str:
    """A flow between the sandboxes, made from their meanings; its name. One that is there already stays as it is."""
    desk = things()
    offer = next((each for each in offers(desk.workspace) if each.kind == "order" and each.is_possible), None)
    if offer is None:
        raise DocumentError(
            [Problem(_("the sandboxes"), _("no flow of orders can be made between them"), _("Make one by hand."))]
        )
    name = f"{offer.source}-{offer.resource}-to-{offer.target}-trial"
    if name not in (*drafts().names(), *desk.workspace.flow_names()):
        made = starter(desk.workspace, offer.source, offer.target, offer.resource, {})
        drafts().create(name, made.text, by="trial")
    return name
