import assert from "node:assert/strict";
import { test } from "node:test";
import type { Field, Line } from "../../src/data.ts";
import { childPairs, dropped, rehomed, type Situation } from "../../src/mapper/drop.ts";
import { FieldTree } from "../../src/trees/tree.ts";
import { node, SOURCE, TARGET } from "../trees/samples.ts";

function field(formula: string): Field {
  return { formula, chip: formula, value: "1", status: "ok", says: "", write: "always" };
}

function here(fields: Record<string, Field> = {}, lines: Line[] = [], target = TARGET): Situation {
  return { step: "order", source: SOURCE, target, fields, lines };
}

function line(source: string, target: string, direct = true): Line {
  return { source, target, kind: "field", direct };
}

function drop(source: string, target: string, situation = here()) {
  return dropped(SOURCE.get(source)!, TARGET.get(target)!, situation);
}

test("a drop on an empty field is a link", () => {
  const link = { op: "link", step: "order", target: "Address.City", source: "customer.last", how: "replace" };

  assert.deepEqual(drop("customer.last", "Address.City"), { kind: "send", operation: link });
});

test("a drop on a mapped field asks how", () => {
  const found = drop("customer.last", "Address.Name", here({ "Address.Name": field("'x'") }));

  assert.deepEqual(found.kind === "ask" && found.choices, ["replace", "join", "first"]);
});

test("a formula without a line counts as mapped too, an empty one does not", () => {
  assert.equal(drop("number", "Number", here({ Number: field("1 + 1") })).kind, "ask");
  assert.equal(drop("number", "Number", here({ Number: { ...field(""), status: "missing" } })).kind, "send");
});

test("the line that is there already changes nothing", () => {
  const known = here({ Number: field("number") }, [line("number", "Number")]);

  assert.equal(drop("number", "Number", known).kind, "nothing");
});

test("a field that stands in the formula already can only replace it", () => {
  const known = here({ Number: field("number & 'x'") }, [line("number", "Number", false)]);
  const found = drop("number", "Number", known);

  assert.deepEqual(found.kind === "ask" && found.choices, ["replace"]);
});

test("groups are not joined like words", () => {
  const found = drop("customer", "Address", here({ Address: field("billing") }));

  assert.deepEqual(found.kind === "ask" && found.choices, ["replace", "first"]);
});

test("a list on a list offers the fields of the same name, whatever their case and underscores", () => {
  const found = drop("rows", "Lines[]");

  assert.deepEqual(found.kind === "list" && found.pairs, [
    ["rows[].unit_price", "Lines[].UnitPrice"],
    ["rows[].sku", "Lines[].Sku"],
  ]);
});

test("what is mapped in the list already is not offered", () => {
  const pairs = childPairs(SOURCE.get("rows")!, TARGET.get("Lines[]")!, here({ "Lines[].Sku": field("sku") }));

  assert.deepEqual(pairs, [["rows[].unit_price", "Lines[].UnitPrice"]]);
});

test("a list whose fields share no name is linked at once", () => {
  const target = new FieldTree([node("Lines[]", null, { type: "list" }), node("Lines[].Else", "Lines[]")]);
  const found = dropped(SOURCE.get("rows")!, target.get("Lines[]")!, here({}, [], target));
  const operation = { op: "link_list", step: "order", target: "Lines[]", source: "rows", children: [] };

  assert.deepEqual(found, { kind: "send", operation });
});

test("a list target without the mark in its id is spoken of with it", () => {
  const target = new FieldTree([node("Lines", null, { type: "list" }), node("Lines[].Else", "Lines")]);
  const found = dropped(SOURCE.get("rows")!, target.get("Lines")!, here({}, [], target));

  assert.equal(found.kind === "send" && found.operation.op === "link_list" && found.operation.target, "Lines[]");
});

test("a field of a list dropped into a list that nothing is mapped to links the lists too", () => {
  const operation = {
    op: "link_list",
    step: "order",
    target: "Lines[]",
    source: "rows",
    children: [["rows[].note", "Lines[].Sku"]],
  };

  assert.deepEqual(drop("rows[].note", "Lines[].Sku"), { kind: "send", operation });
});

test("in a list that is mapped, a field is a field", () => {
  const found = drop("rows[].note", "Lines[].Sku", here({ "Lines[]": field("rows") }));

  assert.equal(found.kind === "send" && found.operation.op, "link");
});

test("a mapping whose field is gone moves to an empty field, and asks on a mapped one", () => {
  const gone = { ...TARGET.get("Number")!, id: "Old", gone: true };
  const city = TARGET.get("Address.City")!;

  const operation = { op: "move", step: "order", target: "Old", to: "Address.City" };
  assert.deepEqual(rehomed(gone, city, here()), { kind: "send", operation });
  assert.equal(rehomed(gone, city, here({ "Address.City": field("x") })).kind, "ask");
});
