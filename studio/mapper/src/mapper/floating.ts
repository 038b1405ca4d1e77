// Things that float above the page: a menu, a card, a dialog. They take the focus in, keep it, and bring it back.

import { element } from "./elements.ts";
import type { Point } from "../lines/geometry.ts";

const MARGIN = 8;

/** A box of the browser's top layer: nothing on the page can cut it off or lie above it. */
export function floating(className: string, host: HTMLElement): HTMLElement {
  const box = element("div", `floating ${className}`);
  box.popover = "manual";
  host.append(box);
  box.showPopover();
  return box;
}

/** Puts a box at a place of the window, wholly inside of it. */
export function putAt(box: HTMLElement, at: Point): void {
  const { width, height } = box.getBoundingClientRect();
  const x = Math.max(MARGIN, Math.min(at.x, innerWidth - width - MARGIN));
  const y = at.y + height + MARGIN > innerHeight ? Math.max(MARGIN, at.y - height - 2 * MARGIN) : at.y;
  box.style.left = `${Math.round(x)}px`;
  box.style.top = `${Math.round(y)}px`;
}

/** Arrow keys, Home, End, first letters, Tab and Escape among the buttons of a box. */
export function steer(box: HTMLElement, cancel: () => void): void {
  box.addEventListener("keydown", (event) => {
    const buttons = [...box.querySelectorAll("button")];
    const root = box.getRootNode() as Document | ShadowRoot;
    const at = buttons.indexOf(root.activeElement as HTMLButtonElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) buttons[(at + step + buttons.length) % buttons.length]?.focus();
    else if (event.key === "Tab") buttons[(at + (event.shiftKey ? -1 : 1) + buttons.length) % buttons.length]?.focus();
    else if (event.key === "Home") buttons[0]?.focus();
    else if (event.key === "End") buttons.at(-1)?.focus();
    else if (event.key === "Escape") cancel();
    else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const wanted = event.key.toLowerCase();
      buttons.find((each) => each.textContent?.trim().toLowerCase().startsWith(wanted))?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** Calls once when the pointer is pressed outside of a box; the result calls it off. */
export function onPressOutside(box: HTMLElement, call: () => void): () => void {
  const pressed = (event: PointerEvent) => {
    if (!event.composedPath().includes(box)) call();
  };
  // In the capture phase, so that what is pressed next still gets its press.
  window.addEventListener("pointerdown", pressed, true);
  return () => window.removeEventListener("pointerdown", pressed, true);
}
