"""What differs between two texts of a flow: place by place, with the formulas and what they mean in words.

changes_between(Side.of(workspace, name, before), Side.of(workspace, name, after))
"""

from engine.design.differences.change import Change, answer_words, templates, value_words
from engine.design.differences.of_flow import changes_between, changes_of_texts
from engine.design.differences.side import Side

__all__ = ["Change", "Side", "answer_words", "changes_between", "changes_of_texts", "templates", "value_words"]
