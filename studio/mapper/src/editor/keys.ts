// The keyboard of the editor. Tab is nobody's here: it leaves, as everywhere on the page.

import { closeBracketsKeymap, completionStatus } from "@codemirror/autocomplete";
import { defaultKeymap, historyKeymap } from "@codemirror/commands";
import { type Extension, Prec } from "@codemirror/state";
import { type Command, keymap } from "@codemirror/view";

export interface Wishes {
  commit: () => void;
  flush: () => void;
  leave: () => void;
}

export function keys(wishes: Wishes): Extension {
  const wish = (call: () => void): Command => () => {
    call();
    return true;
  };
  // Before completion's own keys: Ctrl+Enter never takes a proposal.
  const first = keymap.of([
    { key: "Mod-Enter", run: wish(wishes.commit), preventDefault: true },
    { key: "Mod-s", run: wish(wishes.flush), preventDefault: true },
  ]);
  // After all others: Escape first closes a list or ends a template.
  const last = keymap.of([
    { key: "Escape", run: (view) => (completionStatus(view.state) === "active" ? false : wish(wishes.leave)(view)) },
  ]);
  const bindings = keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]);
  return [Prec.highest(first), Prec.low(bindings), Prec.lowest(last)];
}

/** Keys that mean something to the whole page even here: F6 between its parts, F8 to the next problem, … */
const PAGE_KEYS = /^F\d+$/;

/** Keeps what is typed from the page, where Streamlit takes single letters for commands. */
export function keepKeys(host: HTMLElement): void {
  for (const name of ["keydown", "keypress", "keyup"] as const)
    host.addEventListener(name, (event) => {
      if (!PAGE_KEYS.test(event.key)) event.stopPropagation();
    });
}
