// Connecting a source field with a target field: by drag, by two clicks, by keyboard; all end in the same drop.

import { fit } from "./compat.ts";
import { ask } from "./drop-menu.ts";
import { Drag } from "./drag.ts";
import { dropped, keyOf, rehomed, type Drop, type Situation } from "./drop.ts";
import { chooseChildren } from "./list-dialog.ts";
import { titled } from "./looks.ts";
import type { Change, How } from "./operations.ts";
import type { Words } from "./texts.ts";
import type { Point } from "../lines/geometry.ts";
import type { Canvas } from "../lines/canvas.ts";
import type { Pane } from "../trees/pane.ts";
import type { Row, SideName } from "../trees/row.ts";
import type { TreeNode } from "../trees/tree.ts";

/** What the mapper lends for it. */
export interface Around {
  root: HTMLElement;
  canvas: Canvas;
  panes: { source: Pane<Row>; target: Pane<Row> };
  words(): Words;
  situation(): Situation;
  valueOf(source: string): string;
  send(change: Change): void;
  /** For screen readers. */
  announce(text: string): void;
  /** For the foot of the trees; "" ends it. */
  tell(text: string): void;
  /** Something is held now, or no more: lines step back meanwhile. */
  changed(): void;
}

/** A field in hand. One whose home is gone is on the target's side and goes to another target. */
interface Held {
  side: SideName;
  node: TreeNode;
}

export class Connecting {
  private held: Held | null = null;
  private drag: Drag | null = null;
  /** What was said when it was taken in hand. */
  private told = "";
  private closeQuestion: (() => void) | null = null;

  constructor(private readonly around: Around) {}

  get isHolding(): boolean {
    return this.held !== null;
  }

  /** Takes a field in hand, until it is connected or put down. */
  pick(side: SideName, node: TreeNode): void {
    this.hold({ side, node });
    const key = node.gone ? "picked_gone" : side === "source" ? "picked_source" : "picked_target";
    this.told = this.around.words().say(key, { field: node.label });
    this.around.tell(this.told);
    this.around.announce(this.told);
  }

  /** Whether a field on this side is what the one in hand waits for. */
  waitsFor(side: SideName, node: TreeNode): boolean {
    return this.held !== null && this.held.node !== node && this.goal(this.held) === side && !(node.gone && side === "target");
  }

  /** Says what would become of the value, when one comes upon a field that what is in hand could go to. */
  consider(side: SideName, node: TreeNode): void {
    if (!this.held || this.drag?.isUnderWay || !this.waitsFor(side, node)) return;
    const hint = this.hint(this.held, node);
    this.around.tell(hint ? `${this.told} ${hint}` : this.told);
    if (hint) this.around.announce(hint);
  }

  /** Connects what is in hand with a field of the other side. */
  connect(node: TreeNode): void {
    const held = this.held;
    if (!held) return;
    this.letGo();
    this.drop(held, node);
  }

  /** Gives a mapping whose field is gone its new home. */
  move(gone: TreeNode, home: TreeNode): void {
    this.drop({ side: "target", node: gone }, home);
  }

  /** Puts down what is in hand; gives whether there was something. */
  cancel(): boolean {
    this.closeQuestion?.();
    this.drag?.cancel();
    const held = this.held;
    if (!held) return false;
    this.letGo();
    this.around.announce(this.around.words().say("cancelled"));
    this.around.panes[held.side].focus(held.node.id);
    return true;
  }

  startDrag(event: PointerEvent, side: SideName, node: TreeNode): void {
    this.closeQuestion?.();
    const held: Held = { side, node };
    const to = this.around.panes[this.goal(held)];
    this.drag = new Drag(event, node, to, this.around.root, {
      began: () => {
        this.hold(held);
        this.around.root.classList.add("dragging");
      },
      over: (below, pointer) => this.over(held, below, pointer),
      ended: (below) => {
        this.around.root.classList.remove("dragging");
        this.around.canvas.drawDrag(null, null);
        this.markBelow(null, "");
        this.letGo();
        if (below && below !== node && !below.gone) this.drop(held, below);
      },
    });
  }

  destroy(): void {
    this.closeQuestion?.();
    this.drag?.cancel();
  }

  private goal({ side, node }: Held): SideName {
    return side === "target" && !node.gone ? "source" : "target";
  }

  private hold(held: Held): void {
    if (this.held) this.letGo();
    this.held = held;
    const { root, panes } = this.around;
    root.classList.add("connecting");
    panes[held.side].rows.get(held.node.id)?.element.classList.add("held");
    if (held.side === "source") panes.source.rows.get(held.node.id)!.isSelected = true;
    for (const [, row] of panes[this.goal(held)].rows) row.element.dataset["fit"] = this.fitOf(held, row.node);
    this.around.changed();
  }

  private letGo(): void {
    const held = this.held;
    if (!held) return;
    this.held = null;
    const { root, panes } = this.around;
    root.classList.remove("connecting");
    const row = panes[held.side].rows.get(held.node.id);
    row?.element.classList.remove("held");
    if (row && held.side === "source") row.isSelected = false;
    for (const [, each] of panes[this.goal(held)].rows) delete each.element.dataset["fit"];
    this.around.tell("");
    this.around.changed();
  }

  private fitOf(held: Held, node: TreeNode): string {
    if (held.node.gone) return node.gone ? "hardly" : "fits";
    return held.side === "source" ? fit(held.node, node) : fit(node, held.node);
  }

  private over(held: Held, below: TreeNode | null, pointer: Point): string {
    const { canvas, panes, root } = this.around;
    const goal = this.goal(held);
    const target = below && below !== held.node && !below.gone ? below : null;
    this.markBelow(target, goal);
    if (!held.node.gone) {
      const area = root.querySelector(".body")!.getBoundingClientRect();
      const own = Math.max(0, Math.min(area.height, panes[held.side].middleOf(held.node.id) ?? 0));
      const free = { x: pointer.x - area.left, y: pointer.y - area.top };
      const end = target ? canvas.port(goal, panes[goal].middleOf(target.id) ?? free.y) : free;
      const start = canvas.port(held.side, own);
      canvas.drawDrag(...(held.side === "source" ? ([start, end] as const) : ([end, start] as const)));
    }
    return target ? this.hint(held, target) : "";
  }

  private marked: Element | null = null;

  private markBelow(node: TreeNode | null, side: SideName | ""): void {
    const row = node && side ? (this.around.panes[side].rows.get(node.id)?.element ?? null) : null;
    if (row === this.marked) return;
    this.marked?.classList.remove("below");
    row?.classList.add("below");
    this.marked = row;
  }

  /** What happens to the value on the way, in words. */
  private hint(held: Held, node: TreeNode): string {
    if (held.node.gone) return "";
    const words = this.around.words();
    const [source, target] = held.side === "source" ? [held.node, node] : [node, held.node];
    const types = { from: words.say(`type_${source.type}`), to: words.say(`type_${target.type}`) };
    const found = fit(source, target);
    if (found === "converts") return words.say("will_convert", types);
    if (found === "fits") return "";
    return source.type === target.type ? words.say("many_for_one") : words.say("hardly_fits", types);
  }

  private drop(held: Held, node: TreeNode): void {
    const here = this.around.situation();
    const [source, target] = held.side === "source" || held.node.gone ? [held.node, node] : [node, held.node];
    const drop = held.node.gone ? rehomed(source, target, here) : dropped(source, target, here);
    this.carryOut(drop, source, target, here);
  }

  private carryOut(drop: Drop, source: TreeNode, target: TreeNode, here: Situation): void {
    const { panes } = this.around;
    const words = this.around.words();
    panes.target.focus(target.id);
    if (drop.kind === "nothing") {
      this.around.announce(words.say("already", { source: source.label, target: target.label }));
    } else if (drop.kind === "send") this.send(drop.operation, source, target);
    else if (drop.kind === "list") {
      this.closeQuestion = chooseChildren(
        {
          source: source.label,
          target: target.label,
          pairs: drop.pairs,
          called: ([from, to]) => [here.source.get(from)?.label ?? from, here.target.get(to)?.label ?? to],
          replaces: drop.replaces,
        },
        words,
        this.around.root,
        (children) => {
          this.answered(target);
          if (!children) return;
          this.send({ op: "link_list", step: here.step, target: keyOf(target), source: source.id, children }, source, target);
        },
      );
    } else this.askHow(drop, here);
  }

  private askHow({ source, target, choices }: Extract<Drop, { kind: "ask" }>, here: Situation): void {
    const words = this.around.words();
    const key = keyOf(target);
    const known = here.lines.filter((line) => line.target === key).map((line) => titled(here.source, line.source));
    const old = known.join(", ") || here.fields[key]?.chip || words.say("old_formula");
    const row = this.around.panes.target.rows.get(target.id)!.element.getBoundingClientRect();
    const values: [string, string] = [here.fields[key]?.value ?? "", this.around.valueOf(source.id)];
    const question = { target: target.label, source: source.label, old, values, choices };
    this.closeQuestion = ask(question, { x: row.left + 30, y: row.bottom + 2 }, words, this.around.root, (how) => {
      this.answered(target);
      if (how) this.send(this.change(how, source, key, here.step), source, target);
      else this.around.announce(words.say("cancelled"));
    });
  }

  private change(how: How, source: TreeNode, target: string, step: string): Change {
    if (source.gone) return { op: "move", step, target: source.id, to: target };
    return { op: "link", step, target, source: source.id, how };
  }

  private answered(target: TreeNode): void {
    this.closeQuestion = null;
    this.around.panes.target.focus(target.id);
  }

  private send(change: Change, source: TreeNode, target: TreeNode): void {
    this.around.send(change);
    const words = this.around.words();
    const names = { source: source.label, target: target.label };
    const text =
      change.op === "move"
        ? words.say("moved", { field: source.label, target: target.label })
        : words.say(change.op === "link_list" ? "list_connected" : "connected", names);
    this.around.announce(text);
  }
}
