import assert from "node:assert/strict";
import { test } from "node:test";
import { clamped, curve, edgeScroll, EDGE, revealed, ROW, rowAt, rowMiddle } from "../../src/lines/geometry.ts";

test("the row at the middle of a row is that row, wherever one has scrolled to", () => {
  for (const row of [0, 7, 499]) {
    for (const scrolled of [0, 13, 900]) assert.equal(rowAt(rowMiddle(row, scrolled), scrolled), row);
  }
});

test("an end in sight stays where it is, one beyond goes to the edge", () => {
  assert.deepEqual(clamped(100, 300), { y: 100, beyond: null });
  assert.deepEqual(clamped(-40, 300), { y: EDGE, beyond: "above" });
  assert.deepEqual(clamped(340, 300), { y: 300 - EDGE, beyond: "below" });
});

test("a curve leaves and arrives level", () => {
  assert.equal(curve({ x: 0, y: 10 }, { x: 100, y: 60 }), "M0 10C50 10 50 60 100 60");
});

test("a row in sight needs no scrolling, another just as much as is needed", () => {
  assert.equal(revealed(3, 0, 300), 0);
  assert.equal(rowMiddle(20, revealed(20, 0, 300)) + ROW / 2 < 300, true);
  assert.equal(rowMiddle(2, revealed(2, 400, 300)) - ROW / 2 >= 0, true);
});

test("a drag scrolls near the edges only, faster the nearer", () => {
  assert.equal(edgeScroll(150, 300), 0);
  assert.ok(edgeScroll(30, 300) < 0);
  assert.ok(edgeScroll(5, 300) < edgeScroll(30, 300));
  assert.ok(edgeScroll(290, 300) > 0);
});
