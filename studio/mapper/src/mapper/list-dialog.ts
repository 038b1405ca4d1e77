// Which fields of two lists belong together: offered by name, all chosen, each can be left out.

import { button, element } from "./elements.ts";
import type { Pair } from "./drop.ts";
import type { Words } from "./texts.ts";

export interface ListQuestion {
  source: string;
  target: string;
  pairs: readonly Pair[];
  /** How the fields of a pair are called. */
  called: (pair: Pair) => [string, string];
  replaces: boolean;
}

/** Asks; tells the chosen pairs once, null for none of it. Gives what closes it. */
export function chooseChildren(question: ListQuestion, words: Words, host: HTMLElement, answer: (pairs: Pair[] | null) => void) {
  const dialog = element("dialog", "list-dialog");
  const title = element("h2", "", words.say("list_title", { source: question.source, target: question.target }));
  title.id = "list-dialog-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const boxes = question.pairs.map((pair) => ({ pair, ...checkbox(question.called(pair)) }));
  const list = element("ul", "pairs");
  list.append(...boxes.map((each) => each.item));
  dialog.append(title);
  if (question.replaces) dialog.append(element("p", "", words.say("list_replaces")));
  dialog.append(element("p", "", words.say(boxes.length ? "list_help" : "list_none")), list);

  const apply = button("main", words.say("list_apply"));
  const cancel = button("plain", words.say("cancel"));
  const feet = element("div", "feet");
  feet.append(cancel, apply);
  dialog.append(feet);

  let isOpen = true;
  const close = (chosen: Pair[] | null) => {
    if (!isOpen) return;
    isOpen = false;
    dialog.close();
    dialog.remove();
    answer(chosen);
  };
  apply.addEventListener("click", () => close(boxes.filter((each) => each.input.checked).map((each) => each.pair)));
  cancel.addEventListener("click", () => close(null));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(null);
  });
  // While it is open the page's own letters are not meant.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  host.append(dialog);
  dialog.showModal();
  apply.focus();
  return () => close(null);
}

function checkbox([source, target]: [string, string]) {
  const item = element("li");
  const label = element("label");
  const input = element("input");
  input.type = "checkbox";
  input.checked = true;
  label.append(input, element("span", "from", source), element("span", "arrow", "→"), element("span", "to", target));
  item.append(label);
  return { item, input };
}
