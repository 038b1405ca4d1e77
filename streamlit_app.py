"""The door of the studio, for `python -m studio` and for any ASGI server."""

from studio.app import run

run()
