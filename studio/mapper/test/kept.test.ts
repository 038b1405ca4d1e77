import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeptData } from "../src/data.ts";
import { browserShelf, Kept, type Shelf } from "../src/kept.ts";

const DAY = 24 * 3_600_000;

function shelf(): Shelf & { held: Map<string, string> } {
  const held = new Map<string, string>();
  return {
    held,
    names: () => [...held.keys()],
    get: (name) => held.get(name) ?? null,
    put: (name, text) => void (text === null ? held.delete(name) : held.set(name, text)),
  };
}

const told = (more: Partial<KeptData> = {}): KeptData => ({
  ...{ kind: "kept", flow: "orders", by: "Ada", revision: 4, heard: {}, seen: {}, unsaved: [], waiting: [] },
  ...more,
});

/** One page after another, in one browser. */
function made() {
  const shared = shelf();
  const time = { now: 1_000_000 };
  const open = (tab = "t1", flow = "orders") => {
    const kept = new Kept(shared, tab, () => time.now);
    kept.tell(told({ flow }));
    return kept;
  };
  return { shared, time, open };
}

test("what was typed is there after a reload, with what the draft had of it", () => {
  const { open } = made();
  const before = open();
  before.typed("c1", 1, "order\nName", "a", "");
  before.typed("c1", 1, "order\nName", "ab", "");
  assert.deepEqual(before.lost(), [], "it is on its way as long as the page lives");

  const [item, ...others] = open().lost();

  assert.deepEqual(others, []);
  assert.deepEqual(item, {
    ...{ flow: "orders", by: "Ada", revision: 4, client: "c1", n: 1, at: 1_000_000 },
    ...{ document: "order\nName", text: "ab", was: [""] },
  });
});

test("a text that was sent may be what the draft has", () => {
  const { open } = made();
  const before = open();
  before.typed("c1", 1, "order\nName", "sent", "old");
  before.typed("c1", 2, "order\nName", "sent and more", "old");

  assert.deepEqual(open().lost()[0]?.was, ["old", "sent"]);
});

test("what Python has counted is gone", () => {
  const { open, shared } = made();
  const kept = open();
  kept.typed("c1", 1, "order\nName", "a", "");
  kept.queued([{ op: "unlink", step: "order", target: "City", client: "c2", seq: 1 }]);

  kept.tell(told({ heard: { c1: 1 } }));
  assert.deepEqual(open().lost().map(({ operation }) => operation?.op), ["unlink"]);
  kept.tell(told({ heard: { c1: 1 }, seen: { c2: 1 } }));

  assert.equal(shared.held.size, 0);
});

test("what was counted but waits for an answer is kept until it is given", () => {
  const { open, shared } = made();
  const kept = open();
  kept.typed("c1", 1, "order\nName", "a", "");
  kept.queued([{ op: "unlink", step: "order", target: "City", client: "c2", seq: 1 }]);
  const counted = { heard: { c1: 1 }, seen: { c2: 1 } };

  kept.tell(told({ ...counted, unsaved: ["order\nName"], waiting: [["c2", 1]] }));
  kept.forget("c1", "order\nName"); // a session that begins anew puts the old text in
  assert.equal(open().lost().length, 2);
  assert.deepEqual(kept.lost().length, 0);
  kept.tell(told());
  assert.equal(kept.lost().length, 2, "Python was started anew and knows nothing of it");
  kept.tell(told(counted));

  assert.equal(shared.held.size, 0);
});

test("whoever has something on its way hears that Python was started anew", () => {
  const { open } = made();
  const kept = open();
  let times = 0;
  const unfollow = kept.follow(() => (times += 1));

  kept.tell(told());
  assert.equal(times, 0);
  kept.tell(told({ by: "Ada again" }));
  assert.equal(times, 1);
  unfollow();
  kept.tell(told());

  assert.equal(times, 1);
});

test("another flow's are left alone", () => {
  const { open } = made();
  open().typed("c1", 1, "order\nName", "a", "");

  const other = open("t1", "returns");
  other.tell(told({ flow: "returns", heard: { c1: 9 } }));

  assert.deepEqual(other.lost(), []);
  assert.equal(open().lost().length, 1);
});

test("a closed tab's are taken over once nobody has touched them for a while", () => {
  const { open, time } = made();
  open("t1").typed("c1", 1, "order\nName", "a", "");
  const other = open("t2");
  assert.deepEqual(other.lost(), []);

  time.now += 10_000;
  assert.equal(other.lost().length, 1);
  other.tell(told({ heard: { c1: 1 } }));

  assert.deepEqual(open("t1").lost(), []);
});

test("nothing is kept longer than a day", () => {
  const { open, time, shared } = made();
  open().typed("c1", 1, "order\nName", "a", "");

  time.now += DAY;
  open();

  assert.equal(shared.held.size, 0);
});

test("what was typed back or replaced is forgotten", () => {
  const { open } = made();
  const kept = open();
  kept.typed("c1", 1, "order\nName", "a", "");

  kept.forget("c1", "order\nName");

  assert.deepEqual(open().lost(), []);
});

test("wishes are not kept, and a suggestion is kept as its formula", () => {
  const { open } = made();
  const kept = open();

  kept.queued([
    { op: "select", target: "Name", client: "c2", seq: 1 },
    { op: "accept", step: "order", target: "Name", formula: "name", client: "c2", seq: 2 },
    { op: "reject", step: "order", target: "City", client: "c2", seq: 3 },
  ]);

  assert.deepEqual(
    open().lost().map(({ n, operation }) => [n, operation]),
    [[2, { op: "set_formula", step: "order", target: "Name", formula: "name" }]],
  );
});

test("the oldest comes first", () => {
  const { open, time } = made();
  const kept = open();
  kept.queued([{ op: "unlink", step: "order", target: "City", client: "c2", seq: 1 }]);
  time.now += 5;
  kept.typed("c1", 1, "order\nName", "a", "");

  assert.deepEqual(open().lost().map(({ client }) => client), ["c2", "c1"]);
});

test("a browser that keeps nothing, or whose store is full, stops nobody", () => {
  const full = {
    getItem: () => "not JSON",
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  } as unknown as Storage;
  const none = (): Storage => {
    throw new DOMException("forbidden", "SecurityError");
  };
  for (const storage of [() => full, none]) {
    const kept = new Kept(browserShelf(storage), "t1");
    kept.tell(told());
    kept.typed("c1", 1, "order\nName", "a", "");
    assert.deepEqual(kept.lost(), []);
  }
});
