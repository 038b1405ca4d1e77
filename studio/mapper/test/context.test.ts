import assert from "node:assert/strict";
import { test } from "node:test";
import { boundIn, callAt, type Context, contextAt, pathAt } from "../src/editor/context.ts";

/** The context at the bar. */
function at(marked: string): Context {
  const position = marked.indexOf("|");
  return contextAt(marked.replace("|", ""), position);
}

/** A field's context in one line: the scopes, what it stands after, what is typed. */
function field(marked: string): string {
  const context = at(marked);
  if (context.kind !== "field") return context.kind;
  const path = ({ root, names }: { root: string; names: readonly string[] }) => [root, ...names].filter(Boolean).join(".");
  const scopes = context.scopes.map((scope) => `[${path(scope)}]`).join("");
  const before = context.before ? `${path(context.before)}.` : "";
  return `${scopes}${before}${context.part}`;
}

test("the beginning of a path is told from its later steps", () => {
  assert.equal(field("cust|"), "cust");
  assert.equal(field("customer.em|"), "customer.em");
  assert.equal(field("customer.address.|"), "customer.address.");
  assert.equal(field("$answers.un|"), "$answers.un");
});

test("predicates and sortings on the way do not hide the path", () => {
  assert.equal(field("orderrows[price > 2][0].pr|"), "orderrows.pr");
  assert.equal(field("orderrows^(>price).pr|"), "orderrows.pr");
});

test("inside a predicate, a sorting, a block or an object the fields are those of the items", () => {
  assert.equal(field("orderrows[pr|"), "[orderrows]pr");
  assert.equal(field("orderrows^(>pr|"), "[orderrows]pr");
  assert.equal(field("orderrows.(price * qu|"), "[orderrows]qu");
  assert.equal(field('orderrows.{"a": pr|'), "[orderrows]pr");
  assert.equal(field("orderrows.(tax[ra|"), "[orderrows][tax]ra");
  assert.equal(field("orderrows[0].(price * qu|"), "[orderrows]qu");
});

test("arguments, groups and list constructors change nothing", () => {
  assert.equal(field("$sum(pr|"), "pr");
  assert.equal(field("(pr|"), "pr");
  assert.equal(field("[pr|"), "pr");
  assert.equal(field("a ? pr|"), "pr");
});

test("an item of the list that a function goes over is known", () => {
  assert.equal(field("$map(orderrows, function($row) { $row.pr|"), "orderrows.pr");
  assert.equal(field("$filter($values.lines, function($l, $i) { $l.pr|"), "$values.lines.pr");
  assert.equal(field("$map(orderrows, function($row, $i) { $i.|"), "unknown");
});

test("a variable of the formula stands for its path", () => {
  assert.equal(field("($c := customer; $c.em|)"), "customer.em");
  assert.equal(field("($c := customer.address; $d := $c; $d.|)"), "customer.address.");
  assert.equal(field("($c := $f(customer); $c.|)"), "unknown");
});

test("variables that stand for each other end", () => {
  assert.equal(field("($a := $b; $b := $a; $a.|)"), "unknown");
});

test("on the result of a function nothing is known", () => {
  assert.equal(field("$f(a).|"), "unknown");
  assert.equal(field("$f(a).(pri|"), "pri");
});

test("in numbers, comments and texts nothing is proposed", () => {
  assert.equal(field("12|"), "none");
  assert.equal(field("a /* cu|"), "none");
  assert.equal(field('"cu|"'), "none");
});

test("after a whole value nothing is proposed", () => {
  assert.equal(field("customer cu|"), "none");
  assert.equal(field("customer = cu|"), "cu");
});

test("a lookup's name is proposed where $table wants it", () => {
  assert.deepEqual(at('$table("pay|", x)'), { kind: "lookup", from: 8, part: "pay" });
  assert.equal(at('$table("a", "pay|")').kind, "none");
});

test("a name in backticks begins before its backtick", () => {
  const context = at("customer.`e-m|");

  assert.deepEqual(context, { kind: "field", from: 9, part: "e-m", quoted: true, before: { root: "", names: ["customer"] }, scopes: [] });
});

test("variables are proposed from their sign on", () => {
  assert.deepEqual(at("1 + $mul|"), { kind: "variable", from: 4, part: "$mul" });
});

test("the call around the cursor is known with its argument", () => {
  assert.deepEqual(callAt("$multiply(price, ", 17), { name: "$multiply", argument: 1 });
  assert.deepEqual(callAt("$f(a, $g(b), [1, 2], ", 21), { name: "$f", argument: 3 });
  assert.equal(callAt("$f(a) + ", 8), null);
});

test("each variable of the formula is known once", () => {
  const bound = boundIn("($a := customer.email; $b := 1 + 2; $map(x, function($i){$i}))");

  assert.deepEqual([...bound.keys()], ["$a", "$b", "$i"]);
  assert.deepEqual(bound.get("$a"), { root: "", names: ["customer", "email"] });
  assert.equal(bound.get("$b"), null);
});

test("under the pointer a path ends with the word that is pointed at", () => {
  assert.deepEqual(pathAt("customer.address.city", 10)?.path, { root: "", names: ["customer", "address"] });
  assert.equal(pathAt("12 + 3", 0), null);
});
