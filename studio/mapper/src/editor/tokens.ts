// The words of a formula: one reading of JSONata for colours, completion and hovering.
//
// It does not parse, and never fails: a formula being typed is broken most of the time.

export type Kind =
  | "space"
  | "comment"
  | "string"
  | "regex"
  | "number"
  | "name" // a field; also in backticks
  | "variable" // $x, $, $$
  | "function" // $x before a bracket
  | "constant" // true, false, null
  | "keyword" // and, or, in, function
  | "operator"
  | "open" // ( [ {
  | "close"
  | "odd"; // what no formula can hold here

export interface Token {
  kind: Kind;
  from: number;
  to: number;
}

/** What a token that is not closed yet waits for; "" when nothing is open. */
export type Open = "" | "comment" | '"' | "'" | "`";

/** Where the reader is: what is open from before, and whether a value has just ended (then `/` divides). */
export interface Place {
  open: Open;
  afterValue: boolean;
}

const CONSTANTS = new Set(["true", "false", "null"]);
const WORDS = new Set(["and", "or", "in"]);
const OPERATORS = /\*\*|\.\.|:=|!=|>=|<=|~>|\?:|\?\?|[-.,;:?+*/%|=<>^&!@#~]/y;
const SPACE = /\s+/y;
const NUMBER = /(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][-+]?\d+)?/y;
const VARIABLE = /\$[^\s.[\]{}(),@#;:?+\-*/%|=<>^&!~"'`]*/y;
const NAME = /[^\s.[\]{}(),@#;:?+\-*/%|=<>^&!~"'`$\d][^\s.[\]{}(),@#;:?+\-*/%|=<>^&!~"'`]*/y;
const CALLED = /\s*\(/y;

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Where an open comment, text or quoted name ends; `closed` is false where the text ends first. */
function endOfOpen(text: string, from: number, open: Open): { to: number; closed: boolean } {
  if (open === "comment") {
    const end = text.indexOf("*/", from);
    return end < 0 ? { to: text.length, closed: false } : { to: end + 2, closed: true };
  }
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\" && open !== "`") at++;
    else if (text[at] === open) return { to: at + 1, closed: true };
  }
  return { to: text.length, closed: false };
}

/** Where a regular expression that begins at `from` ends, or -1 where it does not in this line. */
function endOfRegex(text: string, from: number): number {
  let depth = 0;
  for (let at = from + 1; at < text.length && text[at] !== "\n"; at++) {
    const letter = text[at] as string;
    if (letter === "\\") at++;
    else if ("([{".includes(letter)) depth++;
    else if (")]}".includes(letter)) depth--;
    else if (letter === "/" && depth <= 0) return match(/[im]*/y, text, at + 1);
  }
  return -1;
}

function kindOfOpen(open: Open): Kind {
  if (open === "comment") return "comment";
  return open === "`" ? "name" : "string";
}

function ofOpen(text: string, from: number, contentFrom: number, place: Place): Token {
  const { open } = place;
  const { to, closed } = endOfOpen(text, contentFrom, open);
  if (closed) {
    place.open = "";
    if (open !== "comment") place.afterValue = true;
  }
  return { kind: kindOfOpen(open), from, to };
}

function ofWord(text: string, from: number, place: Place): Token | undefined {
  let to = match(VARIABLE, text, from);
  if (to > from) {
    place.afterValue = true;
    return { kind: to > from + 1 && match(CALLED, text, to) > to ? "function" : "variable", from, to };
  }
  to = match(NUMBER, text, from);
  if (to > from) {
    place.afterValue = true;
    return { kind: "number", from, to };
  }
  to = match(NAME, text, from);
  if (to === from) return undefined;
  const word = text.slice(from, to);
  if ((word === "function" || word === "λ") && match(CALLED, text, to) > to) {
    place.afterValue = false;
    return { kind: "keyword", from, to };
  }
  // `and`, `or` and `in` are names where a value is expected.
  if (WORDS.has(word) && place.afterValue) {
    place.afterValue = false;
    return { kind: "keyword", from, to };
  }
  place.afterValue = true;
  return { kind: CONSTANTS.has(word) ? "constant" : "name", from, to };
}

/** The token that begins at `from`; `place` is moved past it. */
export function tokenAt(text: string, from: number, place: Place): Token {
  if (place.open) return ofOpen(text, from, from, place);
  const space = match(SPACE, text, from);
  if (space > from) return { kind: "space", from, to: space };
  const letter = text[from] as string;
  if (text.startsWith("/*", from)) {
    place.open = "comment";
    return ofOpen(text, from, from + 2, place);
  }
  if (letter === '"' || letter === "'" || letter === "`") {
    place.open = letter;
    return ofOpen(text, from, from + 1, place);
  }
  if (letter === "/" && !place.afterValue) {
    const to = endOfRegex(text, from);
    if (to > from) {
      place.afterValue = true;
      return { kind: "regex", from, to };
    }
  }
  if ("([{".includes(letter)) {
    place.afterValue = false;
    return { kind: "open", from, to: from + 1 };
  }
  if (")]}".includes(letter)) {
    place.afterValue = true;
    return { kind: "close", from, to: from + 1 };
  }
  const word = ofWord(text, from, place);
  if (word) return word;
  const to = match(OPERATORS, text, from);
  // A lone `*` or `%` is a step of a path; both ways nothing after it begins a regular expression.
  place.afterValue = to > from && !place.afterValue && (letter === "*" || letter === "%");
  return to > from ? { kind: "operator", from, to } : { kind: "odd", from, to: from + 1 };
}

/** All tokens of a text, without the space between them; `open` says what is still open at its end. */
export function tokensOf(text: string): { tokens: Token[]; open: Open } {
  const place: Place = { open: "", afterValue: false };
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at, place);
    if (token.kind !== "space") tokens.push(token);
    at = token.to;
  }
  return { tokens, open: place.open };
}

const PLAIN = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const RESERVED = new Set(["and", "or", "in", "true", "false", "null", "function", "λ"]);

/** A field's name as it must be written in a formula; null where there is no way to write it. */
export function written(name: string): string | null {
  if (PLAIN.test(name) && !RESERVED.has(name)) return name;
  return name.includes("`") || !name ? null : `\`${name}\``;
}
