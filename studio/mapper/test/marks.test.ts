import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "../src/data.ts";
import { inUnits, Marks, QUIET, rangeOf } from "../src/editor/marks.ts";
import { Hand } from "./hand.ts";

const WRONG: Diagnostic = { from: 0, to: 3, severity: "error", message: "There is no field abc." };

function made() {
  const shown: string[] = [];
  const clock = new Hand();
  const marks = new Marks((each) => shown.push(each.map(({ message }) => message).join()), clock);
  return { shown, clock, marks };
}

test("what is wrong with a formula that is opened is shown at once", () => {
  const { marks, clock, shown } = made();

  marks.replaced("abc");
  marks.found("abc", [WRONG]);
  clock.pass(0);

  assert.deepEqual(shown, [WRONG.message]);
});

test("what is wrong with another text is not shown", () => {
  const { marks, clock, shown } = made();

  marks.replaced("abcd");
  marks.found("abc", [WRONG]);
  clock.pass(10_000);

  assert.deepEqual(shown, []);
});

test("while somebody types nothing is shown, after a pause it is", () => {
  const { marks, clock, shown } = made();
  marks.typed("abc");
  marks.found("abc", [WRONG]);

  clock.pass(QUIET - 1);
  assert.deepEqual(shown, []);

  clock.pass(1);
  clock.pass(0);
  assert.deepEqual(shown, [WRONG.message]);
});

test("typing on takes the marks away", () => {
  const { marks, clock, shown } = made();
  marks.replaced("abc");
  marks.found("abc", [WRONG]);
  clock.pass(0);

  marks.typed("abcd");
  clock.pass(0);

  assert.deepEqual(shown, [WRONG.message, ""]);
});

test("as long as proposals are shown nothing is", () => {
  const { marks, clock, shown } = made();
  marks.popup(true);
  marks.typed("abc");
  marks.found("abc", [WRONG]);
  clock.pass(QUIET);
  clock.pass(0);
  assert.deepEqual(shown, []);

  marks.popup(false);
  clock.pass(0);
  assert.deepEqual(shown, [WRONG.message]);
});

test("leaving the editor shows them without a pause", () => {
  const { marks, clock, shown } = made();
  marks.typed("abc");
  marks.found("abc", [WRONG]);

  marks.settle();
  clock.pass(0);

  assert.deepEqual(shown, [WRONG.message]);
});

test("the same finding once more is not said once more", () => {
  const { marks, clock, shown } = made();
  marks.replaced("abc");
  marks.found("abc", [WRONG]);
  clock.pass(0);
  marks.found("abc", [{ ...WRONG }]);
  clock.pass(0);

  assert.deepEqual(shown, [WRONG.message]);
});

test("positions are counted in whole characters", () => {
  assert.equal(inUnits("😀ab", 1), 2);
  assert.deepEqual(rangeOf("😀ab", { ...WRONG, from: 1, to: 2 }), { from: 2, to: 3 });
});

test("a mark has at least one character, at the end the last one", () => {
  assert.deepEqual(rangeOf("abc", { ...WRONG, from: 1, to: 1 }), { from: 1, to: 2 });
  assert.deepEqual(rangeOf("a + ", { ...WRONG, from: 4, to: 4 }), { from: 2, to: 3 });
  assert.deepEqual(rangeOf("", { ...WRONG, from: 0, to: 0 }), { from: 0, to: 0 });
  assert.deepEqual(rangeOf("abc", { ...WRONG, from: 90, to: 99 }), { from: 2, to: 3 });
});
