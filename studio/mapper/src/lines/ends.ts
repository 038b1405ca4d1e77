// Where each line begins and ends: at its row, at the nearest row above it that is shown, or at the edge.

import type { Line } from "../data.ts";
import type { FieldTree, TreeNode } from "../trees/tree.ts";
import type { Visible } from "../trees/visible.ts";
import { clamped, rowMiddle, type Beyond } from "./geometry.ts";

export interface PaneView {
  tree: FieldTree;
  rows: Visible;
  scrollTop: number;
  height: number;
}

export interface End {
  node: TreeNode;
  y: number;
  beyond: Beyond;
  /** It stands for a field in it that is not shown. */
  isStandIn: boolean;
}

export interface Placed<L extends Line = Line> {
  line: L;
  source: End;
  target: End;
}

/** The lines that end beyond one edge of a pane. `nearest`: of their rows the one to scroll to first. */
export interface EdgeCount {
  side: "source" | "target";
  beyond: "above" | "below";
  count: number;
  nearest: string;
}

export function place<L extends Line>(lines: readonly L[], source: PaneView, target: PaneView) {
  const placed: Placed<L>[] = [];
  for (const line of lines) {
    const from = end(line.source, source);
    const to = end(line.target, target);
    // A line of which neither end is in sight says nothing.
    if (from && to && !(from.beyond && to.beyond)) placed.push({ line, source: from, target: to });
  }
  return { placed, edges: [...edges(placed, "source", source), ...edges(placed, "target", target)] };
}

export function end(path: string, view: PaneView): End | null {
  const node = view.tree.nearest(path);
  if (!node) return null;
  for (const above of view.tree.lineage(node.id)) {
    const row = view.rows.index.get(above.id);
    if (row === undefined) continue;
    const at = clamped(rowMiddle(row, view.scrollTop), view.height);
    return { node: above, ...at, isStandIn: above !== node || node.id.replace(/\[\]$/, "") !== path.replace(/\[\]$/, "") };
  }
  return null;
}

function edges(placed: readonly Placed[], side: "source" | "target", view: PaneView): EdgeCount[] {
  const found: EdgeCount[] = [];
  for (const beyond of ["above", "below"] as const) {
    const ends = placed.map((each) => each[side]).filter((each) => each.beyond === beyond);
    if (!ends.length) continue;
    const rows = ends.map((each) => view.rows.index.get(each.node.id)!);
    const nearest = beyond === "above" ? Math.max(...rows) : Math.min(...rows);
    found.push({ side, beyond, count: ends.length, nearest: view.rows.nodes[nearest]!.id });
  }
  return found;
}
