"""Value tables: rows and what they may name, which keys records ask for, what is missing, and rows as files.

table = table_of(draft.text, "payment_terms")
known = options(desk, loaded, table)                       # read from the connected target
held = coverage(table, occurrences(desk, loaded))          # against the stored records
proposed = proposals(table, [each.key for each in held.missing], list(known))
"""

from engine.design.lookups.cells import KINDS, common_kind, kind_of, shown, value_of
from engine.design.lookups.coverage import Coverage, coverage
from engine.design.lookups.files import Parsed, from_text, to_csv, to_file
from engine.design.lookups.gone import gone_rows, problems
from engine.design.lookups.grid import Edited, edited
from engine.design.lookups.meanings import KeyMeaning, KeyMeanings, key_meanings
from engine.design.lookups.occurrences import Occurrence, Occurrences, occurrences
from engine.design.lookups.options import Option, Options, options
from engine.design.lookups.proposals import REASONS, Proposal, proposals
from engine.design.lookups.references import Referable, referable
from engine.design.lookups.sheet import Place, Sheet, otherwise_change
from engine.design.lookups.tables import Table, Value, changes, free_name, table_of, tables_of
from engine.design.lookups.uses import Use, uses

__all__ = [
    "KINDS",
    "REASONS",
    "Coverage",
    "Edited",
    "KeyMeaning",
    "KeyMeanings",
    "Occurrence",
    "Occurrences",
    "Option",
    "Options",
    "Parsed",
    "Place",
    "Proposal",
    "Referable",
    "Sheet",
    "Table",
    "Use",
    "Value",
    "changes",
    "common_kind",
    "coverage",
    "edited",
    "free_name",
    "from_text",
    "gone_rows",
    "key_meanings",
    "kind_of",
    "occurrences",
    "options",
    "otherwise_change",
    "problems",
    "proposals",
    "referable",
    "shown",
    "table_of",
    "tables_of",
    "to_csv",
    "to_file",
    "uses",
    "value_of",
]
