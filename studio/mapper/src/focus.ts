// Where the keyboard was before: so that Escape leads back there.

interface Held {
  root: Node;
  element: HTMLElement;
}

let now: Held | undefined;
let before: Held | undefined;
let isWatching = false;

function note(event: FocusEvent): void {
  const element = event.composedPath()[0];
  if (!(element instanceof HTMLElement)) return;
  const root = element.getRootNode();
  if (now && now.root !== root) before = now;
  now = { root, element };
}

/** Begins to remember, once for the page. */
export function watchFocus(): void {
  if (isWatching) return;
  isWatching = true;
  document.addEventListener("focusin", note, { capture: true });
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
