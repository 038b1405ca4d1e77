import assert from "node:assert/strict";
import { test } from "node:test";
import type { EditorData, FunctionData, Node, TreesData } from "../src/data.ts";
import { Known } from "../src/editor/knowledge.ts";
import { Store } from "../src/store.ts";

const SUM: FunctionData = { name: "sum", arguments: ["list"], signature: "", help: "", example: "" };
const ADD: FunctionData = { ...SUM, name: "add" };
const ROWS: Node = { id: "orderrows", parent: null, name: "orderrows", label: "Rows", type: "list" };
const PRICE: Node = { id: "orderrows[].price", parent: "orderrows", name: "price", label: "Price", type: "number", value: "1" };

function trees(revision: string, nodes: Node[]): TreesData {
  const target = { title: "", nodes: [] };
  return { kind: "trees", revision, source: { title: "", nodes }, target, texts: {}, functions: [SUM] };
}

function data(more: Partial<EditorData> = {}): EditorData {
  return {
    ...{ kind: "editor", document: "d", title: "D", reset: 0, text: "", checked: "", diagnostics: [], trees: "r1", scope: null },
    ...{ variables: [], label: "", placeholder: "", height: 150, texts: {} },
    ...more,
  };
}

test("functions come with the trees, or with the editor's own data", () => {
  const store = new Store();
  store.put(trees("r1", []));
  const known = new Known(store);

  assert.deepEqual(known.of(data()).functions, [SUM]);
  assert.deepEqual(known.of(data({ functions: [ADD] })).functions, [ADD]);
});

test("a list mapping's fields are those of its items, by the list's path", () => {
  const store = new Store();
  store.put(trees("r1", [ROWS, PRICE]));

  assert.deepEqual(new Known(store).of(data({ scope: "orderrows" })).base, ["orderrows"]);
});

test("another sample's values come without the trees", () => {
  const store = new Store();
  store.put(trees("r1", [ROWS, PRICE]));
  const known = new Known(store);
  const price = () => known.of(data()).fields.at(["orderrows", "price"])?.value;
  assert.equal(price(), "1");

  store.values = { "orderrows[].price": "2" };

  assert.equal(price(), "2");
});

test("trees that are on their way leave what was known", () => {
  const store = new Store();
  store.put(trees("r1", [ROWS]));
  const known = new Known(store);
  known.of(data());

  assert.equal(known.of(data({ trees: "r2" })).fields.all.length, 1);
});
