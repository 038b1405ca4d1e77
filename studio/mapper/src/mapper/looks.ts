// What each row shows and says, worked out from the picture: no page is needed to know it.

import type { Field, Home, Line, Node, Suggestion } from "../data.ts";
import { kindOf, type Picture } from "./optimistic.ts";
import { keyOf } from "./drop.ts";
import type { DrawnLine } from "../lines/canvas.ts";
import type { FieldTree, TreeNode } from "../trees/tree.ts";
import type { Words } from "./texts.ts";

/** What a port tells of the lines that end in it; "within": of a closed group, that something in it is mapped. */
export type Port = "" | "direct" | "formula" | "error" | "within" | "suggested";

export interface SourceLook {
  value: string;
  port: Port;
  says: string;
}

export interface TargetLook {
  field: Field | undefined;
  suggestion: Suggestion | undefined;
  suggestedFrom: string;
  isWaiting: boolean;
  isMissing: boolean;
  /** Of a mapping whose field is gone: where it may belong now. */
  home: Home | null;
  port: Port;
  says: string;
}

export interface Looks {
  source: Map<string, SourceLook>;
  target: Map<string, TargetLook>;
  isMapped: { source(id: string): boolean; target(id: string): boolean };
}

export interface Shown {
  source: FieldTree;
  target: FieldTree;
  picture: Picture;
  values: Readonly<Record<string, string>>;
  words: Words;
}

export function looks(shown: Shown): Looks {
  const bySource = grouped(shown.picture.lines, (line) => shown.source.nearest(line.source)?.id);
  const byTarget = grouped(shown.picture.lines, (line) => shown.target.nearest(line.target)?.id);
  const suggested = new Map(shown.picture.suggestions.map((each) => [each.target, each]));
  const sources = new Set(shown.picture.suggestions.map((each) => each.source));
  const mapped = new Set<string>();
  for (const key of Object.keys(shown.picture.fields)) {
    if (shown.picture.fields[key]!.formula) mapped.add(shown.target.nearest(key)?.id ?? key);
  }
  const within = { source: above(shown.source, bySource.keys()), target: above(shown.target, mapped) };
  const source = new Map<string, SourceLook>();
  for (const node of shown.source.nodes) {
    const lines = bySource.get(node.id) ?? [];
    const value = shown.values[node.id] ?? node.value ?? "";
    const port = sourcePort(node, lines, within.source, sources);
    source.set(node.id, { value, port, says: sourceSays(node, lines, value, shown) });
  }
  const target = new Map<string, TargetLook>();
  for (const node of shown.target.nodes) {
    target.set(node.id, targetLook(node, byTarget.get(node.id) ?? [], suggested, within.target, shown));
  }
  return {
    source,
    target,
    isMapped: { source: (id) => bySource.has(id), target: (id) => mapped.has(id) },
  };
}

function grouped(lines: readonly Line[], by: (line: Line) => string | undefined): Map<string, Line[]> {
  const found = new Map<string, Line[]>();
  for (const line of lines) {
    const id = by(line);
    if (id === undefined) continue;
    const group = found.get(id);
    if (group) group.push(line);
    else found.set(id, [line]);
  }
  return found;
}

/** All groups above these nodes. */
function above(tree: FieldTree, ids: Iterable<string>): Set<string> {
  const found = new Set<string>();
  for (const id of ids) {
    for (const node of tree.lineage(id)) {
      if (node.id !== id) found.add(node.id);
    }
  }
  return found;
}

function sourcePort(node: Node, lines: readonly Line[], within: Set<string>, suggested: Set<string>): Port {
  if (lines.length) return lines.some((line) => line.direct) ? "direct" : "formula";
  if (within.has(node.id)) return "within";
  return suggested.has(node.id) ? "suggested" : "";
}

function sourceSays(node: TreeNode, lines: readonly Line[], value: string, shown: Shown): string {
  const { words, target } = shown;
  const targets = lines.map((line) => titled(target, line.target)).join(", ");
  const parts = [value, targets ? words.say("goes_to", { targets }) : node.children.length ? "" : words.say("goes_nowhere")];
  if (node.help) parts.push(node.help);
  return sentence(parts);
}

function targetLook(
  node: TreeNode,
  lines: readonly Line[],
  suggested: ReadonlyMap<string, Suggestion>,
  within: Set<string>,
  shown: Shown,
): TargetLook {
  const key = keyOf(node);
  const field = shown.picture.fields[key];
  const isMapped = Boolean(field?.formula);
  const suggestion = isMapped ? undefined : suggested.get(key);
  const suggestedFrom = suggestion ? titled(shown.source, suggestion.source) : "";
  const isWaiting = shown.picture.waiting.has(key);
  const isMissing = !isMapped && (field?.status === "missing" || Boolean(node.required && !within.has(node.id) && !node.children.length));
  let port: Port = "";
  if (isMapped) port = field?.status === "error" ? "error" : lines.length && lines.every((line) => line.direct) ? "direct" : "formula";
  else if (within.has(node.id)) port = "within";
  else if (suggestion) port = "suggested";
  const home = node.gone ? (field?.homes?.find((each) => !shown.picture.fields[each.target]?.formula) ?? null) : null;
  const look = { field, suggestion, suggestedFrom, isWaiting, isMissing, home, port };
  return { ...look, says: targetSays(node, lines, look, shown) };
}

function targetSays(node: TreeNode, lines: readonly Line[], look: Omit<TargetLook, "says">, shown: Shown): string {
  const { words, source } = shown;
  const { field, suggestion } = look;
  if (!field?.formula) {
    const parts = [look.isMissing ? words.say("status_missing") : node.children.length ? "" : words.say("not_mapped")];
    if (suggestion) parts.push(words.say("suggested", { source: look.suggestedFrom, why: suggestion.why }));
    if (node.help) parts.push(node.help);
    return sentence(parts);
  }
  const sources = lines.map((line) => titled(source, line.source)).join(", ");
  const parts = [sources ? words.say("mapped_from", { sources }) : words.say("mapped_fixed")];
  parts.push(look.isWaiting ? words.say("working") : (field.value ?? words.say("no_value")));
  parts.push(...lines.flatMap((line) => line.converts ?? []));
  if (field.status !== "ok") parts.push(`${words.say(`status_${field.status}`)}: ${field.says}`);
  const rule = writeRule(field.write);
  if (rule) parts.push(words.say(rule));
  if (field.note) parts.push(words.say("note", { note: field.note }));
  return sentence(parts);
}

/** The key of a write rule's words; null for "always", which goes without saying. */
export function writeRule(rule: string): "write_on_create" | "write_on_update" | "write_if_empty" | null {
  return rule === "on_create" || rule === "on_update" || rule === "if_empty" ? `write_${rule}` : null;
}

/** A field as people call it, with the group it stands in: "Customer: E-mail". The path where no schema names it. */
/** What a target shows of a source of its own type, which is copied as it is; null where more is to be worked out. */
export function copiedValue(source?: Node, target?: Node, values: Readonly<Record<string, string>> = {}): string | null {
  if (!source || source.type !== target?.type || source.repeated !== target.repeated) return null;
  return values[source.id] ?? source.value ?? null;
}

export function titled(tree: FieldTree, path: string): string {
  const node = tree.nearest(path);
  if (!node || (node.id !== path && `${node.id}[]` !== path && node.id !== `${path}[]`)) return path;
  const parent = tree.parent(node);
  return parent && !parent.gone ? `${parent.label}: ${node.label}` : node.label;
}

/** A field with the groups it stands in, as the engine calls it: "Rows, price per unit". */
export function fullTitle(tree: FieldTree, path: string): string {
  const node = tree.nearest(path);
  if (!node) return path;
  const [first, ...others] = [...tree.lineage(node.id)].map(({ label }) => label).reverse();
  // "VAT number" stays as it is.
  const lowered = others.map((label) => (/^\p{Lu}\p{Ll}/u.test(label) ? label[0]!.toLowerCase() + label.slice(1) : label));
  return [first, ...lowered].join(", ");
}

function sentence(parts: readonly string[]): string {
  return parts.filter(Boolean).join(", ");
}

/** How a line is drawn, and what the legend calls it. */
export type Stroke = "field" | "formula" | "list" | "lookup" | "answer" | "step" | "value" | "fact" | "suggestion";

export function strokeOf(line: Line, source: FieldTree): Stroke {
  if (line.kind !== "field") return line.kind;
  // What else a list's formula reads is no list.
  if (line.target.endsWith("[]") && source.nearest(line.source)?.type === "list") return "list";
  return line.direct ? "field" : "formula";
}

/** All lines as they are drawn, those of suggestions last. */
export function drawnLines({ lines, fields, suggestions }: Picture, source: FieldTree): DrawnLine[] {
  return [
    ...lines.map((line) => {
      return { ...line, stroke: strokeOf(line, source), isError: fields[line.target]?.status === "error" };
    }),
    ...suggestions.map((each) => {
      const line = { source: each.source, target: each.target, kind: kindOf(each.source), direct: true };
      return { ...line, stroke: "suggestion" as const, isSuggestion: true };
    }),
  ];
}
