// Which rows of a tree are shown: what is open, what a search finds, what is not mapped yet.

import type { FieldTree, TreeNode } from "./tree.ts";

export interface Filter {
  query: string;
  onlyUnmapped: boolean;
}

export interface Visible {
  nodes: TreeNode[];
  /** Row number of each node that is shown. */
  index: Map<string, number>;
  /** How many fields match by themselves; the groups above them are shown with them. */
  matches: number;
  /** Whether a search or filter holds something back. */
  isFiltered: boolean;
}

export type IsMapped = (id: string) => boolean;
export type ValueOf = (node: TreeNode) => string | undefined;

export function visible(
  tree: FieldTree,
  closed: ReadonlySet<string>,
  filter: Filter,
  isMapped: IsMapped,
  valueOf: ValueOf = (node) => node.value,
): Visible {
  const query = folded(filter.query.trim());
  const { kept, matches } = query || filter.onlyUnmapped ? found(tree, query, filter, isMapped, valueOf) : all(tree);
  const nodes: TreeNode[] = [];
  const index = new Map<string, number>();
  const hidden = new Set<string>();
  for (const node of tree.nodes) {
    const isHidden = node.parent !== null && (hidden.has(node.parent) || (!query && closed.has(node.parent)));
    if (isHidden || (kept && !kept.has(node.id))) {
      hidden.add(node.id);
      continue;
    }
    index.set(node.id, nodes.length);
    nodes.push(node);
  }
  return { nodes, index, matches, isFiltered: kept !== null };
}

function all(tree: FieldTree): { kept: Set<string> | null; matches: number } {
  return { kept: null, matches: tree.nodes.length };
}

function found(tree: FieldTree, query: string, filter: Filter, isMapped: IsMapped, valueOf: ValueOf) {
  const kept = new Set<string>();
  let matches = 0;
  for (const node of tree.nodes) {
    if (query && !isMatch(node, query, valueOf)) continue;
    // With the filter alone a group says nothing: it is shown for what stands below it.
    const fields = node.children.length ? (query ? [node, ...tree.below(node)] : []) : [node];
    const wanted = filter.onlyUnmapped ? fields.filter((field) => !isMapped(field.id) && !isCovered(tree, field, isMapped)) : fields;
    if (wanted.length) matches += 1;
    for (const field of wanted) for (const above of tree.lineage(field.id)) kept.add(above.id);
  }
  return { kept, matches };
}

/** A field whose whole object is mapped by one formula needs none of its own. */
function isCovered(tree: FieldTree, node: TreeNode, isMapped: IsMapped): boolean {
  for (const above of tree.lineage(node.id)) {
    if (above.id !== node.id && above.type === "object" && isMapped(above.id)) return true;
  }
  return false;
}

export function isMatch(node: TreeNode, query: string, valueOf: ValueOf): boolean {
  return [node.label, node.name, node.id, valueOf(node) ?? ""].some((text) => folded(text).includes(query));
}

/** Letters as a search compares them: "É" is found by "e". */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}

/** The part of a label that a search found, as begin and end; null where the search found it by something else. */
export function marked(label: string, query: string): [number, number] | null {
  const wanted = folded(query.trim());
  if (!wanted || folded(label).length !== label.length) return null;
  const begin = folded(label).indexOf(wanted);
  return begin < 0 ? null : [begin, begin + wanted.length];
}

/** What is closed at first: in a large tree, groups in which nothing is mapped and nothing is required. */
export function closedAtFirst(tree: FieldTree, isMapped: IsMapped, largest = 120): Set<string> {
  const closed = new Set<string>();
  if (tree.nodes.length <= largest) return closed;
  for (const node of tree.nodes) {
    if (!node.children.length || node.gone) continue;
    const fields = [...tree.below(node)];
    if (!fields.some((field) => isMapped(field.id) || (field.required && !field.children.length))) closed.add(node.id);
  }
  return closed;
}
