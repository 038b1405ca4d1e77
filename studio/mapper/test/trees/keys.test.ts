import assert from "node:assert/strict";
import { test } from "node:test";
import { move, TypeAhead } from "../../src/trees/keys.ts";
import { visible } from "../../src/trees/visible.ts";
import { SOURCE } from "./samples.ts";

function pressed(key: string, at: string, closed: string[] = []) {
  const shut = new Set(closed);
  const rows = visible(SOURCE, shut, { query: "", onlyUnmapped: false }, () => false);
  return move(key, rows, at, (id) => !shut.has(id));
}

test("arrows go from row to row and stop at the ends", () => {
  assert.deepEqual(pressed("ArrowDown", "number"), { focus: "customer" });
  assert.deepEqual(pressed("ArrowDown", "customer", ["customer"]), { focus: "rows" });
  assert.deepEqual(pressed("ArrowUp", "number"), { focus: "number" });
  assert.deepEqual(pressed("Home", "rows"), { focus: "number" });
  assert.deepEqual(pressed("End", "number"), { focus: "rows[].note" });
});

test("right opens a closed group, then goes into it", () => {
  assert.deepEqual(pressed("ArrowRight", "customer", ["customer"]), { toggle: "customer", open: true });
  assert.deepEqual(pressed("ArrowRight", "customer"), { focus: "customer.first" });
  assert.deepEqual(pressed("ArrowRight", "number"), { focus: "number" });
});

test("left goes out to the group, then closes it", () => {
  assert.deepEqual(pressed("ArrowLeft", "customer.last"), { focus: "customer" });
  assert.deepEqual(pressed("ArrowLeft", "customer"), { toggle: "customer", open: false });
  assert.deepEqual(pressed("ArrowLeft", "customer", ["customer"]), { focus: "customer" });
});

test("other keys are not for moving", () => {
  assert.equal(pressed("Enter", "number"), null);
});

const rows = visible(SOURCE, new Set(), { query: "", onlyUnmapped: false }, () => false);

test("letters typed one after another are the beginning of a label", () => {
  const ahead = new TypeAhead();

  assert.equal(ahead.next("l", rows, "number", 1_000), "customer.last");
  assert.equal(ahead.next("a", rows, "customer.last", 1_200), "customer.last");
  assert.equal(ahead.next("x", rows, "customer.last", 1_300), null);
});

test("after a pause a word begins anew", () => {
  const ahead = new TypeAhead();
  ahead.next("f", rows, "number", 1_000);

  assert.equal(ahead.next("b", rows, "customer.first", 3_000), "customer.born");
});

test("the same letter again goes to the next that begins with it, and round", () => {
  const ahead = new TypeAhead();
  const first = ahead.next("n", rows, "rows", 0);
  const second = ahead.next("n", rows, first!, 100);

  assert.deepEqual([first, second], ["rows[].note", "number"]);
});

test("names as they stand in the document are found too", () => {
  assert.equal(new TypeAhead().next("u", rows, "number", 0), "rows[].unit_price");
});
