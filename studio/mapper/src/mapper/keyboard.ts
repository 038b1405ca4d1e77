// What the keys ask for, beside moving about in a tree (see trees/keys).

import type { SideName } from "../trees/row.ts";
import { GONE, type TreeNode } from "../trees/tree.ts";

export interface Wishes {
  enter(side: SideName, node: TreeNode): void;
  edit(node: TreeNode): void;
  clear(node: TreeNode): void;
  /** Gives whether there was something to cancel. */
  cancel(): boolean;
  search(side: SideName): void;
  nextProblem(): void;
  test(): void;
  undo(again: boolean): void;
}

/** A key on a row; gives whether it meant something. */
export function rowKey(event: KeyboardEvent, side: SideName, node: TreeNode, wishes: Wishes): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const isTarget = side === "target" && node.id !== GONE;
  switch (event.key) {
    case "Enter":
    case " ":
      wishes.enter(side, node);
      return true;
    case "F2":
      if (isTarget) wishes.edit(node);
      return isTarget;
    case "Delete":
    case "Backspace":
      if (isTarget) wishes.clear(node);
      return isTarget;
    case "Escape":
      return wishes.cancel();
    case "/":
      wishes.search(side);
      return true;
    default:
      return false;
  }
}

/** A key anywhere in the mapper. What is not meant goes on to the page. */
export function anyKey(event: KeyboardEvent, wishes: Wishes): void {
  const isCommand = event.ctrlKey || event.metaKey;
  const isWriting = event.target instanceof HTMLInputElement && event.target.type === "text";
  if (event.key === "F8") wishes.nextProblem();
  else if (isCommand && event.key === "Enter") wishes.test();
  // In a search, undo is about what was typed there.
  else if (isCommand && event.key.toLowerCase() === "z" && !isWriting) wishes.undo(event.shiftKey);
  else if (event.key !== "Escape" || !wishes.cancel()) return;
  event.preventDefault();
  event.stopPropagation();
}
