"""The key of a call: who calls, with which secret, and what the call says.

specter.md, Auth: v1 is `md5(apiUserKey . sbmId . X)`, v2 is `md5(integrationKey . md5(apiUserKey . sbmId . X))`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from hmac import compare_digest

from sandbox.specter.choices import Choices
from sandbox.specter.refusals import ACCOUNT, KEY, MISSING, Refused
from sandbox.specter.rows import numbers_in


@dataclass(frozen=True, slots=True)
class Account:
    """What a customer of the system is given (specter.md, Auth, "Credentials")."""

    sbm_id: str
    api_user_id: str
    api_user_key: str
    integration_key: str

    def key_v1(self, said: str) -> str:
        return _md5(self.api_user_key + self.sbm_id + said)

    def key_v2(self, said: str) -> str:
        return _md5(self.integration_key + self.key_v1(said))


def account_of(seed: int) -> Account:
    """Make the account of that seed."""
    return Account("12345", "678", _md5(f"api user key {seed}"), _md5(f"integration key {seed}"))


def _md5(text: str) -> str:
    # specter.md, Quirks: "must be hashed over the latin-1 bytes"
    return hashlib.md5(text.encode("latin-1"), usedforsecurity=False).hexdigest()


def check(account: Account, action: str, form: dict[str, str], choices: Choices) -> None:
    """Refuse a stranger, and a key that does not fit what the call says."""
    for name in ("sbmId", "apiUserId", "key"):
        if not form.get(name):
            raise Refused(MISSING, f"{name} is missing.")
    if (form["sbmId"], form["apiUserId"]) != (account.sbm_id, account.api_user_id):
        raise Refused(ACCOUNT, "sbmId and apiUserId are no account.")
    said = what_is_said(action, form, choices)
    right = {"v1": [account.key_v1(said)], "v2": [account.key_v2(said)]}
    keys = right.get(choices.key_version) or [*right["v1"], *right["v2"]]
    if not any(compare_digest(form["key"].encode("latin-1"), key.encode()) for key in keys):
        raise Refused(KEY, "The key is wrong.")


def what_is_said(action: str, form: dict[str, str], choices: Choices) -> str:
    """Give X: specter.md, Auth: "X depends on the action"."""
    if action == "newCustomerSubmit":
        # not documented: X of a customer who is sent as firstName and surName
        between = " " if choices.key_of_two_names == "space" else ""
        return form.get("name") or between.join(filter(None, (form.get("firstName"), form.get("surName"))))
    if action == "newArticleSubmit":
        rows = numbers_in(form, "articleNo")
        return form[f"articleNo_{rows[0]}"] if rows else ""
    if action == "newOrderSubmit":
        return form.get("customerId", "")
    return form.get("batchNo", "")  # "getInfo calls → batchNo"
