// Where in a formula somebody is typing: a field of what, a variable, a lookup's name, or nothing to complete.

import { type Token, tokensOf } from "./tokens.ts";

/**
 * A path from `root`: "" the record the formula is about, or a variable with its `$`. `names` are the fields on the
 * way, without predicates; null where it cannot be told (the result of a function).
 */
export interface Path {
  root: string;
  names: readonly string[];
}

export type Context =
  | { kind: "none" }
  /** A name being typed, `part` so far, as a step after `before` (null: at the beginning of a path). */
  | { kind: "field"; from: number; part: string; quoted: boolean; before: Path | null; scopes: readonly Path[] }
  | { kind: "variable"; from: number; part: string }
  | { kind: "lookup"; from: number; part: string }
  /** After a dot, on something whose fields are not known. */
  | { kind: "unknown"; from: number };

export interface Call {
  name: string;
  /** Which argument the cursor is in, from 0. */
  argument: number;
}

interface Bound {
  name: string;
  path: Path | null;
}

const OPENS: Record<string, string> = { ")": "(", "]": "[", "}": "{" };
/** Functions whose second argument is a function of one item of the first. */
const OVER_ITEMS = new Set(["$map", "$filter", "$single", "$sort", "$each", "$sift"]);

/** A formula up to the cursor, token by token. */
class Reading {
  readonly tokens: Token[];
  readonly open: string;
  constructor(private readonly text: string) {
    const { tokens, open } = tokensOf(text);
    this.tokens = tokens;
    this.open = open;
  }

  word(index: number): string {
    const token = this.tokens[index];
    return token ? this.text.slice(token.from, token.to) : "";
  }

  /** The bracket that a closing one at `index` belongs to, or -1. */
  opener(index: number): number {
    const wanted = OPENS[this.word(index)];
    let depth = 0;
    for (let at = index; at >= 0; at--) {
      const kind = this.tokens[at]?.kind;
      if (kind === "close") depth++;
      else if (kind === "open" && --depth === 0) return this.word(at) === wanted ? at : -1;
    }
    return -1;
  }

  /** The bracket around `index` (not closed before it), or -1. */
  around(index: number): number {
    let depth = 0;
    for (let at = index; at >= 0; at--) {
      const kind = this.tokens[at]?.kind;
      if (kind === "close") depth++;
      else if (kind === "open" && depth-- === 0) return at;
    }
    return -1;
  }

  /** The path that ends with the token at `index`; null where there is none, or none that can be followed. */
  pathTo(index: number): Path | null {
    const names: string[] = [];
    for (let at = index; ; ) {
      at = this.beforeBrackets(at);
      const token = this.tokens[at];
      if (!token) return null;
      const word = this.word(at);
      if (token.kind === "variable") return { root: word, names };
      if (token.kind !== "name") return null;
      names.unshift(bare(word));
      if (this.word(at - 1) !== ".") return { root: "", names };
      at -= 2;
    }
  }

  /** The last token before any predicates, groupings and sortings: of `rows[price > 2]^(price)` that is `rows`. */
  private beforeBrackets(index: number): number {
    let at = index;
    for (;;) {
      const word = this.word(at);
      const opener = word === "]" || word === ")" ? this.opener(at) : -1;
      if (opener <= 0) return at;
      if (word === "]") at = opener - 1;
      else if (this.word(opener - 1) === "^") at = opener - 2;
      else return at;
    }
  }

  /** What stands in the brackets opened at `index` is about: the items of a path; null where the bracket changes nothing. */
  scopeOf(index: number): Path | null {
    const before = this.word(index - 1);
    const kind = this.tokens[index - 1]?.kind;
    if (before === "." || before === "^") return this.pathTo(index - 2);
    if (this.word(index) === "(") return null;
    return kind === "name" || kind === "close" || kind === "variable" ? this.pathTo(index - 1) : null;
  }

  /** The paths that the brackets around the token at `index` have stepped into, outermost first. */
  scopes(index: number): Path[] {
    const found: Path[] = [];
    for (let at = this.around(index); at >= 0; at = this.around(at - 1)) {
      const scope = this.scopeOf(at);
      if (scope) found.unshift(scope);
    }
    return found;
  }

  /** The function whose arguments are being written, and which of them. */
  call(index: number): (Call & { opener: number }) | null {
    for (let opener = this.around(index); opener >= 0; opener = this.around(opener - 1)) {
      if (this.word(opener) !== "(" || this.tokens[opener - 1]?.kind !== "function") continue;
      return { name: this.word(opener - 1), argument: this.argument(opener, index), opener };
    }
    return null;
  }

  private argument(opener: number, index: number): number {
    let depth = 0;
    let commas = 0;
    for (let at = opener + 1; at <= index; at++) {
      const kind = this.tokens[at]?.kind;
      if (kind === "open") depth++;
      else if (kind === "close") depth--;
      else if (depth === 0 && this.word(at) === ",") commas++;
    }
    return commas;
  }

  /** Where the expression that begins at `index` ends, if it is only a path: `$row := rows[0];`. */
  private pathFrom(index: number): Path | null {
    let depth = 0;
    let end = index;
    for (; end < this.tokens.length; end++) {
      const kind = this.tokens[end]?.kind;
      if (kind === "open") depth++;
      else if (kind === "close") depth--;
      if (depth < 0 || (depth === 0 && (this.word(end) === ";" || this.word(end) === ","))) break;
    }
    const path = this.pathTo(end - 1);
    const first = this.word(index);
    return path && (path.root ? path.root === first : bare(first) === path.names[0]) ? path : null;
  }

  /** Every variable the formula makes itself. */
  bound(): Bound[] {
    const found: Bound[] = [];
    this.tokens.forEach((token, index) => {
      const word = this.word(index);
      if (word === ":=" && this.word(index - 1).startsWith("$"))
        found.push({ name: this.word(index - 1), path: this.pathFrom(index + 1) });
      else if (token.kind === "keyword" && (word === "function" || word === "λ")) found.push(...this.parameters(index));
      else if (word === "@" || word === "#") found.push({ name: this.word(index + 1), path: null });
    });
    return found.filter((each) => /^\$[^$]/.test(each.name));
  }

  /** A function's parameters; the first is an item of the list that `$map` and the like go over. */
  private parameters(index: number): Bound[] {
    const found: Bound[] = [];
    const call = this.call(index - 1);
    const isOverItems = call && OVER_ITEMS.has(call.name) && call.argument === 1;
    for (let at = index + 2; at < this.tokens.length && this.word(at) !== ")"; at++) {
      if (this.tokens[at]?.kind !== "variable") continue;
      const isItem = isOverItems && !found.length;
      found.push({ name: this.word(at), path: isItem ? this.pathFrom(call.opener + 1) : null });
    }
    return found;
  }
}

function bare(word: string): string {
  return word.startsWith("`") ? word.slice(1, word.length > 1 && word.endsWith("`") ? -1 : undefined) : word;
}

/** Follows variables of the formula's own to what they stand for, as far as it can be told. */
function followed(path: Path, bound: readonly Bound[], depth = 0): Path | null {
  const own = bound.findLast((each) => each.name === path.root);
  if (!own) return path;
  if (!own.path || depth > 8) return null;
  const base = followed(own.path, bound, depth + 1);
  return base && { root: base.root, names: [...base.names, ...path.names] };
}

function inString(reading: Reading, text: string): Context {
  const last = reading.tokens.length - 1;
  const token = reading.tokens[last] as Token;
  const isKey = reading.word(last - 1) === "(" && reading.word(last - 2) === "$table";
  return isKey ? { kind: "lookup", from: token.from + 1, part: text.slice(token.from + 1) } : { kind: "none" };
}

/** Where `position` is in the formula. */
export function contextAt(formula: string, position: number): Context {
  const text = formula.slice(0, position);
  const reading = new Reading(text);
  if (reading.open === "comment") return { kind: "none" };
  if (reading.open === '"' || reading.open === "'") return inString(reading, text);
  let last = reading.tokens.length - 1;
  const token = reading.tokens[last];
  const isTouching = token?.to === position;
  if (token && isTouching && (token.kind === "variable" || token.kind === "function"))
    return { kind: "variable", from: token.from, part: text.slice(token.from) };
  if (token && isTouching && ["number", "string", "regex", "comment"].includes(token.kind)) return { kind: "none" };
  let from = position;
  let quoted = false;
  if (token && isTouching && ["name", "constant", "keyword"].includes(token.kind)) {
    quoted = text[token.from] === "`";
    if (quoted && !reading.open) return { kind: "none" };
    from = token.from;
    last -= 1;
  }
  const part = text.slice(from + (quoted ? 1 : 0));
  const bound = new Reading(formula).bound();
  const scopes = reading.scopes(last).map((scope) => followed(scope, bound));
  // Beneath a scope that cannot be followed nothing is known.
  const known = scopes.slice(scopes.lastIndexOf(null) + 1) as Path[];
  if (reading.word(last) !== ".") {
    if (isValueOver(reading, last)) return { kind: "none" };
    return { kind: "field", from, part, quoted, before: null, scopes: scopes.includes(null) && !known.length ? [] : known };
  }
  const path = reading.pathTo(last - 1);
  const before = path && followed(path, bound);
  return before ? { kind: "field", from, part, quoted, before, scopes: known } : { kind: "unknown", from };
}

/** Whether a value has just ended, so that an operator must come next. */
function isValueOver(reading: Reading, index: number): boolean {
  const kind = reading.tokens[index]?.kind;
  return kind !== undefined && ["name", "variable", "number", "string", "constant", "close", "regex"].includes(kind);
}

/** The function whose arguments are being written at `position`. */
export function callAt(formula: string, position: number): Call | null {
  const reading = new Reading(formula.slice(0, position));
  const call = reading.call(reading.tokens.length - 1);
  return call && { name: call.name, argument: call.argument };
}

/** The variables that the formula makes itself, each once, with the path it stands for where that can be told. */
export function boundIn(formula: string): Map<string, Path | null> {
  const bound = new Reading(formula).bound();
  return new Map(bound.map((each) => [each.name, followed({ root: each.name, names: [] }, bound)]));
}

/** The path that the word at `position` ends, for hovering: `customer.email` on its second part. */
export function pathAt(formula: string, position: number): { from: number; to: number; path: Path; scopes: Path[] } | null {
  const whole = new Reading(formula);
  const index = whole.tokens.findIndex((token) => token.from <= position && position < token.to);
  const token = whole.tokens[index];
  if (!token || (token.kind !== "name" && token.kind !== "variable")) return null;
  const path = whole.pathTo(index);
  const bound = whole.bound();
  const meant = path && followed(path, bound);
  if (!meant) return null;
  const scopes = whole.scopes(index).map((scope) => followed(scope, bound));
  if (scopes.includes(null) && !meant.root) return null;
  return { from: token.from, to: token.to, path: meant, scopes: scopes.filter((scope) => scope !== null) };
}
