// One tree on the page: its rows, what is open, where the keyboard stands. It knows nothing of mappings.

import { element } from "../mapper/elements.ts";
import { revealed, rowAt, rowMiddle } from "../lines/geometry.ts";
import type { PaneView } from "../lines/ends.ts";
import { move, TypeAhead } from "./keys.ts";
import type { Row, RowAction, SideName } from "./row.ts";
import { FieldTree, type TreeNode } from "./tree.ts";
import { closedAtFirst, visible, type Filter, type IsMapped, type ValueOf, type Visible } from "./visible.ts";

/** What a pane tells of. */
export interface PaneEvents<R extends Row> {
  makeRow(node: TreeNode): R;
  isMapped: IsMapped;
  valueOf: ValueOf;
  /** Rows were scrolled, opened or filtered: lines have other ends now. */
  moved(): void;
  clicked(node: TreeNode, isPort: boolean): void;
  doubleClicked(node: TreeNode): void;
  pressed(event: PointerEvent, node: TreeNode, isPort: boolean): void;
  hovered(node: TreeNode | null): void;
  /** The focus came to a row. */
  entered(node: TreeNode): void;
  acted(action: RowAction, node: TreeNode): void;
  /** A key that is not for moving about in the tree; gives whether it was used. */
  key(event: KeyboardEvent, node: TreeNode): boolean;
}

export class Pane<R extends Row = Row> {
  readonly element: HTMLElement;
  readonly rows = new Map<string, R>();
  tree = new FieldTree([]);
  shown: Visible = visible(this.tree, new Set(), { query: "", onlyUnmapped: false }, () => false);
  current: string | null = null;
  private closed = new Set<string>();
  private isSettled = false;
  private filter: Filter = { query: "", onlyUnmapped: false };
  private readonly typeAhead = new TypeAhead();
  private readonly message = element("div", "message");
  height = 0;

  constructor(
    readonly side: SideName,
    private readonly events: PaneEvents<R>,
  ) {
    this.element = element("div", `pane ${side}`);
    this.element.append(this.message);
    this.listen();
  }

  private listen(): void {
    const { element: pane, events } = this;
    pane.addEventListener("scroll", () => events.moved(), { passive: true });
    pane.addEventListener("keydown", (event) => this.key(event));
    // Focus may come from Tab, a screen reader or a script: what a later Tab leads to follows it.
    pane.addEventListener("focusin", (event) => {
      const node = this.nodeAt(event);
      if (!node) return;
      this.stand(node.id);
      events.entered(node);
    });
    pane.addEventListener("click", (event) => this.click(event));
    pane.addEventListener("dblclick", (event) => {
      const node = this.nodeAt(event);
      if (node && !isWithin(event, ".twist, button")) events.doubleClicked(node);
    });
    pane.addEventListener("pointerdown", (event) => {
      const node = this.nodeAt(event);
      if (node && event.button === 0 && !isWithin(event, ".twist, button")) events.pressed(event, node, isWithin(event, ".port"));
    });
    pane.addEventListener("pointerover", (event) => events.hovered(this.nodeAt(event)));
    pane.addEventListener("pointerleave", () => events.hovered(null));
  }

  /** Another tree, or the same grown: rows that stay keep their element, and with it focus and place. */
  setTree(tree: FieldTree): void {
    const had = document.activeElement !== null && this.focused();
    this.tree = tree;
    for (const [id, row] of this.rows) {
      if (tree.byId.has(id)) continue;
      row.element.remove();
      this.rows.delete(id);
    }
    let before: Element = this.message;
    for (const node of tree.nodes) {
      const known = this.rows.get(node.id);
      const row = known && isSame(known.node, node) ? known : this.events.makeRow(node);
      if (row !== known) {
        known?.element.remove();
        this.rows.set(node.id, row);
      }
      if (before.nextElementSibling !== row.element) before.after(row.element);
      before = row.element;
    }
    if (tree.nodes.length) this.element.setAttribute("role", "tree");
    else this.element.removeAttribute("role");
    if (!this.isSettled && tree.nodes.length) {
      this.isSettled = true;
      this.closed = closedAtFirst(tree, this.events.isMapped);
    }
    this.refresh();
    if (had && !this.focused()) this.focus(had);
  }

  /** Takes all rows off, so that they are made again in other words. */
  clear(): void {
    for (const row of this.rows.values()) row.element.remove();
    this.rows.clear();
  }

  /** Forget what was open, for a tree that has nothing to do with the last. */
  startOver(): void {
    this.isSettled = false;
    this.current = null;
    this.element.scrollTop = 0;
  }

  setFilter(filter: Partial<Filter>): void {
    this.filter = { ...this.filter, ...filter };
    this.element.scrollTop = 0;
    this.refresh();
  }

  get isFilteredByMapping(): boolean {
    return this.filter.onlyUnmapped;
  }

  /** Works out which rows are shown. */
  refresh(): void {
    this.shown = visible(this.tree, this.closed, this.filter, this.events.isMapped, this.events.valueOf);
    const focused = this.focused();
    for (const [id, row] of this.rows) {
      row.element.hidden = !this.shown.index.has(id);
      row.isOpen = this.isOpen(id);
      row.mark(this.filter.query);
    }
    if (this.current === null || !this.shown.index.has(this.current)) this.stand(this.shown.nodes[0]?.id ?? null);
    if (focused && !this.shown.index.has(focused) && this.current) this.focus(this.current);
    this.events.moved();
  }

  /** What stands there instead of rows. */
  say(title: string, help: string): void {
    this.message.hidden = !title;
    this.message.replaceChildren(element("b", "", title), element("span", "", help));
  }

  isOpen(id: string): boolean {
    return Boolean(this.filter.query.trim()) || !this.closed.has(id);
  }

  toggle(id: string, open = this.closed.has(id)): void {
    if (open) this.closed.delete(id);
    else this.closed.add(id);
    this.refresh();
  }

  toggleAll(open: boolean): void {
    this.closed = new Set(open ? [] : this.tree.nodes.filter((node) => node.children.length).map((node) => node.id));
    this.refresh();
  }

  get hasClosed(): boolean {
    return this.closed.size > 0;
  }

  /** Makes a row the one that Tab leads to. */
  private stand(id: string | null): void {
    if (id !== this.current) this.tab(this.current, -1);
    this.current = id;
    this.tab(id, 0);
  }

  private tab(id: string | null, index: 0 | -1): void {
    const row = id === null ? undefined : this.rows.get(id);
    if (!row) return;
    row.element.tabIndex = index;
    for (const each of row.element.querySelectorAll("button")) each.tabIndex = index;
  }

  focus(id: string | null = this.current): void {
    const row = id === null ? undefined : this.rows.get(id);
    if (!row || id === null) return;
    this.reveal(id);
    this.stand(id);
    row.element.focus({ preventScroll: true });
  }

  /** The id of the row that has the focus, if one of this tree has. */
  focused(): string | null {
    const root = this.element.getRootNode() as Document | ShadowRoot;
    const row = root.activeElement?.closest<HTMLElement>(".row");
    return row && this.element.contains(row) ? (row.dataset["id"] ?? null) : null;
  }

  /** Opens all above a row and scrolls until it is seen. */
  reveal(id: string): void {
    let changed = false;
    for (const node of this.tree.lineage(id)) {
      if (node.id !== id && this.closed.delete(node.id)) changed = true;
    }
    if (changed) this.refresh();
    const row = this.shown.index.get(id);
    if (row !== undefined) this.element.scrollTop = revealed(row, this.element.scrollTop, this.element.clientHeight);
  }

  /** Scrolls softly until a row stands in the middle. */
  show(id: string): void {
    const row = this.shown.index.get(id);
    if (row === undefined) return;
    const top = rowMiddle(row, 0) - this.element.clientHeight / 2;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.element.scrollTo({ top, behavior: isStill ? "auto" : "smooth" });
  }

  view(): PaneView {
    return { tree: this.tree, rows: this.shown, scrollTop: this.element.scrollTop, height: this.height };
  }

  /** The node shown at a height of the window. */
  nodeAtHeight(clientY: number, top: number): TreeNode | null {
    return this.shown.nodes[rowAt(clientY - top, this.element.scrollTop)] ?? null;
  }

  /** The middle of the row of a node, or of the nearest group above it that is shown. */
  middleOf(id: string): number | null {
    for (const node of this.tree.lineage(id)) {
      const row = this.shown.index.get(node.id);
      if (row !== undefined) return rowMiddle(row, this.element.scrollTop);
    }
    return null;
  }

  private nodeAt(event: Event): TreeNode | null {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>(".row") : null;
    return this.tree.get(row?.dataset["id"]) ?? null;
  }

  private click(event: MouseEvent): void {
    const node = this.nodeAt(event);
    if (!node || !(event.target instanceof Element)) return;
    const action = event.target.closest<HTMLElement>("button")?.dataset["action"];
    if (action) return this.events.acted(action as RowAction, node);
    if (isWithin(event, ".twist") && node.children.length) return this.toggle(node.id);
    this.stand(node.id);
    this.rows.get(node.id)?.element.focus({ preventScroll: true });
    this.events.clicked(node, isWithin(event, ".port"));
  }

  private key(event: KeyboardEvent): void {
    const node = this.tree.get(this.current);
    if (!node || (isWithin(event, "button") && (event.key === "Enter" || event.key === " "))) return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const now = event.timeStamp;
    const isLetter = isPlain && event.key.length === 1 && event.key !== "/";
    let used: boolean;
    if (isLetter && (event.key !== " " || this.typeAhead.isTyping(now))) {
      const found = this.typeAhead.next(event.key, this.shown, node.id, now);
      if (found) this.focus(found);
      used = true;
    } else used = (isPlain && this.moves(event.key, node)) || this.events.key(event, node);
    // Streamlit listens on the page for letters of its own: it hears only what is not ours.
    if (!used) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private moves(key: string, node: TreeNode): boolean {
    const wanted = move(key, this.shown, node.id, (id) => this.isOpen(id));
    if (!wanted) return false;
    if ("focus" in wanted) this.focus(wanted.focus);
    else this.toggle(wanted.toggle, wanted.open);
    return true;
  }
}

function isWithin(event: Event, selector: string): boolean {
  return event.target instanceof Element && event.target.closest(selector) !== null;
}

/** Whether a row made for one node also shows the other. */
function isSame(one: TreeNode, other: TreeNode): boolean {
  const told = (node: TreeNode) => {
    const { label, name, type, required, help, personal, gone, depth, place, siblings, children } = node;
    return JSON.stringify([label, name, type, required, help, personal, gone, depth, place, siblings, children.length]);
  };
  return one === other || told(one) === told(other);
}
