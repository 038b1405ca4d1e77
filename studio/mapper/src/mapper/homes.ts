// Where a mapping whose field is gone may belong now: the field that nothing is mapped to and is named most like it.

import type { FieldTree, TreeNode } from "../trees/tree.ts";
import { isMapped, keyOf } from "./drop.ts";
import type { Field } from "../data.ts";

/** How much of two names must be the same; below this a proposal would be a guess. */
const LEAST = 0.5;

export function proposedHome(gone: TreeNode, tree: FieldTree, fields: Readonly<Record<string, Field>>): TreeNode | null {
  let best: TreeNode | null = null;
  let most = 0;
  for (const node of tree.nodes) {
    if (node.gone || node.children.length || isMapped(keyOf(node), fields)) continue;
    const likeness = Math.max(like(gone.name, node.name), like(gone.label, node.label));
    // Of two that are equally like it, the one that must be filled.
    const score = likeness + (node.required ? 0.01 : 0);
    if (likeness >= LEAST && score > most) [best, most] = [node, score];
  }
  return best;
}

/** The part of all words of two names that both have: "CustomerName" and "customer_name" 1, "Name" half of it. */
export function like(one: string, other: string): number {
  const [mine, theirs] = [words(one), words(other)];
  const both = [...mine].filter((word) => theirs.has(word)).length;
  const all = mine.size + theirs.size - both;
  return all ? both / all : 0;
}

function words(name: string): Set<string> {
  const parts = name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return new Set(parts.filter(Boolean));
}
