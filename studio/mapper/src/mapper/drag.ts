// Dragging a field by pointer events: the ghost, the row below the pointer, scrolling at the edges, Escape.

import { element, icon } from "./elements.ts";
import { floating } from "./floating.ts";
import { edgeScroll, type Point } from "../lines/geometry.ts";
import type { Pane } from "../trees/pane.ts";
import type { Row } from "../trees/row.ts";
import type { TreeNode } from "../trees/tree.ts";

export interface DragEvents {
  began(): void;
  /** Gives what the ghost says about the row below it. */
  over(node: TreeNode | null, pointer: Point): string;
  /** null: let go where nothing is, or called off. */
  ended(node: TreeNode | null): void;
}

/** How far the pointer moves before a press becomes a drag. */
const SLACK = 4;
/** How far beside a pane its rows still count. */
const REACH = 24;
const SPRING_MS = 650;

export class Drag {
  private ghost: HTMLElement | null = null;
  private hint: HTMLElement | null = null;
  private pointer: Point;
  private below: TreeNode | null = null;
  private spring = 0;
  private frame = 0;
  private readonly off = new AbortController();

  constructor(
    press: PointerEvent,
    private readonly node: TreeNode,
    private readonly to: Pane<Row>,
    private readonly host: HTMLElement,
    private readonly events: DragEvents,
  ) {
    this.pointer = { x: press.clientX, y: press.clientY };
    const first = this.pointer;
    const listen = { capture: true, signal: this.off.signal };
    window.addEventListener(
      "pointermove",
      (event) => {
        if (event.pointerId !== press.pointerId) return;
        this.pointer = { x: event.clientX, y: event.clientY };
        if (!this.ghost && Math.hypot(event.clientX - first.x, event.clientY - first.y) < SLACK) return;
        event.preventDefault();
        if (!this.ghost) this.begin();
        this.follow();
      },
      listen,
    );
    window.addEventListener("pointerup", () => this.end(this.below), listen);
    window.addEventListener("pointercancel", () => this.end(null), listen);
    window.addEventListener("blur", () => this.end(null), listen);
    window.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape" || !this.ghost) return;
        event.preventDefault();
        event.stopPropagation();
        this.end(null);
      },
      listen,
    );
  }

  /** Whether it has moved enough to be one, and is not over. */
  get isUnderWay(): boolean {
    return this.ghost !== null;
  }

  /** Calls it off, as when the page goes away. */
  cancel(): void {
    this.end(null);
  }

  private begin(): void {
    this.ghost = floating("ghost", this.host);
    this.ghost.setAttribute("aria-hidden", "true");
    this.ghost.dataset["type"] = this.node.type;
    this.hint = element("span", "hint");
    this.ghost.append(icon(`type_${this.node.type}`, "icon type"), element("span", "label", this.node.label), this.hint);
    this.events.began();
    this.scroll();
  }

  private follow(): void {
    if (!this.ghost || !this.hint) return;
    const pane = this.to.element.getBoundingClientRect();
    const { x, y } = this.pointer;
    const isIn = x > pane.left - REACH && x < pane.right + REACH && y >= pane.top && y < pane.bottom;
    const below = isIn ? this.to.nodeAtHeight(y, pane.top) : null;
    if (below !== this.below) this.springOpen(below);
    this.below = below;
    this.hint.textContent = this.events.over(below, this.pointer);
    const width = this.ghost.offsetWidth;
    const left = x + 14 + width > innerWidth ? x - width - 10 : x + 14;
    this.ghost.style.transform = `translate(${left}px, ${y + 12}px)`;
  }

  /** A closed group opens when one stays above it. */
  private springOpen(node: TreeNode | null): void {
    clearTimeout(this.spring);
    if (!node?.children.length || this.to.isOpen(node.id)) return;
    this.spring = window.setTimeout(() => {
      this.to.toggle(node.id, true);
      this.follow();
    }, SPRING_MS);
  }

  private scroll(): void {
    this.frame = requestAnimationFrame(() => {
      const pane = this.to.element.getBoundingClientRect();
      const { x, y } = this.pointer;
      const isNear = x > pane.left - REACH && x < pane.right + REACH && y > pane.top - REACH && y < pane.bottom + REACH;
      const step = isNear ? edgeScroll(y - pane.top, pane.height) : 0;
      if (step) {
        this.to.element.scrollTop += step;
        this.follow();
      }
      this.scroll();
    });
  }

  private end(node: TreeNode | null): void {
    if (this.off.signal.aborted) return;
    this.off.abort();
    clearTimeout(this.spring);
    cancelAnimationFrame(this.frame);
    if (!this.ghost) return;
    this.ghost.remove();
    this.ghost = null;
    swallowClick();
    this.events.ended(node);
  }
}

/** The browser makes a click of a drag that ends where it began; it was none. */
function swallowClick(): void {
  const swallow = (event: Event) => event.stopPropagation();
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
}
