import assert from "node:assert/strict";
import { test } from "node:test";
import { tokensOf, written } from "../src/editor/tokens.ts";

function read(text: string): string[] {
  return tokensOf(text).tokens.map(({ kind, from, to }) => `${kind} ${text.slice(from, to)}`);
}

test("fields, functions and operators are told apart", () => {
  assert.deepEqual(read("$multiply(price, 2)"), ["function $multiply", "open (", "name price", "operator ,", "number 2", "close )"]);
});

test("a variable is a function only where it is called", () => {
  assert.deepEqual(read("$x ~> $sum"), ["variable $x", "operator ~>", "variable $sum"]);
});

test("a slash after a value divides, elsewhere it begins a regular expression", () => {
  assert.deepEqual(read("a/b/c"), ["name a", "operator /", "name b", "operator /", "name c"]);
  assert.deepEqual(read("$match(a, /[/]b/i)"), ["function $match", "open (", "name a", "operator ,", "regex /[/]b/i", "close )"]);
});

test("and, or and in are words between values and names elsewhere", () => {
  assert.deepEqual(read("or and in"), ["name or", "keyword and", "name in"]);
});

test("names hold letters of any script", () => {
  assert.deepEqual(read("kund.förnamn"), ["name kund", "operator .", "name förnamn"]);
});

test("texts keep their escapes and may hold the other quote", () => {
  assert.deepEqual(read(`"a\\"b'" & 'c'`), [`string "a\\"b'"`, "operator &", "string 'c'"]);
});

test("what is not closed is said, and takes the rest", () => {
  assert.equal(tokensOf(`a & "b`).open, '"');
  assert.equal(tokensOf("a /* b").open, "comment");
  assert.equal(tokensOf("a.`b c").open, "`");
  assert.equal(tokensOf("`b`").open, "");
});

test("every text is read to its end, whatever stands in it", () => {
  for (const text of ["", "§ ☃ \u202e", "))](", "1..2", "1.e", "/", "``", "$", "$$", "\\", "\ud800", "λ($x){$x}", "a\r\n*"]) {
    const { tokens } = tokensOf(text);
    for (let index = 1; index < tokens.length; index++) assert.ok(tokens[index]!.from >= tokens[index - 1]!.to, text);
    assert.ok(tokens.every(({ from, to }) => to > from), text);
  }
});

test("names that a formula would read otherwise are put in backticks", () => {
  assert.equal(written("email"), "email");
  assert.equal(written("förnamn"), "förnamn");
  assert.equal(written("e-mail"), "`e-mail`");
  assert.equal(written("2nd line"), "`2nd line`");
  assert.equal(written("and"), "`and`");
  assert.equal(written("$id"), "`$id`");
  assert.equal(written("od`d"), null);
});
