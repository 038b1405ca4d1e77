import assert from "node:assert/strict";
import { test } from "node:test";
import type { Field, Line, MapperData } from "../../src/data.ts";
import type { Change } from "../../src/mapper/operations.ts";
import { picture } from "../../src/mapper/optimistic.ts";

const field = (formula: string): Field => ({ formula, chip: formula, value: "1", status: "ok", says: "", write: "on_create" });
const line = (source: string, target: string, direct = true): Line => ({ source, target, kind: "field", direct });

function data(more: Partial<MapperData> = {}): MapperData {
  return {
    kind: "mapper",
    trees: "r1",
    step: "order",
    lines: [line("a", "A"), line("b", "B", false), line("c", "B", false)],
    fields: { A: field("a"), B: field("b & c") },
    values: {},
    suggestions: [{ target: "D", source: "d", formula: "d", why: "same name" }],
    selected: null,
    acknowledged: {},
    progress: { required: 0, required_mapped: 0, problems: 0 },
    height: 400,
    ...more,
  };
}

function after(...changes: Change[]) {
  const found = picture(data(), changes);
  return { ...found, ways: found.lines.map((each) => `${each.source}>${each.target}`).sort() };
}

const link = (target: string, source: string, how: "replace" | "join" | "first" = "replace"): Change => {
  return { op: "link", step: "order", target, source, how };
};

test("without anything on the way the picture is what Python told", () => {
  assert.deepEqual(after().ways, ["a>A", "b>B", "c>B"]);
});

test("a link is there at once and its value is waited for", () => {
  const found = after(link("C", "$answers.unit"));

  assert.ok(found.ways.includes("$answers.unit>C"));
  assert.equal(found.lines.at(-1)?.kind, "answer");
  assert.ok(found.waiting.has("C"));
  assert.equal(found.selected, "C");
});

test("a link that replaces takes the other lines off and keeps the write rule", () => {
  const found = after(link("B", "x"));

  assert.deepEqual(found.ways, ["a>A", "x>B"]);
  assert.equal(found.fields["B"]?.write, "on_create");
});

test("a link that joins leaves the other lines", () => {
  assert.deepEqual(after(link("A", "x", "join")).ways, ["a>A", "b>B", "c>B", "x>A"]);
});

test("unlink takes all lines off, or only the one of a source", () => {
  assert.deepEqual(after({ op: "unlink", step: "order", target: "B" }).ways, ["a>A"]);
  assert.deepEqual(after({ op: "unlink", step: "order", target: "B", source: "c" }).ways, ["a>A", "b>B"]);
  assert.equal(after({ op: "unlink", step: "order", target: "A", source: "a" }).fields["A"], undefined);
});

test("a list comes with its children", () => {
  const change: Change = { op: "link_list", step: "order", target: "R[]", source: "r", children: [["r[].x", "R[].X"]] };

  assert.deepEqual(after(change).ways.filter((way) => way.startsWith("r")), ["r>R[]", "r[].x>R[].X"]);
});

test("an accepted suggestion is a line, a rejected one is gone", () => {
  const accepted = after({ op: "accept", step: "order", target: "D", formula: "d" });

  assert.ok(accepted.ways.includes("d>D"));
  assert.equal(accepted.suggestions.length, 0);
  assert.deepEqual(after({ op: "reject", step: "order", target: "D" }).suggestions, []);
});

test("a moved mapping takes its lines and what it is with it", () => {
  const found = after({ op: "move", step: "order", target: "B", to: "C" });

  assert.deepEqual(found.ways, ["a>A", "b>C", "c>C"]);
  assert.equal(found.fields["C"]?.formula, "b & c");
  assert.equal(found.fields["B"], undefined);
});

test("what Python told is not changed by what is shown meanwhile", () => {
  const told = data();
  const before = structuredClone(told);
  picture(told, [link("A", "x"), { op: "unlink", step: "order", target: "B" }, { op: "reject", step: "order", target: "D" }]);

  assert.deepEqual(told, before);
});

test("a value that is copied is shown before it is worked out, one that is joined is not", () => {
  const copied = (source: string) => `value of ${source}`;

  assert.equal(picture(data(), [link("X", "a")], copied).fields["X"]?.value, "value of a");
  assert.equal(picture(data(), [link("A", "b", "join")], copied).fields["A"]?.value, null);
});
