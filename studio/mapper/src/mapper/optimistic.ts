// The picture as it will be once Python has carried out what was asked for: shown at once, replaced by the truth.

import type { Field, Line, LineKind, MapperData, Suggestion } from "../data.ts";
import type { Change } from "./operations.ts";

export interface Picture {
  lines: Line[];
  fields: Record<string, Field>;
  suggestions: Suggestion[];
  selected: string | null;
  /** Target fields whose result is still being worked out. */
  waiting: ReadonlySet<string>;
}

const KINDS: Readonly<Record<string, LineKind>> = {
  $answers: "answer",
  $facts: "fact",
  $values: "value",
  $steps: "step",
  $lookups: "lookup",
};

/** What the last data says, with the operations on top that Python has not acknowledged. */
/** What a target will show of a source that is copied, where that is known beforehand. */
export type Copied = (source: string, target: string) => string | null;

export function picture(data: MapperData, pending: readonly Change[], copied: Copied = () => null): Picture {
  const shown: Picture & { waiting: Set<string> } = {
    lines: data.lines,
    fields: { ...data.fields },
    suggestions: data.suggestions,
    selected: data.selected,
    waiting: new Set(),
  };
  for (const operation of pending) apply(operation, shown, copied);
  return shown;
}

function apply(operation: Change, shown: Picture & { waiting: Set<string> }, copied: Copied): void {
  switch (operation.op) {
    case "link":
      return link(operation.source, operation.target, operation.how === "replace", shown, copied);
    case "link_list":
      link(operation.source, operation.target, true, shown, copied);
      for (const [source, target] of operation.children) link(source, target, true, shown, copied);
      return;
    case "unlink":
      return unlink(operation.target, operation.source, shown);
    case "move":
      return move(operation.target, operation.to, shown);
    case "accept": {
      const found = shown.suggestions.find((each) => each.target === operation.target);
      if (found) link(found.source, found.target, true, shown, copied);
      return;
    }
    case "reject":
      shown.suggestions = shown.suggestions.filter((each) => each.target !== operation.target);
      return;
    case "select":
    case "edit":
      shown.selected = operation.target;
      return;
    default:
      return; // undo, redo and the rest: only Python knows what comes of them
  }
}

function link(
  source: string,
  target: string,
  isAlone: boolean,
  shown: Picture & { waiting: Set<string> },
  copied: Copied,
): void {
  const kept = shown.lines.filter((line) => line.target !== target || (!isAlone && line.source !== source));
  const others = isAlone ? kept : kept.map((line) => (line.target === target ? { ...line, direct: false } : line));
  shown.lines = [...others, { source, target, kind: kindOf(source), direct: isAlone }];
  shown.suggestions = shown.suggestions.filter((each) => each.target !== target);
  shown.selected = target;
  shown.waiting.add(target);
  const known = shown.fields[target];
  const chip = isAlone ? source : (known?.chip ?? source);
  const value = isAlone ? copied(source, target) : null;
  shown.fields[target] = { write: "always", ...known, formula: source, chip, value, status: "ok", says: "" };
}

function unlink(target: string, source: string | undefined, shown: Picture & { waiting: Set<string> }): void {
  const rest = shown.lines.filter((line) => line.target === target && source !== undefined && line.source !== source);
  shown.lines = shown.lines.filter((line) => line.target !== target || rest.includes(line));
  if (rest.length) shown.waiting.add(target);
  else delete shown.fields[target];
}

function move(target: string, to: string, shown: Picture & { waiting: Set<string> }): void {
  shown.lines = shown.lines
    .filter((line) => line.target !== to)
    .map((line) => (line.target === target ? { ...line, target: to } : line));
  const field = shown.fields[target];
  if (field) shown.fields[to] = field;
  delete shown.fields[target];
  shown.selected = to;
  shown.waiting.add(to);
}

export function kindOf(source: string): LineKind {
  return KINDS[source.split(/[.[]/, 1)[0]!] ?? "field";
}
