import assert from "node:assert/strict";
import { test } from "node:test";
import type { Code } from "../src/data.ts";
import { Outbox } from "../src/editor/outbox.ts";
import { Hand } from "./hand.ts";

function made(text = "", keepsEarlier = true, keeping?: ConstructorParameters<typeof Outbox>[3]) {
  const sent: Code[] = [];
  const clock = new Hand();
  const outbox = new Outbox((code) => sent.push(structuredClone(code)), clock, "c1", keeping);
  outbox.open("Name", text, keepsEarlier);
  return { sent, clock, outbox, texts: () => sent.map((code) => code.text) };
}

test("what is typed is sent after a pause, once", () => {
  const { outbox, clock, sent, texts } = made();

  for (const text of ["a", "ab", "abc"]) {
    outbox.typed(text);
    clock.pass(150);
  }
  assert.deepEqual(texts(), []);
  clock.pass(50);

  assert.deepEqual(sent, [{ document: "Name", text: "abc", n: 1, client: "c1", attempt: 1, earlier: [] }]);
});

test("leaving sends at once, and nothing where nothing was typed", () => {
  const { outbox, texts } = made("a");
  outbox.flush();
  assert.deepEqual(texts(), []);

  outbox.typed("ab");
  outbox.flush();
  outbox.flush();

  assert.deepEqual(texts(), ["ab"]);
});

test("what got no answer is sent again, longer and longer apart", () => {
  const { outbox, clock, sent } = made();
  outbox.typed("a");
  outbox.flush();

  clock.pass(3_000);
  clock.pass(6_000);

  assert.deepEqual(sent.map(({ n, attempt }) => [n, attempt]), [[1, 1], [1, 2], [1, 3]]);
});

test("what was checked has arrived", () => {
  const { outbox, clock, texts } = made();
  outbox.typed("a");
  outbox.flush();
  assert.ok(outbox.isWaiting);

  outbox.answered("a");
  clock.pass(60_000);

  assert.ok(!outbox.isWaiting);
  assert.deepEqual(texts(), ["a"]);
  assert.ok(clock.isIdle);
});

test("what was counted has arrived, even when another text was checked", () => {
  const { outbox, clock, texts } = made();
  outbox.typed("a ");
  outbox.flush();

  outbox.answered("a", { c1: 1 });
  clock.pass(60_000);

  assert.deepEqual(texts(), ["a "]);
});

test("an update that lacks what was typed long ago brings it on its way again", () => {
  const { outbox, clock, texts } = made();
  outbox.typed("a");
  outbox.flush();
  clock.pass(2_500);

  outbox.answered("");

  assert.deepEqual(texts(), ["a", "a"]);
});

test("an answer to an older text sends nothing again at once", () => {
  const { outbox, texts } = made();
  outbox.typed("a");
  outbox.flush();
  outbox.typed("ab");
  outbox.flush();

  outbox.answered("a");

  assert.deepEqual(texts(), ["a", "ab"]);
  assert.ok(outbox.isWaiting);
});

test("the text of a formula that was left is kept until it is counted", () => {
  const { outbox, sent } = made();
  outbox.typed("first");
  outbox.open("City", "", true);
  outbox.typed("second");
  outbox.flush();

  assert.deepEqual(sent.at(-1), {
    ...{ document: "City", text: "second", n: 2, client: "c1", attempt: 2 },
    earlier: [{ document: "Name", text: "first", n: 1 }],
  });

  outbox.answered("", { c1: 1 });
  outbox.typed("second!");
  outbox.flush();
  assert.deepEqual(sent.at(-1)?.earlier, []);
});

test("a formula that was left goes on being sent where nothing new is typed", () => {
  const { outbox, clock, sent } = made();
  outbox.typed("first");
  outbox.open("City", "Lund", true);

  clock.pass(3_000);

  assert.deepEqual(sent.map(({ document, text }) => [document, text]), [["Name", "first"], ["Name", "first"]]);
});

test("without counts, what was left is sent once", () => {
  const { outbox, clock, texts } = made("", false);
  outbox.typed("first");
  outbox.open("City", "Lund", false);

  clock.pass(60_000);

  assert.deepEqual(texts(), ["first"]);
});

test("what was replaced from elsewhere is not sent again over it", () => {
  const { outbox, clock, texts } = made();
  outbox.typed("mine");
  outbox.flush();

  outbox.open("Name", "undone", true);
  clock.pass(60_000);

  assert.deepEqual(texts(), ["mine"]);
});

test("typing back what stood there is a change too", () => {
  const { outbox, texts } = made("a");
  outbox.typed("ab");
  outbox.flush();
  outbox.typed("a");
  outbox.flush();

  assert.deepEqual(texts(), ["ab", "a"]);
});

test("closing sends what is left and then rests", () => {
  const { outbox, clock, texts } = made();
  outbox.typed("a");

  outbox.close();
  clock.pass(60_000);

  assert.deepEqual(texts(), ["a"]);
  assert.ok(clock.isIdle);
});

test("each letter is kept at once, under the number that it will be sent by, and goes where it was typed back", () => {
  const said: unknown[][] = [];
  const keeping = { typed: (...args: unknown[]) => void said.push(args), forget: (...args: unknown[]) => void said.push(["forget", ...args]), follow: () => () => {} };
  const outbox = new Outbox(() => {}, new Hand(), "c1", keeping);
  outbox.open("Name", "a", true);
  said.length = 0;
  outbox.typed("ab");
  outbox.flush();
  outbox.typed("abc");
  outbox.typed("ab");
  outbox.flush();
  outbox.answered("ab", { c1: 1 });
  outbox.typed("ab");
  outbox.flush();

  assert.deepEqual(said, [
    ["c1", 1, "Name", "ab", "a"],
    ["c1", 2, "Name", "abc", "a"],
    ["c1", 2, "Name", "ab", "a"],
    ["c1", 1, "Name", "ab", "a"],
    ["c1", 2, "Name", "ab", "ab"],
    ["forget", "c1", "Name"],
  ]);
});

test("a session of Python that begins anew is sent at once what is on its way", () => {
  const followers = new Set<() => void>();
  const follow = (follower: () => void) => (followers.add(follower), () => void followers.delete(follower));
  const { texts, outbox } = made("", true, { typed() {}, forget() {}, follow });
  outbox.typed("a");
  outbox.flush();

  for (const tell of followers) tell();
  assert.deepEqual(texts(), ["a", "a"]);
  outbox.close();

  assert.equal(followers.size, 0);
});
