import assert from "node:assert/strict";
import { test } from "node:test";
import type { QueuedOperation } from "../src/data.ts";
import { newClient, Queue } from "../src/queue.ts";
import { Hand } from "./hand.ts";

function made() {
  const sent: QueuedOperation[][] = [];
  const clock = new Hand();
  const queue = new Queue((operations) => sent.push(operations), "c1", clock);
  const seqs = () => sent.map((operations) => operations.map((operation) => operation.seq));
  return { sent, clock, queue, seqs };
}

test("each operation gets the next number and its client", () => {
  const { queue, sent } = made();

  queue.push({ op: "link", target: "Name" });

  assert.deepEqual(sent, [[{ op: "link", target: "Name", seq: 1, client: "c1" }]]);
});

test("every message carries all that is not acknowledged", () => {
  const { queue, seqs } = made();

  queue.push({ op: "a" });
  queue.push({ op: "b" }, { op: "c" });

  assert.deepEqual(seqs(), [[1], [1, 2, 3]]);
});

test("what is acknowledged is not sent again", () => {
  const { queue, seqs } = made();
  queue.push({ op: "a" }, { op: "b" });

  queue.acknowledge({ c1: 1 });
  queue.push({ op: "c" });

  assert.deepEqual(seqs(), [[1, 2], [2, 3]]);
});

test("another client's count acknowledges nothing of ours", () => {
  const { queue } = made();
  queue.push({ op: "a" });

  queue.acknowledge({ other: 9 });

  assert.equal(queue.pending.length, 1);
});

test("a message that got no answer is sent again, with longer and longer waits", () => {
  const { queue, clock, seqs } = made();
  queue.push({ op: "a" });

  clock.pass(3_000);
  clock.pass(3_000);
  assert.deepEqual(seqs(), [[1], [1]]);

  clock.pass(3_000);
  assert.deepEqual(seqs(), [[1], [1], [1]]);
});

test("when all is acknowledged nothing is waited for", () => {
  const { queue, clock, seqs } = made();
  queue.push({ op: "a" });

  queue.acknowledge({ c1: 1 });
  clock.pass(60_000);

  assert.ok(clock.isIdle);
  assert.deepEqual(seqs(), [[1]]);
});

test("an old acknowledgement that comes late brings nothing back", () => {
  const { queue, seqs } = made();
  queue.push({ op: "a" }, { op: "b" });
  queue.acknowledge({ c1: 2 });

  queue.acknowledge({ c1: 1 });
  queue.flush();

  assert.deepEqual(seqs(), [[1, 2]]);
});

test("a message that was sent is not changed by what comes after it", () => {
  const { queue, sent } = made();

  queue.push({ op: "a" });
  queue.push({ op: "b" });

  assert.equal(sent[0]?.length, 1);
});

test("a closed queue sends nothing more", () => {
  const { queue, clock, seqs } = made();
  queue.push({ op: "a" });

  queue.close();
  clock.pass(60_000);

  assert.deepEqual(seqs(), [[1]]);
});

test("two clients have two names", () => {
  assert.notEqual(newClient(), newClient());
  assert.match(newClient(), /^[0-9a-f]{24}$/);
});
