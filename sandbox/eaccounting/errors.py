"""Refusals in the published shape: ErrorCode, DeveloperErrorMessage, ErrorId."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from sandbox.eaccounting import choices
from sandbox.exchange import Reply

Made = TypeVar("Made")


class Refusal(Exception):
    """The system says no, with a status, its own code and a sentence."""

    def __init__(self, kind: tuple[int, int], message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code = kind
        self.message = message
        self.headers = headers or {}

    def reply(self, error_id: str) -> Reply:
        """Write the refusal as the system does."""
        # visma-eaccounting.md, Errors: Shape {"ErrorCode":int,"DeveloperErrorMessage":str,"ErrorId":guid}
        body = {"ErrorCode": self.code, "DeveloperErrorMessage": self.message, "ErrorId": error_id}
        reply = as_json(self.status, body)
        reply.headers.update(self.headers)
        return reply


def invalid(message: str) -> Refusal:
    """Give the refusal of a request that does not fit the model or the query language."""
    return Refusal(choices.INVALID, message)


def not_found(message: str) -> Refusal:
    """Give the refusal of an address that leads nowhere."""
    return Refusal(choices.NOT_FOUND, message)


def refuse_if_any(problems: list[str]) -> None:
    """Raise one refusal for all that is wrong with a record."""
    if problems:
        # not documented: how several messages are put together; one line, blank between them.
        raise invalid(" ".join(problems))


def made(work: Callable[[], Made]) -> Made:
    """Do what a person asked for inside the system: a refusal is a ValueError with its sentence."""
    try:
        return work()
    except Refusal as refusal:
        raise ValueError(refusal.message) from None


def as_json(status: int, value: Any) -> Reply:
    """Write a value as a JSON reply."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(status, body, {"Content-Type": "application/json; charset=utf-8"})
