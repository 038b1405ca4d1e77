// When errors and warnings are shown: only those of the very text on screen, and never into somebody's typing.

import { browserClock, type Clock } from "../clock.ts";
import type { Diagnostic } from "../data.ts";

/** So long nothing is typed before a mark appears: a name that is half there is no error yet. */
export const QUIET = 600;

/** What there is to show of a text, or nothing for now. */
export type Show = (diagnostics: readonly Diagnostic[]) => void;

export class Marks {
  private text = "";
  private checked: string | null = null;
  private diagnostics: readonly Diagnostic[] = [];
  private isPopupOpen = false;
  private isQuiet = true;
  private shown: readonly Diagnostic[] = [];
  private waiting: (() => void) | undefined;
  private turn: (() => void) | undefined;

  constructor(
    private readonly show: Show,
    private readonly clock: Clock = browserClock,
  ) {}

  /** Another text stands there that nobody is typing. */
  replaced(text: string): void {
    this.text = text;
    if (this.shown.length) this.show([]);
    this.shown = [];
    this.isPopupOpen = false;
    this.settle();
  }

  typed(text: string): void {
    this.text = text;
    this.isQuiet = false;
    this.waiting?.();
    this.waiting = this.clock.after(QUIET, () => this.settle());
    this.soon();
  }

  /** Nobody types any more, as when the keyboard is elsewhere. */
  settle(): void {
    this.waiting?.();
    this.isQuiet = true;
    this.soon();
  }

  popup(isOpen: boolean): void {
    if (this.isPopupOpen === isOpen) return;
    this.isPopupOpen = isOpen;
    this.soon();
  }

  found(checked: string, diagnostics: readonly Diagnostic[]): void {
    this.checked = checked;
    this.diagnostics = diagnostics;
    this.soon();
  }

  close(): void {
    this.waiting?.();
    this.turn?.();
  }

  /** An editor cannot be changed while it tells of a change: the next turn is soon enough. */
  private soon(): void {
    this.turn ??= this.clock.after(0, () => {
      this.turn = undefined;
      this.draw();
    });
  }

  private draw(): void {
    const mayShow = this.checked === this.text && this.isQuiet && !this.isPopupOpen;
    const next = mayShow ? this.diagnostics : [];
    // The same ones once more are not read aloud once more.
    if (JSON.stringify(next) === JSON.stringify(this.shown)) return;
    this.shown = next;
    this.show(next);
  }
}

/** Positions counted in whole characters, as Python does, to those of JavaScript. */
export function inUnits(text: string, position: number): number {
  let units = 0;
  let characters = 0;
  for (const character of text) {
    if (characters >= position) break;
    characters += 1;
    units += character.length;
  }
  return units;
}

/** Where a diagnostic stands in the text: at least one character, where there is one. */
export function rangeOf(text: string, { from, to }: Diagnostic): { from: number; to: number } {
  const start = inUnits(text, Math.max(0, from));
  const end = Math.max(inUnits(text, to), start);
  if (end > start) return { from: start, to: end };
  if (start < text.length) return { from: start, to: start + (text.codePointAt(start)! > 0xffff ? 2 : 1) };
  // At the very end there is nothing to underline: the last character is what lacks something.
  const last = text.trimEnd().length;
  return { from: Math.max(0, last - 1), to: Math.max(0, last) };
}
