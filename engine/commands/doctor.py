"""`doctor`: is everything there that is needed, and is it well?"""

from __future__ import annotations

from argparse import Namespace

from engine.commands.output import Output, of_a_call
from engine.design.desk import workspace_in
from engine.design.settings.doctor import examine


def run(asked: Namespace) -> int:
    """Exit code 0 when all is well, 2 for something to set up, 3 where a connected system does not answer."""
    output = Output(asked.json)
    code = 0
    for look in examine(workspace_in(asked.workspace)):
        code = max(code, 0 if look.is_well else look.weight)
        finding = look.finding if isinstance(look.finding, str) else of_a_call(look.finding)
        says = finding if isinstance(finding, str) else finding.as_json()
        output.object("look", part=look.part, well=look.is_well, says=says)
        output.text(f"{'well ' if look.is_well else 'ILL  '} {look.part}: {finding}")
    return code
