"""The one door to Apprise, and the process it lives in: asked what an address is, or to send one message.

Apprise loads a hundred and thirty services and opens connections of its own, past the checks of ours. So it is loaded
in a process that lives for one call, has no key of the ledger in its environment, and is ended when it hangs. The
address goes in by a pipe. Run as a file, this module is that process; it needs nothing of the engine.
"""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from typing import Any

LONGEST_SECONDS = 60.0
_HANDED_ON = re.compile(r"(?i)PATH|HOME|TZ|LANG|LC_\w+|TMPDIR|\w+_PROXY|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|SYSTEMROOT")
_STATUS = re.compile(r"error=(\d{3})\b")
_NOT_REACHED = re.compile(r"(?i)connection (error|occurred)|timed? ?out|could not connect|unreachable")

Reply = dict[str, Any]


def look(url: str) -> Reply:
    """What an address is: `service` and `host` (empty where it is part of a secret), or `why` it is none."""
    return _ask({"do": "look", "url": url})


def send(url: str, title: str, body: str, *, is_good: bool) -> str:
    """Send a message; "" where it was taken, else why not, in words without anything of the address."""
    reply = _ask({"do": "send", "url": url, "title": title, "body": body, "good": is_good})
    return str(reply.get("why", ""))


def _ask(request: Reply, seconds: float = LONGEST_SECONDS) -> Reply:
    kept = {name: value for name, value in os.environ.items() if _HANDED_ON.fullmatch(name)}
    try:
        done = subprocess.run(
            [sys.executable, "-I", __file__],
            input=json.dumps(request).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kept,
            timeout=seconds,
            check=False,
        )
        reply: Reply = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"why": f"no answer within {seconds:.0f} seconds"}
    except (OSError, ValueError):
        return {"why": "the process that sends it ended without a word"}
    return reply


class _Heard(logging.Handler):
    """What Apprise warns of, for telling why in words of ours; nothing of it is written anywhere."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += record.getMessage() + "\n"

    @property
    def why(self) -> str:
        status = _STATUS.search(self.text)
        if status is not None:
            return f"it answered with status {status[1]}"
        return "it could not be reached" if _NOT_REACHED.search(self.text) else "it did not take the message"


def _answer(request: Reply) -> Reply:
    """In the process of its own."""
    import apprise

    heard = _Heard()
    logging.getLogger("apprise").addHandler(heard)
    asset = apprise.AppriseAsset(
        app_id="Mapping Studio",
        app_desc="Mapping Studio",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        async_mode=False,
        secure_logging=True,
        storage_mode=apprise.PersistentStoreMode.MEMORY,  # it writes no file
    )
    service: Any = apprise.Apprise.instantiate(request["url"], asset=asset, suppress_exceptions=True)
    if service is None:
        return {"why": "Apprise knows no service with such an address, or a part of it is missing"}
    if request["do"] == "look":
        host = str(getattr(service, "host", "") or "")
        shown = host and re.search(rf"(?i)[/@]{re.escape(host)}(?![\w.-])", service.url(privacy=True))
        return {"service": str(service.service_name), "host": host if shown else ""}
    all_of_it = apprise.Apprise(asset=asset)
    all_of_it.add(service)
    kind = apprise.NotifyType.SUCCESS if request["good"] else apprise.NotifyType.WARNING
    taken = all_of_it.notify(
        body=request["body"], title=request["title"], notify_type=kind, body_format=apprise.NotifyFormat.TEXT
    )
    return {} if taken else {"why": heard.why}


def _serve() -> None:
    reply_to = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a service prints is no reply
    with reply_to:
        json.dump(_answer(json.load(sys.stdin)), reply_to)


if __name__ == "__main__":
    _serve()
