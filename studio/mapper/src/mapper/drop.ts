// What dropping a source field on a target field means: a line at once, a question, or a whole list.

import type { Field, Line } from "../data.ts";
import type { Change, How } from "./operations.ts";
import type { FieldTree, TreeNode } from "../trees/tree.ts";

export interface Situation {
  step: string;
  source: FieldTree;
  target: FieldTree;
  lines: readonly Line[];
  fields: Readonly<Record<string, Field>>;
}

/** source path, target path */
export type Pair = [string, string];

export type Drop =
  | { kind: "nothing" }
  | { kind: "send"; operation: Change }
  | { kind: "ask"; source: TreeNode; target: TreeNode; choices: How[] }
  | { kind: "list"; source: TreeNode; target: TreeNode; pairs: Pair[]; replaces: boolean };

/** The key under which a target node's mapping stands in the flow document. */
export function keyOf(target: TreeNode): string {
  return isListOfRows(target) && !target.id.endsWith("[]") ? `${target.id}[]` : target.id;
}

/** A list whose items have fields of their own, as against a list of plain values. */
function isListOfRows(node: TreeNode): boolean {
  return node.type === "list" && (node.children.length > 0 || node.id.endsWith("[]"));
}

export function isMapped(key: string, fields: Readonly<Record<string, Field>>): boolean {
  return Boolean(fields[key]?.formula);
}

export function dropped(source: TreeNode, target: TreeNode, here: Situation): Drop {
  const key = keyOf(target);
  const known = here.lines.filter((line) => line.target === key);
  if (known.length === 1 && known[0]!.source === source.id && known[0]!.direct) return { kind: "nothing" };
  if (source.type === "list" && isListOfRows(target)) return list(source, target, here);
  if (isMapped(key, here.fields)) return { kind: "ask", source, target, choices: choices(source, target, known) };
  const rows = listToMapFirst(source, target, here);
  if (rows) return { kind: "send", operation: rows };
  return { kind: "send", operation: { op: "link", step: here.step, target: key, source: source.id, how: "replace" } };
}

/** Lists and objects cannot be joined like words. */
function choices(source: TreeNode, target: TreeNode, known: readonly Line[]): How[] {
  const isPlain = ![source.type, target.type].some((type) => type === "list" || type === "object");
  const isThere = known.some((line) => line.source === source.id);
  if (isThere) return ["replace"];
  return isPlain ? ["replace", "join", "first"] : ["replace", "first"];
}

function list(source: TreeNode, target: TreeNode, here: Situation): Drop {
  const key = keyOf(target);
  const pairs = childPairs(source, target, here);
  const replaces = isMapped(key, here.fields);
  if (pairs.length || replaces) return { kind: "list", source, target, pairs, replaces };
  return { kind: "send", operation: { op: "link_list", step: here.step, target: key, source: source.id, children: [] } };
}

/** A field of a list's items dropped on one of a list that nothing is mapped to yet: the lists belong together too. */
function listToMapFirst(source: TreeNode, target: TreeNode, here: Situation): Change | null {
  const [from, to] = [listAbove(source, here.source), listAbove(target, here.target)];
  if (!from || !to || isMapped(keyOf(to), here.fields)) return null;
  const pair: Pair = [source.id, keyOf(target)];
  return { op: "link_list", step: here.step, target: keyOf(to), source: from.id, children: [pair] };
}

function listAbove(node: TreeNode, tree: FieldTree): TreeNode | null {
  for (const above of tree.lineage(node.id)) {
    if (above !== node && above.type === "list" && !above.id.startsWith("$")) return above;
  }
  return null;
}

/** Fields of both lists' items that bear the same name and are not mapped yet. */
export function childPairs(source: TreeNode, target: TreeNode, here: Situation): Pair[] {
  const named = new Map<string, TreeNode>();
  for (const node of ownFields(source, here.source)) {
    const name = sameName(below(node.id, source.id));
    if (!named.has(name)) named.set(name, node);
  }
  const pairs: Pair[] = [];
  for (const node of ownFields(target, here.target)) {
    const partner = named.get(sameName(below(node.id, target.id)));
    if (partner && !isMapped(node.id, here.fields)) pairs.push([partner.id, node.id]);
  }
  return pairs;
}

/** The plain fields of a list's items; a list within the list is a list of its own. */
function* ownFields(list: TreeNode, tree: FieldTree): Generator<TreeNode> {
  for (const child of list.children) {
    if (child.type === "list") continue;
    if (child.children.length) yield* ownFields(child, tree);
    else yield child;
  }
}

function below(id: string, list: string): string {
  return id.slice(list.replace(/\[\]$/, "").length).replace(/^\[\]\.?/, "").replace(/^\./, "");
}

export function sameName(name: string): string {
  return name.toLowerCase().replace(/[_\s-]/g, "");
}

/** A mapping whose field is gone, dropped on a field: it moves there, after a question where something stands already. */
export function rehomed(gone: TreeNode, target: TreeNode, here: Situation): Drop {
  if (target.gone) return { kind: "nothing" };
  if (isMapped(keyOf(target), here.fields)) return { kind: "ask", source: gone, target, choices: ["replace"] };
  return { kind: "send", operation: { op: "move", step: here.step, target: gone.id, to: keyOf(target) } };
}
