"""Which days can be booked: those of a fiscal year that are not locked."""

from __future__ import annotations

from datetime import date, timedelta

from sandbox.eaccounting import choices
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.errors import Refusal
from sandbox.eaccounting.models import Record


def check_open(books: Books, day: str, field: str) -> None:
    """Refuse a day outside the fiscal years or in a locked period."""
    if not any(year["StartDate"] <= day <= year["EndDate"] for year in books["fiscalyears"]):
        # visma-eaccounting.md, Errors: 3001 FiscalYearDoesNotExist; inferred for the date of a document.
        raise Refusal(choices.NO_FISCAL_YEAR, f"{field}: There is no fiscal year for {day}.")
    locked = books.settings["AccountingLockedTo"]
    if locked is not None and day <= locked:
        # visma-eaccounting.md, Errors: 4026 locked period; inferred for documents from AccountingLockedTo.
        raise Refusal(choices.LOCKED_PERIOD, f"{field}: The period is locked up to and including {locked}.")


def due_date(invoice_date: str, terms: Record) -> str:
    """Give the due date of an invoice that names none."""
    # not documented: the invoice date and the days of the terms.
    return (date.fromisoformat(invoice_date) + timedelta(days=terms["NumberOfDays"])).isoformat()
