"""The mapping page's picture of a draft on one record, as plain data: trees, lines, values, problems, what is sent.

    view = View.of(desk, "orders-to-books", text, record)
    view.trees("order"), view.picture("order")

Formulas, schemas and systems are asked through the engine's own layers; nothing here knows of a screen.
"""

from engine.design.view.around import Live
from engine.design.view.view import View

__all__ = ["Live", "View"]
