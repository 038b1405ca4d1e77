import assert from "node:assert/strict";
import { test } from "node:test";
import type { Field } from "../../src/data.ts";
import { like, proposedHome } from "../../src/mapper/homes.ts";
import { FieldTree } from "../../src/trees/tree.ts";
import { node, TARGET } from "../trees/samples.ts";

const gone = (name: string) => new FieldTree([node(name, null, { gone: true })]).get(name)!;
const taken: Record<string, Field> = {
  "Address.City": { formula: "x", chip: "x", value: "", status: "ok", says: "", write: "always" },
};

test("names are alike by their words, whatever their case and the marks between them", () => {
  assert.equal(like("CustomerName", "customer_name"), 1);
  assert.equal(like("CustomerName", "Name"), 0.5);
  assert.equal(like("CustomerName", "Currency"), 0);
});

test("the field named most like it is proposed", () => {
  assert.equal(proposedHome(gone("city_name"), TARGET, {})?.id, "Address.Name");
  assert.equal(proposedHome(gone("City"), TARGET, {})?.id, "Address.City");
  assert.equal(proposedHome(gone("InvoiceCity"), TARGET, {})?.id, "Address.City");
});

test("a field that is mapped already is no home, and nothing like it is none", () => {
  assert.equal(proposedHome(gone("City"), TARGET, taken), null);
  assert.equal(proposedHome(gone("Discount"), TARGET, {}), null);
});
