// Small trees for the tests.

import type { Node } from "../../src/data.ts";
import { FieldTree } from "../../src/trees/tree.ts";

export function node(id: string, parent: string | null, more: Partial<Node> = {}): Node {
  return { id, parent, label: more.label ?? id, name: id.split(".").at(-1)!, type: "text", ...more };
}

export const SOURCE = new FieldTree([
  node("number", null, { label: "Order number", type: "integer" }),
  node("customer", null, { label: "Customer", type: "object" }),
  node("customer.first", "customer", { label: "First name" }),
  node("customer.last", "customer", { label: "Last name" }),
  node("customer.born", "customer", { label: "Born", type: "date" }),
  node("rows", null, { label: "Rows", type: "list" }),
  node("rows[].unit_price", "rows", { label: "Unit price", name: "unit_price", type: "number", repeated: true }),
  node("rows[].sku", "rows", { label: "SKU", name: "sku", repeated: true }),
  node("rows[].note", "rows", { label: "Note", name: "note", repeated: true }),
]);

export const TARGET = new FieldTree([
  node("Number", null, { label: "Number", required: true }),
  node("Address", null, { type: "object" }),
  node("Address.Name", "Address", { label: "Name", required: true }),
  node("Address.City", "Address", { label: "City" }),
  node("Lines[]", null, { label: "Lines", type: "list" }),
  node("Lines[].UnitPrice", "Lines[]", { type: "number", repeated: true }),
  node("Lines[].Sku", "Lines[]", { repeated: true }),
]);
