"""The mapping as one expression on jsonata-python alone: `… jsonata_python EXPRESSION.jsonata FLOW.json < in > out`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from jsonata import Jsonata


def main() -> None:
    """Map standard input to standard output, line by line, with the json of the standard library."""
    expression_path, flow_path = map(Path, sys.argv[1:3])
    expression = Jsonata(expression_path.read_text(encoding="utf-8"))
    flow = json.loads(flow_path.read_text(encoding="utf-8"))
    expression.assign("terms", flow["lookups"]["terms"]["rows"])
    write = sys.stdout.buffer.write
    for line in sys.stdin.buffer:
        made = expression.evaluate(json.loads(line))
        write(json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


if __name__ == "__main__":
    main()
