// Whether a value fits into a field: as it is, converted, or hardly.

import type { Node, FieldType } from "../data.ts";

/** "hardly" is never forbidden: a person may know better. */
export type Fit = "fits" | "converts" | "hardly";

const FROM_TEXT: readonly FieldType[] = ["number", "integer", "boolean", "date", "datetime"];
const CONVERTS: ReadonlySet<string> = new Set([
  ...FROM_TEXT.flatMap((type) => [`text ${type}`, `${type} text`]),
  "number integer",
  "date datetime",
  "datetime date",
  "boolean integer",
  "boolean number",
]);

export function fit(source: Node, target: Node): Fit {
  const [from, to] = [source.type, target.type];
  // Of many values only a list field can take all.
  if (source.repeated && !target.repeated && to !== "list" && to !== "any") return "hardly";
  if (from === to || from === "any" || to === "any" || (from === "integer" && to === "number")) return "fits";
  if (from === "table") return to === "object" || to === "list" ? "hardly" : "fits";
  return CONVERTS.has(`${from} ${to}`) ? "converts" : "hardly";
}
