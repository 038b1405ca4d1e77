import assert from "node:assert/strict";
import { test } from "node:test";
import type { Field, Line } from "../../src/data.ts";
import { fullTitle, looks, strokeOf, titled } from "../../src/mapper/looks.ts";
import { Words } from "../../src/mapper/texts.ts";
import { SOURCE, TARGET } from "../trees/samples.ts";

const words = new Words({ mapped_from: "mapped from {sources}", not_mapped: "not mapped", status_missing: "required, not mapped" }, "en");
const field = (more: Partial<Field> = {}): Field => {
  return { formula: "x", chip: "x", value: "Anna", status: "ok", says: "", write: "always", ...more };
};
const line = (source: string, target: string, direct = true): Line => ({ source, target, kind: "field", direct });

function shown(lines: Line[], fields: Record<string, Field>) {
  const picture = { lines, fields, suggestions: [], selected: null, waiting: new Set<string>() };
  return looks({ source: SOURCE, target: TARGET, picture, values: {}, words });
}

const bare = (text: string | undefined) => text?.replace(/[\u2068\u2069]/g, "");

test("a row says what it is mapped from and its value", () => {
  const found = shown([line("customer.first", "Address.Name")], { "Address.Name": field() });

  assert.equal(bare(found.target.get("Address.Name")?.says), "mapped from Customer: First name, Anna");
});

test("a required field that nothing is mapped to is missing, another is just not mapped", () => {
  const found = shown([], {});

  assert.equal(found.target.get("Number")?.says, "required, not mapped");
  assert.equal(found.target.get("Address.City")?.says, "not mapped");
});

test("ports tell how a field is mapped, and that something in a group is", () => {
  const lines = [line("number", "Number"), line("customer.last", "Address.Name", false)];
  const found = shown(lines, { Number: field(), "Address.Name": field(), "Address.City": field({ status: "error" }) });

  const ports = ["Number", "Address", "Address.Name", "Address.City", "Lines[]"].map((id) => found.target.get(id)?.port);
  assert.deepEqual(ports, ["direct", "within", "formula", "error", ""]);
  assert.equal(found.source.get("customer")?.port, "within");
});

test("a field is called by its group and its title; a path that no schema names by itself", () => {
  assert.equal(titled(SOURCE, "customer.last"), "Customer: Last name");
  assert.equal(titled(SOURCE, "customer.pet"), "customer.pet");
});

test("how a line is drawn follows from its formula, its list and where it begins", () => {
  const stroke = (each: Line) => strokeOf(each, SOURCE);

  assert.equal(stroke(line("number", "A")), "field");
  assert.equal(stroke(line("number", "A", false)), "formula");
  assert.equal(stroke(line("rows", "Lines[]")), "list");
  assert.equal(stroke(line("number", "Lines[]", false)), "formula");
  assert.equal(stroke({ ...line("$lookups.terms", "A", false), kind: "lookup" }), "lookup");
});

test("values from outside are set apart, so that they cannot turn the words around them", () => {
  const text = new Words({ removed: "{target} is not mapped" }, "en").say("removed", { target: "\u202eevil" });

  assert.equal(text, "\u2068\u202eevil\u2069 is not mapped");
});

test("a number decides the form, and is written as people write it", () => {
  const polish = new Words({ fields_one: "{count} pole", fields_few: "{count} pola", fields_other: "{count} pól" }, "pl");

  assert.deepEqual([1, 3, 12].map((count) => polish.count("fields", count)), ["1 pole", "3 pola", "12 pól"]);
});

test("a field in a group is called with the group, as the engine calls it", () => {
  assert.equal(fullTitle(TARGET, "Number"), "Number");
  assert.equal(fullTitle(TARGET, "Address.City"), "Address, city");
});
