// The card of one line: what goes where, and what can be done with it.

import { button, element } from "../mapper/elements.ts";
import { floating, onPressOutside, putAt, steer } from "../mapper/floating.ts";
import type { Words } from "../mapper/texts.ts";
import type { RowAction } from "../trees/row.ts";
import type { Point } from "./geometry.ts";

export interface CardContent {
  source: string;
  target: string;
  converts: string;
  why: string;
  isSuggestion: boolean;
}

const SHOW_MS = 220;
const HIDE_MS = 280;

export class Card {
  private box: HTMLElement | null = null;
  private timer = 0;
  private off: (() => void) | null = null;
  /** What had the focus before it came in here. */
  private before: Element | null = null;

  constructor(private readonly host: HTMLElement) {}

  /** Shows it a moment later, as long as the pointer stays. */
  soon(show: () => void): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(show, this.box ? 0 : SHOW_MS);
  }

  /** Hides it a moment later, so that the pointer can get there. */
  leave(): void {
    clearTimeout(this.timer);
    if (!this.off) this.timer = window.setTimeout(() => this.close(), HIDE_MS);
  }

  /** `isPinned`: it was asked for by a click, takes the focus and stays until something else is pressed. */
  show(content: CardContent, at: Point, words: Words, isPinned: boolean, act: (action: Exclude<RowAction, "move">) => void): void {
    this.close();
    const box = floating("card", this.host);
    this.box = box;
    const way = element("div", "way");
    way.append(element("span", "from", content.source), element("span", "arrow", "→"), element("span", "to", content.target));
    box.append(way);
    const told = content.why || content.converts;
    if (told) box.append(element("div", "told", told));
    const actions = element("div", "buttons");
    for (const name of content.isSuggestion ? (["accept", "reject"] as const) : (["edit", "remove"] as const)) {
      const made = button(`do ${name}`, words.say(name), { icon: name, text: true });
      made.addEventListener("click", () => {
        this.close();
        act(name);
      });
      actions.append(made);
    }
    box.append(actions);
    box.addEventListener("pointerenter", () => clearTimeout(this.timer));
    box.addEventListener("pointerleave", () => this.leave());
    steer(box, () => this.close());
    putAt(box, { x: at.x - box.offsetWidth / 2, y: at.y + 10 });
    if (!isPinned) return;
    this.off = onPressOutside(box, () => this.close());
    this.before = this.active;
    box.querySelector("button")?.focus();
  }

  close(): void {
    clearTimeout(this.timer);
    this.off?.();
    this.off = null;
    const isFocused = this.box?.contains(this.active) ?? false;
    this.box?.remove();
    this.box = null;
    if (isFocused && this.before instanceof HTMLElement) this.before.focus({ preventScroll: true });
  }

  private get active(): Element | null {
    return (this.host.getRootNode() as Document | ShadowRoot).activeElement;
  }
}
