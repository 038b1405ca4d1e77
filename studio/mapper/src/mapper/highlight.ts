// What stands out because the pointer is on a row or a line: the lines it touches, and the rows at their ends.

import type { DrawnLine } from "../lines/canvas.ts";
import type { Pane } from "../trees/pane.ts";
import type { Row, SideName } from "../trees/row.ts";
import type { TreeNode } from "../trees/tree.ts";

export type Hovered = { side: SideName; node: TreeNode } | { line: DrawnLine } | null;

export class Highlight {
  hovered: Hovered = null;
  private marked = new Set<Element>();

  constructor(private readonly panes: Record<SideName, Pane<Row>>) {}

  /** Those of the lines that the pointer is about; for a group, all that end in it. */
  touched(lines: readonly DrawnLine[]): DrawnLine[] {
    const { hovered } = this;
    if (!hovered) return [];
    if ("line" in hovered) {
      const { source, target } = hovered.line;
      return lines.filter((line) => line.source === source && line.target === target);
    }
    const { side, node } = hovered;
    const { tree } = this.panes[side];
    return lines.filter((line) => {
      const end = tree.nearest(line[side]);
      return end !== undefined && [...tree.lineage(end.id)].includes(node);
    });
  }

  mark(lines: readonly DrawnLine[]): void {
    const now = new Set<Element>();
    for (const side of ["source", "target"] as const) {
      const { rows, tree } = this.panes[side];
      for (const line of lines) {
        const row = rows.get(tree.nearest(line[side])?.id ?? "");
        if (row) now.add(row.element);
      }
    }
    for (const row of this.marked) if (!now.has(row)) row.classList.remove("linked");
    for (const row of now) if (!this.marked.has(row)) row.classList.add("linked");
    this.marked = now;
  }
}
