// The question when something is dropped on a field that is mapped already.

import { element } from "./elements.ts";
import { floating, onPressOutside, putAt, steer } from "./floating.ts";
import type { Point } from "../lines/geometry.ts";
import type { How } from "./operations.ts";
import type { Words } from "./texts.ts";

export interface Question {
  /** How the target, the source and what is mapped now are called. */
  target: string;
  source: string;
  old: string;
  /** The values on this sample, to show what joining gives; empty where there are none. */
  values: [string, string];
  choices: readonly How[];
}

/** Asks, at a place of the window; tells the answer once, null for none. Gives what closes it without an answer. */
export function ask(question: Question, at: Point, words: Words, host: HTMLElement, answer: (how: How | null) => void) {
  const box = floating("menu", host);
  box.setAttribute("role", "menu");
  const title = words.say("menu_title", { target: question.target });
  box.setAttribute("aria-label", title);
  const heading = element("div", "heading", title);
  heading.setAttribute("role", "presentation");
  box.append(heading);
  let isOpen = true;
  const close = (how: How | null) => {
    if (!isOpen) return;
    isOpen = false;
    off();
    box.remove();
    answer(how);
  };
  for (const how of question.choices) box.append(item(words.say(`menu_${how}`), help(how, question, words), () => close(how)));
  const cancel = item(words.say("cancel"), "", () => close(null));
  cancel.classList.add("cancel");
  box.append(cancel);
  steer(box, () => close(null));
  const off = onPressOutside(box, () => close(null));
  putAt(box, at);
  box.querySelector("button")?.focus();
  return () => close(null);
}

function item(label: string, helpText: string, choose: () => void): HTMLButtonElement {
  const made = element("button", "item");
  made.type = "button";
  made.setAttribute("role", "menuitem");
  made.append(element("b", "", label));
  if (helpText) made.append(element("span", "help", helpText));
  made.addEventListener("click", choose);
  return made;
}

function help(how: How, { source, old, values }: Question, words: Words): string {
  if (how === "replace") return words.say("menu_replace_help", { source, old });
  if (how === "first") return words.say("menu_first_help", { source, old });
  // What joining gives is shown by example: with the sample's values, else with the names.
  const [first, second] = values[0] && values[1] ? values : [old, source];
  return `\u2068${first}\u2069 \u2068${second}\u2069`;
}
