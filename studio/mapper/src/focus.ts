// Where the keyboard was before: so that Escape leads back there.

interface Held {
  root: Node;
  element: HTMLElement;
}

let now: Held | undefined;
let before: Held | undefined;
let isWatching = false;

function note(element: EventTarget | null | undefined): void {
  if (!(element instanceof HTMLElement)) return;
  const root = element.getRootNode();
  if (now && now.root !== root) before = now;
  now = { root, element };
}

/** Begins to remember, once for the page; with what has the keyboard now, for an editor that is opened from there. */
export function watchFocus(): void {
  if (isWatching) return;
  isWatching = true;
  let holder = document.activeElement;
  while (holder?.shadowRoot?.activeElement) holder = holder.shadowRoot.activeElement;
  if (holder !== document.body) note(holder);
  document.addEventListener("focusin", (event) => note(event.composedPath()[0]), { capture: true });
}

/** Gives the keyboard back to where it was before it came into `root`; false where that is gone. */
export function goBackFrom(root: Node): boolean {
  const held = now?.root === root ? before : now;
  if (!held || held.root === root) return false;
  const there = held.element.isConnected ? held.element : inItsPlace(held.root);
  there?.focus();
  return there !== null;
}

/** A tree that was drawn again has new rows: the one that takes the keyboard stands for the one that is gone. */
function inItsPlace(root: Node): HTMLElement | null {
  if (!root.isConnected || !(root instanceof ShadowRoot)) return null;
  return root.querySelector<HTMLElement>('[tabindex="0"]');
}

const ATTEMPTS = 20;

/**
 * Takes the keyboard back when a dialog that took it unasked is gone: Streamlit shows one while its server cannot be
 * reached, and leaves the keyboard nowhere. `event` is the blur; a dialog that gives it to something else has decided.
 */
export function comeBackAfterDialog(event: FocusEvent, comeBack: () => void): void {
  let dialog = dialogOf(event.relatedTarget);
  if (!dialog) return;
  const watch = new MutationObserver(() => {
    if (dialog?.isConnected) return;
    // The dialog's own ways of giving the keyboard back come first; and one dialog may follow another.
    setTimeout(() => {
      if (dialog?.isConnected) return;
      dialog = dialogOf(document.activeElement);
      if (dialog) return;
      watch.disconnect();
      take(comeBack, ATTEMPTS);
    });
  });
  watch.observe(document.body, { childList: true, subtree: true });
}

/** A dialog that has gone may keep the page inert a little longer: then nothing can take the keyboard yet. */
function take(comeBack: () => void, attempts: number): void {
  if (document.activeElement !== document.body) return;
  comeBack();
  if (attempts > 1) setTimeout(() => take(comeBack, attempts - 1), 50);
}

function dialogOf(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest("[role=dialog]") : null;
}
