import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldType } from "../../src/data.ts";
import { fit } from "../../src/mapper/compat.ts";
import { node } from "../trees/samples.ts";

function fits(source: FieldType, target: FieldType, more = {}) {
  return fit(node("a", null, { type: source, ...more }), node("b", null, { type: target }));
}

test("the same type fits as it is, and anything fits what takes any value", () => {
  assert.equal(fits("date", "date"), "fits");
  assert.equal(fits("object", "any"), "fits");
  assert.equal(fits("integer", "number"), "fits");
});

test("what can be written in another type is converted", () => {
  assert.equal(fits("text", "date"), "converts");
  assert.equal(fits("number", "text"), "converts");
  assert.equal(fits("datetime", "date"), "converts");
  assert.equal(fits("number", "integer"), "converts");
});

test("lists and groups hardly fit where one value belongs", () => {
  assert.equal(fits("list", "text"), "hardly");
  assert.equal(fits("text", "object"), "hardly");
  assert.equal(fits("boolean", "date"), "hardly");
});

test("of many values only a list takes all", () => {
  assert.equal(fits("text", "text", { repeated: true }), "hardly");
  assert.equal(fits("text", "list", { repeated: true }), "hardly");
  assert.equal(fits("any", "any", { repeated: true }), "fits");
});

test("a lookup gives one value", () => {
  assert.equal(fits("table", "text"), "fits");
  assert.equal(fits("table", "list"), "hardly");
});
