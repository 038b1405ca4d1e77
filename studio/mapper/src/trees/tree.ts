// A field tree as it is shown: nodes in reading order, each with its depth, its children and its place among them.

import type { Node } from "../data.ts";

export interface TreeNode extends Node {
  depth: number;
  children: TreeNode[];
  /** 1 for the first of its parent's children. */
  place: number;
  /** How many children its parent has. */
  siblings: number;
}

/** The group above all mappings whose field is gone; no path can have this name. */
export const GONE = "$gone";

export class FieldTree {
  readonly nodes: TreeNode[] = [];
  readonly byId = new Map<string, TreeNode>();
  readonly roots: TreeNode[];

  constructor(fields: readonly Node[], goneLabel = "") {
    this.roots = rooted(fields, goneLabel);
    this.number(this.roots, 0);
  }

  get(id: string | null | undefined): TreeNode | undefined {
    return id == null ? undefined : this.byId.get(id);
  }

  parent(node: TreeNode): TreeNode | undefined {
    return this.get(node.parent);
  }

  /** The node and all above it, the nearest first. */
  *lineage(id: string): Generator<TreeNode> {
    for (let node = this.get(id); node; node = this.parent(node)) yield node;
  }

  /** All below a node, in reading order. */
  *below(node: TreeNode): Generator<TreeNode> {
    for (const child of node.children) {
      yield child;
      yield* this.below(child);
    }
  }

  /** The node of a path; for a path that no schema names, that of the nearest place above it which one does. */
  nearest(path: string): TreeNode | undefined {
    let rest = path;
    for (;;) {
      const found = this.byId.get(rest) ?? this.byId.get(`${rest}[]`) ?? this.byId.get(rest.replace(/\[\]$/, ""));
      if (found) return found;
      const end = rest.lastIndexOf(".");
      if (end < 0) return undefined;
      rest = rest.slice(0, end);
    }
  }

  private number(level: TreeNode[], depth: number): void {
    level.forEach((node, index) => {
      Object.assign(node, { depth, place: index + 1, siblings: level.length });
      this.nodes.push(node);
      this.byId.set(node.id, node);
      this.number(node.children, depth + 1);
    });
  }
}

/** The roots with all below them; what is gone stands together in a group of its own, first. */
function rooted(fields: readonly Node[], goneLabel: string): TreeNode[] {
  const made = new Map<string, TreeNode>();
  for (const field of fields) made.set(field.id, { ...field, depth: 0, children: [], place: 0, siblings: 0 });
  const roots: TreeNode[] = [];
  const gone: TreeNode[] = [];
  for (const node of made.values()) {
    const parent = node.parent === null ? undefined : made.get(node.parent);
    if (node.gone && !parent?.gone) gone.push(Object.assign(node, { parent: GONE }));
    else if (parent && !isBelow(parent, node, made)) parent.children.push(node);
    else roots.push(Object.assign(node, { parent: null }));
  }
  if (!gone.length) return roots;
  const group: Node = { id: GONE, parent: null, label: goneLabel, name: GONE, type: "object", gone: true };
  return [{ ...group, depth: 0, children: gone, place: 0, siblings: 0 }, ...roots];
}

/** Whether `node` stands somewhere above `parent`: such a ring would never end, so it is cut. */
function isBelow(parent: TreeNode, node: TreeNode, made: Map<string, TreeNode>): boolean {
  const seen = new Set<string>();
  for (let at: TreeNode | undefined = parent; at && !seen.has(at.id); at = made.get(at.parent ?? "")) {
    if (at.id === node.id) return true;
    seen.add(at.id);
  }
  return false;
}
