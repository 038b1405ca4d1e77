"""What one name is called in a sentence: its article, its title in quotes, and how it reads as a condition."""

from __future__ import annotations

import re

from engine.formulas.words.phrases import Level, Phrase, Speech
from engine.formulas.words.titles import Titles, is_plural, readable

NAMES = {
    "the": "the {name}",
    "a": "a {name}",
    "an": "an {name}",
    "bare": "{name}",
    "quoted": "«{name}»",
    "there is": "there is {a}",
    "there is no": "there is no {bare}",
    "there are": "there are {bare}",
    "there are no": "there are no {bare}",
    "is filled": "{name} is filled",
    "is not filled": "{name} is not filled",
    "is yes": "{name} is yes",
    "is no": "{name} is no",
    "of": "{name} of {owner:of}",
    "the of": "the {name} of {owner:of}",
    "answer": "the answer to «{name}»",
    "answer a": "an answer to «{name}»",
    "answer bare": "answer to «{name}»",
    "value": "«{name}»",
    "fact": "the {name} of {system}",
    "fact titled": "the {name} in {system}",
    "fact holds": "«{name}» holds for {system}",
    "fact does not hold": "«{name}» does not hold for {system}",
    "source": "the source",
    "target": "the target",
    "step": "what the step «{name}» gave",
    "step field": "the {name} the step «{step}» gave",
    "step field a": "a {name} the step «{step}» gave",
    "step field bare": "{name} the step «{step}» gave",
    "step field if": "the step «{step}» gave {a}",
    "step field not": "the step «{step}» gave no {name}",
    "step field for": "the {name} the step «{step}» gave for {item:plain}",
    "step field for a": "a {name} the step «{step}» gave for {item:plain}",
    "step field for bare": "{name} the step «{step}» gave for {item:plain}",
    "step field for if": "the step «{step}» gave {a} for {item:plain}",
    "step field for not": "the step «{step}» gave no {name} for {item:plain}",
    "step yes no": "«{name}» in what the step «{step}» gave",
    "variable": "«{name}»",
}

_LEADING = {"what", "where", "whether", "which", "how", "when", "who", "is", "are", "has", "have", "from"}
_VERBS = {"is", "are", "has", "have", "was", "were", "includes", "include", "excludes", "exclude"}
_PARTICLES = {"at", "by", "on", "from", "to", "for", "with", "in", "until", "through"}
_LIKE_YOU = ("uni", "use", "eu", "one", "usu")
_SPELLED = set("AEFHILMNORX")
_ORDINARY = re.compile(r"[^\W\d_][^A-ZÅÄÖÆØ]*")
_ASIDE = re.compile(r"\s*\([^()]*\)\s*$")


def lowered(title: str) -> str:
    """A title inside a sentence: without what it says in brackets, small where it begins with an ordinary word."""
    text = _ASIDE.sub("", title).strip() or title
    first, *others = text.split(" ")
    proper = any(word[:1].isupper() and not word.isupper() for word in others)
    return text if proper or not _ORDINARY.fullmatch(first) else text[0].lower() + text[1:]


def takes_an(name: str) -> bool:
    """Whether English says an."""
    first = name.split(" ", 1)[0]
    if len(first) > 1 and first.isupper():
        return first[0] in _SPELLED
    return name[:1].lower() in ("a", "e", "i", "o", "u") and not name.lower().startswith(_LIKE_YOU)


class Names:
    """Phrases for names, by the titles somebody gave or else by the names themselves."""

    def __init__(self, titles: Titles, say: Speech) -> None:
        self.titles = titles
        self._say = say

    def field(self, way: tuple[str, ...]) -> Phrase:
        """The field at a way."""
        titles = self.titles
        title = titles.title(way)
        return self.called(title, way[-1], yes_no=titles.holds_yes_no(way), several=titles.holds_list(way))

    def called(self, title: str | None, name: str, *, yes_no: bool = False, several: bool = False) -> Phrase:
        """A thing by its title or its name."""
        say, bare = self._say, lowered(title) if title else readable(name)
        quoted = say(NAMES["quoted"], name=title or bare)
        words = bare.lower().split(" ")
        kind = "list" if several else "name"
        if yes_no:
            return Phrase(quoted, Level.NAME, "name", {"quoted": quoted, "yes no": "", **self._yes(quoted)})
        if len(words) > 1 and (words[0] in _LEADING or _VERBS & set(words)):
            return Phrase(quoted, Level.NAME, kind, {"quoted": quoted, **self._filled(quoted)})
        if len(words) > 1 and words[-1] in _PARTICLES:
            alone = say(NAMES["bare"], name=bare)
            forms = {"quoted": quoted, "bare": alone, "of": quoted, **self._filled(quoted)}
            return Phrase(alone, Level.NAME, kind, forms)
        one, alone = say(NAMES["an" if takes_an(bare) else "a"], name=bare), say(NAMES["bare"], name=bare)
        forms = {"a": one, "bare": alone, "piece": alone, "quoted": quoted}
        if several or is_plural(bare):
            forms |= self._there_are(alone)
        else:
            forms |= self._there_is(one, alone)
        return Phrase(say(NAMES["the"], name=bare), Level.NAME, kind, forms)

    def written(self, name: str) -> Phrase:
        """A name as it is written."""
        text = self._say(NAMES["quoted"], name=name)
        return Phrase(text, Level.NAME, "name", {"quoted": text, **self._filled(text)})

    def belonging(self, name: Phrase, owner: Phrase) -> Phrase:
        """A field of something that has to be named too."""
        say = self._say
        bare = say(NAMES["of"], name=f"{name:bare}", owner=owner)
        text = say(NAMES["of"], name=f"{name}", owner=owner)
        forms = {"bare": bare, "piece": bare}
        if name.has("a"):
            a = say(NAMES["of"], name=f"{name:a}", owner=owner)
            forms |= {"a": a, **self._there_is(a, bare)}
        else:
            forms |= self._filled(text)
        return Phrase(text, Level.NOUN, name.kind, forms)

    def _there_is(self, a: str, bare: str) -> dict[str, str]:
        say = self._say
        return {"if": say(NAMES["there is"], a=a), "not": say(NAMES["there is no"], bare=bare)}

    def _there_are(self, bare: str) -> dict[str, str]:
        say = self._say
        return {"if": say(NAMES["there are"], bare=bare), "not": say(NAMES["there are no"], bare=bare)}

    def _filled(self, text: str) -> dict[str, str]:
        say = self._say
        return {"if": say(NAMES["is filled"], name=text), "not": say(NAMES["is not filled"], name=text)}

    def _yes(self, text: str) -> dict[str, str]:
        say = self._say
        return {"if": say(NAMES["is yes"], name=text), "not": say(NAMES["is no"], name=text)}

    # --- variables

    def answer(self, name: str) -> Phrase:
        """The answer to a question of the flow."""
        say, way = self._say, ("$answers", name)
        title = self.titles.title(way) or readable(name)
        text = say(NAMES["answer"], name=title)
        a, bare = say(NAMES["answer a"], name=title), say(NAMES["answer bare"], name=title)
        yes_no = self.titles.holds_yes_no(way)
        asked = self._yes(text) if yes_no else self._there_is(a, bare)
        forms = {"bare": bare, **asked} | ({"yes no": "", "quoted": text} if yes_no else {"a": a})
        kind = "list" if self.titles.holds_list(way) else "name"
        return Phrase(text, Level.NAME, kind, forms)

    def value(self, name: str, *, yes_no: bool) -> Phrase:
        """A named value of the flow."""
        say, way = self._say, ("$values", name)
        title = self.titles.title(way) or readable(name)
        text = say(NAMES["value"], name=title)
        yes_no = yes_no or self.titles.holds_yes_no(way)
        asked = {"yes no": "", **self._yes(text)} if yes_no else self._filled(text)
        kind = "list" if self.titles.value_is_list(name) else "name"
        return Phrase(text, Level.NAME, kind, {"quoted": text, **asked})

    def fact(self, side: str, name: str) -> Phrase:
        """A fact of a connected system."""
        say = self._say
        default = say(NAMES[side]) if side in ("source", "target") else readable(side)
        system = self.titles.title(("$facts", side)) or default
        title = self.titles.title(("$facts", side, name))
        called = lowered(title) if title else readable(name)
        forms = {
            "if": say(NAMES["fact holds"], name=title or called, system=system),
            "not": say(NAMES["fact does not hold"], name=title or called, system=system),
        }
        text = say(NAMES["fact titled" if title else "fact"], name=called, system=system)
        return Phrase(text, Level.NOUN, "name", forms)

    def step(self, name: str) -> Phrase:
        """The answer of an earlier step."""
        title = self.titles.title(("$steps", name)) or readable(name)
        text = self._say(NAMES["step"], name=title)
        return Phrase(text, Level.NOUN, "step", {"step": title, **self._filled(text)})

    def step_field(self, step: Phrase, name: str) -> Phrase:
        """A field of an earlier step's answer, or of what it gave for one item (the part of the step's phrase)."""
        say, called = self._say, self.called(None, name)
        if called.has("yes no") or self.titles.holds_yes_no(("$steps", name)):
            text = say(NAMES["step yes no"], name=readable(name), step=step.forms["step"])
            return Phrase(text, Level.NOUN, "name", {"yes no": "", **self._yes(text)})
        bare, a = f"{called:bare}", f"{called:a}"
        key = "step field for" if step.parts else "step field"
        item = step.parts[0] if step.parts else ""
        said = {
            form: say(NAMES[f"{key} {form}".rstrip()], name=bare, a=a, step=step.forms["step"], item=item)
            for form in ("", "a", "bare", "if", "not")
        }
        return Phrase(said.pop(""), Level.NOUN, "name", said)

    def variable(self, name: str) -> Phrase:
        """A variable nothing more is known of."""
        text = self._say(NAMES["variable"], name=readable(name))
        return Phrase(text, Level.NAME, "name", {"quoted": text, **self._filled(text)})
