import assert from "node:assert/strict";
import { test } from "node:test";
import type { TreesData } from "../src/data.ts";
import { Store } from "../src/store.ts";

function trees(revision: string): TreesData {
  const empty = { title: "", nodes: [] };
  return { kind: "trees", revision, source: empty, target: empty, texts: {} };
}

test("trees that are there are told at once", () => {
  const store = new Store();
  store.put(trees("r1"));
  const told: string[] = [];

  store.when("r1", (each) => told.push(each.revision));

  assert.deepEqual(told, ["r1"]);
});

test("who asks too early is told when they come, once", () => {
  const store = new Store();
  const told: string[] = [];
  store.when("r1", (each) => told.push(each.revision));

  store.put(trees("r2"));
  assert.deepEqual(told, []);

  store.put(trees("r1"));
  store.put(trees("r1"));
  assert.deepEqual(told, ["r1"]);
});

test("who called it off is not told", () => {
  const store = new Store();
  const told: string[] = [];
  const callOff = store.when("r1", (each) => told.push(each.revision));

  callOff();
  store.put(trees("r1"));

  assert.deepEqual(told, []);
});

test("the last few revisions stay, older ones go", () => {
  const store = new Store();
  for (const revision of ["r1", "r2", "r3", "r4", "r5"]) store.put(trees(revision));

  assert.equal(store.get("r1"), undefined);
  assert.equal(store.get("r2")?.revision, "r2");
  assert.equal(store.get("r5")?.revision, "r5");
});

test("a field that goes ahead is told once, until Python has caught up", () => {
  const store = new Store();
  const told: string[] = [];
  const stop = store.follow(({ text }) => told.push(text));
  const ahead = { document: "order\nName", title: "Name", text: "name" };

  store.goTo(ahead);
  store.goTo({ ...ahead });
  assert.deepEqual(told, ["name"]);
  assert.equal(store.ahead?.document, "order\nName");

  store.goTo(null);
  store.goTo(ahead);
  stop();
  store.goTo({ ...ahead, document: "order\nCity" });
  assert.deepEqual(told, ["name", "name"]);
});
