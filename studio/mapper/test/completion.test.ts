import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldType, Node } from "../src/data.ts";
import { complete, type Knowledge } from "../src/editor/completion.ts";
import { Fields } from "../src/editor/fields.ts";

function node(id: string, parent: string | null, name: string, type: FieldType = "text", more: Partial<Node> = {}): Node {
  return { id, parent, name, label: name, type, ...more };
}

const NODES: Node[] = [
  node("number", null, "number", "integer", { value: "10482", label: "Order number" }),
  node("customer", null, "customer", "object"),
  node("customer.email", "customer", "email", "text", { value: "anna@example.com" }),
  node("customer.e-mail 2", "customer", "e-mail 2"),
  node("orderrows", null, "orderrows", "list"),
  node("orderrows[].price", "orderrows", "price", "number", { value: "19.99" }),
  node("orderrows[].quantity", "orderrows", "quantity", "number", { value: "3" }),
  node("old", null, "old", "text", { gone: true }),
  node("$answers", null, "$answers", "object", { label: "Settings" }),
  node("$answers.unit", "$answers", "unit", "text", { value: "st" }),
  node("$lookups", null, "$lookups", "object", { label: "Lookups" }),
  node("$lookups.payment_terms", "$lookups", "payment_terms", "table", { label: "Payment terms" }),
  node("$steps", null, "$steps", "object"),
  node("$steps.customer", "$steps", "customer", "object"),
  node("$steps.customer.Id", "$steps.customer", "Id"),
];
const FUNCTIONS = [
  { name: "money", arguments: ["amount", "decimals = 2"], signature: "", help: "Rounds an amount of money.", example: "" },
  { name: "add", arguments: ["a", "b", "…"], signature: "", help: "The exact sum.", example: "" },
  { name: "now", arguments: [], signature: "", help: "", example: "" },
];

function knowing(more: Partial<Knowledge> = {}): Knowledge {
  const variables = [{ label: "$index", value: "0", help: "" }];
  return { fields: new Fields(NODES), base: [], functions: FUNCTIONS, variables, texts: {}, ...more };
}

function found(marked: string, knowledge = knowing(), isAsked = false) {
  const position = marked.indexOf("|");
  return complete(marked.replace("|", ""), position, isAsked, knowledge);
}

function labels(marked: string, knowledge = knowing(), isAsked = false): string[] {
  return found(marked, knowledge, isAsked)?.options.map(({ label }) => label) ?? [];
}

/** The formula after the first proposal was taken. */
function taken(marked: string, knowledge = knowing()): string {
  const formula = marked.replace("|", "");
  const result = found(marked, knowledge);
  assert.ok(result, `nothing is proposed at ${marked}`);
  return formula.slice(0, result.from) + (result.options[0]?.insert ?? "") + formula.slice(result.to);
}

test("a field is found by any part of its path and comes with its value", () => {
  const first = found("emai|")?.options[0];

  assert.equal(first?.label, "customer.email");
  assert.equal(first?.detail, "anna@example.com");
});

test("a field is found by its title", () => {
  assert.equal(labels("Order n|").length, 0); // two words are no name
  assert.equal(labels("ord|").includes("number"), true);
});

test("after a dot only the next step is proposed", () => {
  assert.deepEqual(labels("customer.|"), ["email", "`e-mail 2`"]);
});

test("names that need backticks are put in backticks, and a backtick that stands there is used", () => {
  assert.equal(taken("customer.e-mail|".replace("e-mail", "`e-mail")), "customer.`e-mail 2`");
  assert.equal(taken("customer.`e-m|`"), "customer.`e-mail 2`");
  assert.equal(taken("customer.`e-m| & number"), "customer.`e-mail 2` & number");
});

test("a path through a list is written without its mark", () => {
  assert.equal(labels("pric|")[0], "orderrows.price");
});

test("in a list mapping the items' fields come first, the record's through $record", () => {
  const inRows = knowing({ base: ["orderrows"] });

  assert.equal(labels("pri|", inRows)[0], "price");
  assert.deepEqual(labels("emai|", inRows), ["$record.customer.email"]);
  assert.deepEqual(labels("$record.customer.|", inRows), ["email", "`e-mail 2`"]);
  assert.equal(labels("orderrows.p|", inRows).length, 0);
});

test("in a predicate the items' fields come first, the record's through $$", () => {
  assert.equal(labels("orderrows[pri|")[0], "price");
  assert.equal(labels("orderrows[emai|")[0], "$$.customer.email");
});

test("settings, earlier steps and lookups are found by their names", () => {
  assert.equal(labels("unit|")[0], "$answers.unit");
  assert.deepEqual(labels("$steps.customer.|"), ["Id"]);
  assert.equal(taken("payment|"), '$table("payment_terms", ${key})');
  assert.equal(taken('$table("pay|", x)'), '$table("payment_terms", x)');
});

test("a dollar sign proposes what begins with one", () => {
  const shown = labels("$|");

  assert.deepEqual(shown.slice(0, 3), ["$index", "$answers", "$steps"]);
  assert.ok(shown.includes("$money"));
  assert.ok(!shown.includes("$lookups"));
});

test("a function comes with places for what it needs, and only for that", () => {
  assert.equal(taken("$mon|"), "$money(${amount})");
  assert.equal(taken("$ad|"), "$add(${a}, ${b})");
  assert.equal(taken("$no|"), "$now()");
});

test("where the bracket stands already only the name goes in", () => {
  assert.equal(taken("$mo|(number)"), "$money(number)");
});

test("a function is found by what it does", () => {
  assert.deepEqual(labels("rounds|"), ["$money"]);
});

test("variables of the formula are proposed", () => {
  assert.ok(labels("($total := 1; $tot|)").includes("$total"));
});

test("what is chosen replaces the whole word", () => {
  assert.equal(taken("cust|omer.email"), "customer.email");
});

test("nothing is proposed before something is typed, unless it is asked for", () => {
  assert.deepEqual(labels("|"), []);
  assert.deepEqual(labels("1 + |"), []);
  assert.ok(labels("|", knowing(), true).length > 5);
});

test("a name that is whole, and no other begins so, proposes nothing", () => {
  assert.deepEqual(labels("customer.email|"), []);
});

test("a field that is gone is not proposed", () => {
  assert.ok(!labels("ol|").includes("old"));
});

test("a name that cannot be written is left out, and braces stay what they are", () => {
  const fields = new Fields([node("a`b", null, "a`b"), node("$lookups", null, "$lookups", "object"), node("$lookups.x{y}", "$lookups", "x{y}", "table")]);

  assert.deepEqual(labels("a|", knowing({ fields, functions: [], variables: [] })).filter((label) => label.includes("b")), []);
  assert.equal(taken("x|", knowing({ fields })), '$table("x\\{y\\}", ${key})');
});

test("newer values than the trees' are shown", () => {
  const fields = new Fields(NODES, { "customer.email": "bo@example.com" });

  assert.equal(found("emai|", knowing({ fields }))?.options[0]?.detail, "bo@example.com");
});

test("500 fields are searched in a few milliseconds", () => {
  const many = Array.from({ length: 500 }, (_, index) => node(`field_${index}`, null, `field_${index}`));
  const knowledge = knowing({ fields: new Fields(many) });
  const began = performance.now();

  for (let count = 0; count < 20; count++) found("field_4|", knowledge);

  assert.ok((performance.now() - began) / 20 < 50);
  assert.equal(found("field_4|", knowledge)?.options.length, 100);
});
