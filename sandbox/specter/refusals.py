"""What is raised to answer `0;code;message`.

specter.md, Errors: "Numeric code list other than 99: not found". So every other number is this stand-in's own, and
with the choice `codes` = "same" all of them are the 17 of the constructed sample.
"""

from __future__ import annotations

OLD_BATCH = 99  # specter.md, Reads: "Code 99: an old batch was not acknowledged"
SAME = 17  # specter-order.form.txt: `0;17;Felmeddelande`
# not documented
ACCOUNT, KEY, ACTION, FORM, MISSING, WRONG, UNKNOWN, DOUBLE, TOO_MANY, NO_BATCH = range(30, 40)


class Refused(Exception):
    """Carries a code and a message; messages are this stand-in's own words."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
