// What a key does in a tree, as data: where the focus goes, what opens or closes.

import type { TreeNode } from "./tree.ts";
import type { Visible } from "./visible.ts";
import { folded } from "./visible.ts";

export type Move = { focus: string } | { toggle: string; open: boolean };

const PAGE = 10;

/** What an arrow, Home, End or a page key does; null for any other key. */
export function move(key: string, rows: Visible, at: string, isOpen: (id: string) => boolean): Move | null {
  const row = rows.index.get(at);
  if (row === undefined) return rows.nodes[0] ? { focus: rows.nodes[0].id } : null;
  const node = rows.nodes[row]!;
  switch (key) {
    case "ArrowDown": return to(rows, row + 1);
    case "ArrowUp": return to(rows, row - 1);
    case "Home": return to(rows, 0);
    case "End": return to(rows, rows.nodes.length - 1);
    case "PageDown": return to(rows, row + PAGE);
    case "PageUp": return to(rows, row - PAGE);
    case "ArrowRight": return inward(rows, node, row, isOpen);
    case "ArrowLeft": return outward(rows, node, isOpen);
    default: return null;
  }
}

function to(rows: Visible, row: number): Move {
  const within = Math.max(0, Math.min(rows.nodes.length - 1, row));
  return { focus: rows.nodes[within]!.id };
}

function inward(rows: Visible, node: TreeNode, row: number, isOpen: (id: string) => boolean): Move {
  if (!node.children.length) return { focus: node.id };
  if (!isOpen(node.id)) return { toggle: node.id, open: true };
  return rows.nodes[row + 1]?.parent === node.id ? to(rows, row + 1) : { focus: node.id };
}

function outward(rows: Visible, node: TreeNode, isOpen: (id: string) => boolean): Move {
  if (node.children.length && isOpen(node.id)) return { toggle: node.id, open: false };
  return { focus: node.parent !== null && rows.index.has(node.parent) ? node.parent : node.id };
}

const PAUSE_MS = 800;

/** Letters typed one after another are the beginning of a label; the same one again goes to the next that has it. */
export class TypeAhead {
  private typed = "";
  private last = 0;

  /** The node that the letters so far lead to. `now`: milliseconds. */
  next(letter: string, rows: Visible, at: string, now: number): string | null {
    this.typed = now - this.last > PAUSE_MS ? letter : this.typed + letter;
    this.last = now;
    const isRepeated = [...this.typed].every((each) => each === this.typed[0]);
    const wanted = folded(isRepeated ? this.typed[0]! : this.typed);
    const here = rows.index.get(at) ?? 0;
    // One letter looks beyond where one stands; further letters may agree with the same row.
    const first = isRepeated ? 1 : 0;
    for (let step = first; step < rows.nodes.length + first; step += 1) {
      const node = rows.nodes[(here + step) % rows.nodes.length]!;
      if (folded(node.label).startsWith(wanted) || folded(node.name).startsWith(wanted)) return node.id;
    }
    return null;
  }

  /** Whether a space now belongs to a word that is being typed. */
  isTyping(now: number): boolean {
    return this.typed !== "" && now - this.last <= PAUSE_MS;
  }
}
