// What a word of the formula is, under the pointer: a field with its value, a function with its use.

import type { Extension } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import { type Knowledge, placeOf } from "./completion.ts";
import { pathAt } from "./context.ts";
import { detailsOf } from "./details.ts";
import { tokensOf } from "./tokens.ts";

interface Found {
  from: number;
  to: number;
  card: HTMLElement;
}

function functionAt(formula: string, position: number, knowledge: Knowledge): Found | null {
  const token = tokensOf(formula).tokens.find((each) => each.from <= position && position < each.to);
  if (token?.kind !== "function") return null;
  const name = formula.slice(token.from + 1, token.to);
  const about = knowledge.functions.find((each) => each.name === name);
  const card = about && detailsOf({ function: about, label: name, detail: "" }, knowledge.texts);
  return card ? { from: token.from, to: token.to, card } : null;
}

function fieldAt(formula: string, position: number, knowledge: Knowledge): Found | null {
  const found = pathAt(formula, position);
  if (!found) return null;
  const { from, to, path, scopes } = found;
  const field = knowledge.fields.at(placeOf(path, scopes, knowledge.base));
  const word = formula.slice(from, to);
  const variable = knowledge.variables.find((each) => each.label === word);
  const about = field ? { field } : variable && { help: variable.help ?? "" };
  const card = about && detailsOf({ label: word, detail: variable?.value ?? "", ...about }, knowledge.texts);
  return card ? { from, to, card } : null;
}

export function hover(known: () => Knowledge): Extension {
  return hoverTooltip(
    (view, position) => {
      const knowledge = known();
      const formula = view.state.doc.toString();
      const found = functionAt(formula, position, knowledge) ?? fieldAt(formula, position, knowledge);
      if (!found) return null;
      return { pos: found.from, end: found.to, above: true, create: () => ({ dom: found.card }) };
    },
    { hoverTime: 350 },
  );
}
