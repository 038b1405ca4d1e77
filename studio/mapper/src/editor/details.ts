// The card beside a proposal or under the pointer: what a field holds, what a function does.

import type { FunctionData, Texts } from "../data.ts";
import type { Option } from "./completion.ts";
import type { SourceField } from "./fields.ts";
import { says } from "./texts.ts";

/** An element with text in it; names and values come from outside and never become markup. */
export function element(tag: string, className: string, ...inside: (string | Node)[]): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

export function usage(each: FunctionData): string {
  return each.signature || `$${each.name}(${each.arguments.join(", ")})`;
}

function ofFunction(each: FunctionData, texts: Texts): HTMLElement {
  const card = element("div", "card", element("div", "card-usage", usage(each)));
  if (each.help) card.append(element("div", "card-help", each.help));
  if (each.example)
    card.append(element("div", "card-example", element("span", "card-word", says(texts, "editor_example")), element("code", "", each.example)));
  return card;
}

function ofField(field: SourceField, texts: Texts): HTMLElement | null {
  // An object's or list's value is its fields'.
  const isWhole = ["object", "list", "table"].includes(field.type);
  if (isWhole && !field.value && !field.help) return null;
  const card = element("div", "card", element("div", "card-title", field.label || field.id));
  card.append(element("div", "card-path", field.id));
  if (field.value) card.append(element("div", "card-value", field.value));
  else if (!isWhole) card.append(element("div", "card-none", says(texts, "editor_no_value")));
  if (field.help) card.append(element("div", "card-help", field.help));
  return card;
}

/** What there is to say about a proposal; null where it says all itself. */
export function detailsOf(option: Pick<Option, "function" | "field" | "help" | "label" | "detail">, texts: Texts): HTMLElement | null {
  if (option.function) return ofFunction(option.function, texts);
  if (option.field) return ofField(option.field, texts);
  if (!option.help && !option.detail) return null;
  const card = element("div", "card", element("div", "card-usage", option.label));
  if (option.detail) card.append(element("div", "card-value", option.detail));
  if (option.help) card.append(element("div", "card-help", option.help));
  return card;
}
