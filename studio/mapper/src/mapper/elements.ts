// Elements made by hand: text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = "",
  text?: string,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>> = {},
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** A button that shows an icon, a text or both. A button with an icon alone has its text as a name. */
export function button(className: string, label: string, options: { icon?: IconName; text?: boolean } = {}) {
  const made = element("button", className);
  made.type = "button";
  if (options.icon) made.append(icon(options.icon));
  if (options.text ?? !options.icon) made.append(element("span", "", label));
  else {
    made.title = label;
    made.setAttribute("aria-label", label);
  }
  return made;
}

// Each touches the page only where something changed: hundreds of rows are painted with every answer.

export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setClass(node: Element, className: string): void {
  if (node.getAttribute("class") !== className) node.setAttribute("class", className);
}

export function setAttribute(node: Element, name: string, value: string | null): void {
  if (value === null) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** Drawn on 16 by 16; a path in a list of its own is filled. */
const ICONS = {
  chevron: ["M6 4l4 4-4 4"],
  search: ["M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM10.4 10.4 14 14"],
  filter: ["M2 3.5h12L9.5 8.8V13l-3-1.5V8.8z"],
  openAll: ["M4.5 6 8 2.8 11.5 6M4.5 10 8 13.2 11.5 10"],
  closeAll: ["M4.5 2.8 8 6l3.5-3.2M4.5 13.2 8 10l3.5 3.2"],
  remove: ["M2.8 4.5h10.4M6 4.3V2.8h4v1.5M4.2 4.7l.6 8.5h6.4l.6-8.5M6.8 7v4M9.2 7v4"],
  edit: ["M10.8 2.8l2.4 2.4-7.6 7.6-3 .6.6-3z"],
  accept: ["M3 8.6l3.2 3.2L13 4.8"],
  reject: ["M4 4l8 8M12 4l-8 8"],
  note: ["M3 3h10v7l-3 3H3zM13 10h-3v3M5.5 6h5M5.5 8.5h3"],
  personal: ["M8 7.6a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM3.4 13.2c.4-2.4 2.2-3.7 4.6-3.7s4.2 1.3 4.6 3.7"],
  up: ["M4 10l4-4 4 4"],
  down: ["M4 6l4 4 4-4"],
  pick: ["M3 8h9M8.5 4.5 12 8l-3.5 3.5"],
  status_ok: ["M3.4 8.4l3 3 6.2-6.6"],
  status_note: ["M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.3v3.6M8 5v.3"],
  status_warning: ["M8 2.4 14.4 13.4H1.6zM8 6.6v3.2M8 11.5v.2"],
  status_error: ["M5.5 1.9h5L14.1 5.5v5l-3.6 3.6h-5L1.9 10.5v-5zM5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2"],
  status_missing: ["M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM5.5 8h5"],
  type_text: ["M4 4.4V3.5h8v.9M8 3.5v9M6.4 12.5h3.2"],
  type_number: ["M6.6 3 5.2 13M10.8 3 9.4 13M3.4 6.2h10M2.6 9.8h10"],
  type_integer: ["M6.6 3 5.2 13M10.8 3 9.4 13M3.4 6.2h10M2.6 9.8h10"],
  type_boolean: ["M5.3 4.6h5.4a3.4 3.4 0 0 1 0 6.8H5.3a3.4 3.4 0 0 1 0-6.8zM10.7 9.3a1.3 1.3 0 1 0 0-2.6 1.3 1.3 0 0 0 0 2.6z"],
  type_date: ["M3 4h10v9.2H3zM3 7h10M5.7 2.4v3M10.3 2.4v3"],
  type_datetime: ["M8 13.6A5.6 5.6 0 1 0 8 2.4a5.6 5.6 0 0 0 0 11.2zM8 4.9V8l2.2 1.5"],
  type_object: [
    "M6.2 3C4.6 3 5 5 4.8 6.3 4.7 7.3 4 8 3.2 8c.8 0 1.5.7 1.6 1.7C5 11 4.6 13 6.2 13",
    "M9.8 3c1.6 0 1.2 2 1.4 3.3.1 1 .8 1.7 1.6 1.7-.8 0-1.5.7-1.6 1.7-.2 1.3.2 3.3-1.4 3.3",
  ],
  type_list: ["M6.2 4.2h7M6.2 8h7M6.2 11.8h7M3 4.2h.4M3 8h.4M3 11.8h.4"],
  type_any: ["M8 3.6v8.8M4.2 5.8l7.6 4.4M4.2 10.2l7.6-4.4"],
  type_table: ["M2.8 3.4h10.4v9.2H2.8zM2.8 6.6h10.4M2.8 9.6h10.4M7 6.6v6"],
} as const;

export type IconName = keyof typeof ICONS;

/** An icon says nothing to a screen reader: its words stand beside it. */
export function icon(name: IconName, className = "icon"): SVGElement {
  const drawing = svg("svg", { class: className, viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" });
  for (const d of ICONS[name]) drawing.append(svg("path", { d }));
  return drawing;
}
