import assert from "node:assert/strict";
import { test } from "node:test";
import type { Line } from "../../src/data.ts";
import { end, place, type PaneView } from "../../src/lines/ends.ts";
import { rowMiddle } from "../../src/lines/geometry.ts";
import { visible } from "../../src/trees/visible.ts";
import { SOURCE, TARGET } from "../trees/samples.ts";

function view(tree = SOURCE, { closed = [] as string[], query = "", scrollTop = 0, height = 600 } = {}): PaneView {
  const rows = visible(tree, new Set(closed), { query, onlyUnmapped: false }, () => false);
  return { tree, rows, scrollTop, height };
}

function line(source: string, target: string): Line {
  return { source, target, kind: "field", direct: true };
}

test("a line ends at the middle of its row", () => {
  const found = end("customer", view());

  assert.deepEqual([found?.y, found?.beyond, found?.isStandIn], [rowMiddle(1, 0), null, false]);
});

test("a field in a closed group is stood for by the group", () => {
  const found = end("customer.last", view(SOURCE, { closed: ["customer"] }));

  assert.deepEqual([found?.node.id, found?.isStandIn], ["customer", true]);
});

test("a field that no schema names is stood for by the nearest that one does", () => {
  assert.equal(end("customer.pet", view())?.isStandIn, true);
  assert.equal(end("elsewhere", view()), null);
});

test("a list is itself with and without its mark", () => {
  assert.equal(end("rows[]", view())?.isStandIn, false);
});

test("what a search hides has no end", () => {
  assert.equal(end("number", view(SOURCE, { query: "last" })), null);
});

test("ends out of sight are counted at their edge, with the nearest to go to", () => {
  const source = view(SOURCE, { scrollTop: 150, height: 60 });
  const { placed, edges } = place([line("number", "Number"), line("customer", "Address.Name")], source, view(TARGET));

  assert.equal(placed.length, 2);
  assert.deepEqual(edges, [{ side: "source", beyond: "above", count: 2, nearest: "customer" }]);
});

test("a line with neither end in sight is not drawn", () => {
  const source = view(SOURCE, { scrollTop: 200, height: 60 });
  const target = view(TARGET, { scrollTop: 200, height: 60 });

  assert.equal(place([line("number", "Number")], source, target).placed.length, 0);
});
