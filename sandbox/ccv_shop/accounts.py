"""What a person does with accounts: opens one, changes it, has it switched off."""

from __future__ import annotations

from typing import Any

from sandbox.ccv_shop.holdings import Holdings
from sandbox.ccv_shop.money import Doc
from sandbox.ccv_shop.people import Person, customer_of


def open_account(holdings: Holdings, person: Person) -> Doc:
    """Open an account without an order."""
    return holdings.users[holdings.user_of(customer_of(person))]


def change_account(holdings: Holdings, wishes: dict[str, Any]) -> Doc:
    """Change fields of the account of that e-mail: `status` (switched on or off), `userinfo` (completed)."""
    found = [user for user in holdings.users.values() if user["username"] == wishes["email"]]
    if len(found) != 1:
        raise ValueError(f"There is no account of {wishes['email']}.")
    user = found[0]
    if "status" in wishes:  # ccv-schemas.json, Users.status: "Disabled users can't log in"
        user["status"] = bool(wishes["status"])
    for name, value in wishes.get("userinfo", {}).items():
        if name not in user["userinfo"]:
            raise ValueError(f"An account has no field {name!r}.")
        held = user["userinfo"][name]
        user["userinfo"][name] = {**held, **value} if isinstance(value, dict) else value
    holdings.changed["users"].add(user["id"])
    return user
