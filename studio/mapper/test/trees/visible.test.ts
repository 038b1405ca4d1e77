import assert from "node:assert/strict";
import { test } from "node:test";
import { FieldTree } from "../../src/trees/tree.ts";
import { closedAtFirst, marked, visible } from "../../src/trees/visible.ts";
import { node, SOURCE, TARGET } from "./samples.ts";

const ALL = { query: "", onlyUnmapped: false };
const none = () => false;

function shown(query: string, closed: string[] = [], mapped: string[] = [], onlyUnmapped = false, tree = SOURCE) {
  const found = visible(tree, new Set(closed), { query, onlyUnmapped }, (id) => mapped.includes(id));
  return found.nodes.map((each) => each.id);
}

test("what stands in a closed group is hidden", () => {
  assert.deepEqual(shown("", ["customer", "rows"]), ["number", "customer", "rows"]);
});

test("row numbers count what is shown", () => {
  const found = visible(SOURCE, new Set(["customer"]), ALL, none);

  assert.equal(found.index.get("rows"), 2);
  assert.equal(found.index.get("customer.first"), undefined);
});

test("a search finds titles, names and paths, and shows the groups above, even closed ones", () => {
  assert.deepEqual(shown("last", ["customer"]), ["customer", "customer.last"]);
  assert.deepEqual(shown("unit_"), ["rows", "rows[].unit_price"]);
});

test("a search finds values", () => {
  const found = visible(SOURCE, new Set(), { query: "anna", onlyUnmapped: false }, none, (each) =>
    each.id === "customer.first" ? "Anna" : undefined,
  );

  assert.deepEqual(found.nodes.map((each) => each.id), ["customer", "customer.first"]);
  assert.equal(found.matches, 1);
});

test("a group that a search finds is shown with its fields", () => {
  assert.ok(shown("customer").includes("customer.born"));
});

test("letters with and without marks find each other", () => {
  const tree = new FieldTree([node("a", null, { label: "Välj café" })]);

  assert.deepEqual(shown("cafe", [], [], false, tree), ["a"]);
});

test("only what is not mapped: its groups stay, mapped fields go", () => {
  const found = shown("", [], ["Number", "Address.Name", "Lines[]"], true, TARGET);

  assert.deepEqual(found, ["Address", "Address.City", "Lines[]", "Lines[].UnitPrice", "Lines[].Sku"]);
});

test("the fields of an object that one formula fills are not missing", () => {
  assert.ok(!shown("", [], ["Address"], true, TARGET).includes("Address.City"));
});

test("search and filter hold together", () => {
  assert.deepEqual(shown("name", [], ["customer.first"], true), ["customer", "customer.last"]);
});

test("what was found is marked in the label", () => {
  assert.deepEqual(marked("Unit price", "PRICE"), [5, 10]);
  assert.equal(marked("Unit price", "sku"), null);
  assert.equal(marked("Unit price", " "), null);
});

test("a small tree begins open, a large one with the groups closed that matter least", () => {
  const fields = Array.from({ length: 10 }, (_, at) => [
    node(`g${at}`, null, { type: "object" }),
    ...Array.from({ length: 14 }, (_, n) => node(`g${at}.f${n}`, `g${at}`, { required: at === 1 && n === 0 })),
  ]).flat();
  const tree = new FieldTree(fields);

  const closed = closedAtFirst(tree, (id) => id === "g0.f3");

  assert.deepEqual(["g0", "g1", "g2"].map((id) => closed.has(id)), [false, false, true]);
  assert.equal(closedAtFirst(SOURCE, none).size, 0);
});
