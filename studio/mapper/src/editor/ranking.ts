// How well a name fits what has been typed, and which of its letters to light up.

export interface Fit {
  score: number;
  /** From and to of each run of letters in the label, flat. */
  matched: number[];
}

/** The score of what fits by its letters only; no more than a guess. */
export const GUESS = 10;

const NONE: readonly number[] = [];
const isWordStart = (text: string, at: number): boolean => {
  if (at === 0) return true;
  const before = text[at - 1] as string;
  const here = text[at] as string;
  return /[^\p{L}\p{N}]/u.test(before) || (/\p{Ll}/u.test(before) && /\p{Lu}/u.test(here));
};

function wordStart(label: string, lower: string, query: string): number {
  for (let at = lower.indexOf(query); at >= 0; at = lower.indexOf(query, at + 1)) if (isWordStart(label, at)) return at;
  return -1;
}

/** The letters of `query` in their order anywhere in the label; only for what is long enough to mean something. */
function scattered(lower: string, query: string): number[] | null {
  if (query.length < 3) return null;
  const found: number[] = [];
  let at = -1;
  for (const letter of query) {
    at = lower.indexOf(letter, at + 1);
    if (at < 0) return null;
    found.push(at, at + 1);
  }
  return found;
}

// Lower-casing may change a text's length in a few scripts: then nothing is lit rather than the wrong letters.
const lit = (label: string, lower: string, at: number, length: number): number[] =>
  label.length === lower.length ? [at, at + length] : [...NONE];

/** How `label` fits; `also` are other words it is known by. Null where it does not at all. */
export function fit(query: string, label: string, also: readonly string[] = []): Fit | null {
  const wanted = query.toLowerCase();
  if (!wanted) return { score: 0, matched: [] };
  const lower = label.toLowerCase();
  const lastPart = lower.lastIndexOf(".") + 1;
  if (lower.startsWith(wanted, lastPart)) {
    const isWhole = lower.length === lastPart + wanted.length;
    return { score: isWhole ? 100 : 90, matched: lit(label, lower, lastPart, wanted.length) };
  }
  if (lower.startsWith(wanted)) return { score: 88, matched: lit(label, lower, 0, wanted.length) };
  const start = wordStart(label, lower, wanted);
  if (start >= 0) return { score: 70, matched: lit(label, lower, start, wanted.length) };
  for (const other of also) if (wordStart(other, other.toLowerCase(), wanted) >= 0) return { score: 55, matched: [] };
  const anywhere = lower.indexOf(wanted);
  if (anywhere >= 0 && wanted.length > 1) return { score: 40, matched: lit(label, lower, anywhere, wanted.length) };
  const letters = scattered(lower, wanted);
  return letters && { score: GUESS, matched: label.length === lower.length ? letters : [] };
}
