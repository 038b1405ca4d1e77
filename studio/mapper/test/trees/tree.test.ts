import assert from "node:assert/strict";
import { test } from "node:test";
import { FieldTree, GONE } from "../../src/trees/tree.ts";
import { node, SOURCE } from "./samples.ts";

const ids = (tree: FieldTree) => tree.nodes.map((each) => each.id);

test("nodes stand in reading order whatever order they came in", () => {
  const tree = new FieldTree([node("b", null), node("a.x", "a"), node("a", null), node("b.y", "b")]);

  assert.deepEqual(ids(tree), ["b", "b.y", "a", "a.x"]);
});

test("each node knows its depth and its place among its siblings", () => {
  const last = SOURCE.get("customer.last")!;

  assert.deepEqual([last.depth, last.place, last.siblings], [1, 2, 3]);
});

test("a node whose parent nobody knows is a root", () => {
  const tree = new FieldTree([node("a.b", "a")]);

  assert.deepEqual([tree.roots[0]?.id, tree.roots[0]?.parent], ["a.b", null]);
});

test("a ring of parents is cut and loses no field", () => {
  const tree = new FieldTree([node("a", "b"), node("b", "a"), node("c", "c")]);

  assert.deepEqual(ids(tree).sort(), ["a", "b", "c"]);
});

test("what is gone from the schema stands first, in a group of its own", () => {
  const tree = new FieldTree([node("a", null), node("old", null, { gone: true })], "No longer there");

  assert.deepEqual(ids(tree), [GONE, "old", "a"]);
  assert.equal(tree.get(GONE)?.label, "No longer there");
});

test("a path that no schema names belongs to the nearest place above it", () => {
  assert.equal(SOURCE.nearest("customer.pet.name")?.id, "customer");
  assert.equal(SOURCE.nearest("rows[].unknown")?.id, "rows");
  assert.equal(SOURCE.nearest("rows[]")?.id, "rows");
  assert.equal(SOURCE.nearest("nowhere"), undefined);
});
