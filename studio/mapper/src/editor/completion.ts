// What can stand where somebody is typing: fields with their values, settings, lookups, functions.

import type { FunctionData, Texts, VariableData } from "../data.ts";
import { boundIn, type Context, contextAt, type Path } from "./context.ts";
import type { Fields, SourceField } from "./fields.ts";
import { fit, GUESS } from "./ranking.ts";
import { tokensOf, written } from "./tokens.ts";

export type OptionKind = "field" | "list" | "object" | "setting" | "value" | "step" | "fact" | "lookup" | "variable" | "function" | "constant";

/** One proposal. With `isTemplate`, `${name}` in `insert` are places to fill in. */
export interface Option {
  kind: OptionKind;
  label: string;
  detail: string;
  insert: string;
  isTemplate: boolean;
  /** Whether more will be typed at once, as after `$answers.` */
  goesOn: boolean;
  matched: number[];
  field?: SourceField;
  function?: FunctionData;
  help?: string;
}

export interface Completions {
  from: number;
  to: number;
  options: Option[];
}

/** All that completion knows of. `base` is the list whose items the formula is about, [] for the whole record. */
export interface Knowledge {
  fields: Fields;
  base: readonly string[];
  functions: readonly FunctionData[];
  variables: readonly VariableData[];
  texts: Texts;
}

interface Candidate extends Option {
  also: readonly string[];
  /** Taken off the score: what is further away comes later. */
  distance: number;
}

const MOST_SHOWN = 100;
const KIND_OF_ROOT: Record<string, OptionKind> = {
  $answers: "setting",
  $values: "value",
  $steps: "step",
  $facts: "fact",
  $lookups: "lookup",
};
const LOOKUPS = "$lookups";

/** The place in the source tree that a path means; null where the tree does not have it. */
export function placeOf(path: Path, scopes: readonly Path[], base: readonly string[]): readonly string[] {
  const step = (from: readonly string[], { root, names }: Path): readonly string[] => {
    if (root === "" || root === "$") return [...from, ...names];
    if (root === "$$") return [...base, ...names];
    return root === "$record" ? names : [root, ...names];
  };
  return [...scopes, path].reduce(step, base);
}

function isRecordField(field: SourceField): boolean {
  return !field.names[0]?.startsWith("$");
}

function kindOf(field: SourceField): OptionKind {
  const special = KIND_OF_ROOT[field.names[0] as string];
  if (special) return special;
  if (field.type === "list" || field.type === "table") return "list";
  return field.type === "object" ? "object" : "field";
}

function fieldCandidate(field: SourceField, above: number, prefix: string, distance: number): Candidate | null {
  const parts = field.names.slice(above).map((name, index) => (above + index === 0 && name.startsWith("$") ? name : written(name)));
  if (parts.includes(null)) return null;
  const label = prefix + parts.join(".");
  return {
    kind: kindOf(field),
    label,
    detail: field.value,
    insert: label,
    isTemplate: false,
    goesOn: false,
    matched: [],
    field,
    also: [field.label],
    distance: distance + parts.length - 1,
  };
}

function fieldsBelow(knowledge: Knowledge, names: readonly string[], prefix: string, distance: number): Candidate[] {
  return knowledge.fields
    .descendants(names)
    .filter((field) => names.length > 0 || isRecordField(field))
    .map((field) => fieldCandidate(field, names.length, prefix, distance))
    .filter((candidate) => candidate !== null);
}

/** Settings, named values, earlier steps and facts, each by its whole path. */
function elsewhere(knowledge: Knowledge): Candidate[] {
  return knowledge.fields
    .children([])
    .filter((root) => !isRecordField(root) && root.names[0] !== LOOKUPS)
    .flatMap((root) => fieldsBelow(knowledge, root.names, `${root.names[0]}.`, 6));
}

function roots(knowledge: Knowledge): Candidate[] {
  return knowledge.fields
    .children([])
    .filter((root) => !isRecordField(root) && root.names[0] !== LOOKUPS)
    .map((root) => {
      const label = root.names[0] as string;
      return { ...plain("variable", label, ""), insert: `${label}.`, goesOn: true, field: root, distance: 1 };
    });
}

function plain(kind: OptionKind, label: string, detail: string): Candidate {
  return { kind, label, detail, insert: label, isTemplate: false, goesOn: false, matched: [], also: [], distance: 0 };
}

/** A text as it must be written in a template, where braces mean something. */
const escaped = (text: string): string => text.replace(/[{}]/g, "\\$&");

export function isOptional(argument: string): boolean {
  return /[=?…[]|\.\.\./.test(argument);
}

function functionCandidate(each: FunctionData, order: number): Candidate {
  const label = `$${each.name}`;
  const needed = each.arguments.filter((argument) => !isOptional(argument)).map((argument) => argument.trim());
  // With nothing that must be given, one place stays where something may be.
  const places = needed.length || !each.arguments.length ? needed : [""];
  const inside = places.map((argument) => `\${${escaped(argument)}}`).join(", ");
  return {
    ...plain("function", label, ""),
    insert: `${label}(${inside})`,
    isTemplate: true,
    function: each,
    // The functions come in their order of use; it breaks ties only.
    distance: 7 + order / 1000,
  };
}

function lookupCandidates(knowledge: Knowledge, isName: boolean): Candidate[] {
  return knowledge.fields.children([LOOKUPS]).map((field) => {
    const name = field.names[1] as string;
    const call = `$table(${JSON.stringify(name)}, `;
    return {
      ...plain("lookup", isName ? name : `${call}…)`, ""),
      insert: isName ? name : `${escaped(call)}\${key})`,
      isTemplate: !isName,
      field,
      also: [name, field.label],
      distance: 6,
    };
  });
}

function variableCandidates(knowledge: Knowledge, formula: string): Candidate[] {
  const given = knowledge.variables.map((each) => ({ ...plain("variable", each.label, each.value ?? ""), help: each.help ?? "" }));
  const own = [...boundIn(formula).keys()].map((name) => plain("variable", name, ""));
  const seen = new Set(knowledge.fields.children([]).map((root) => root.names[0]));
  return [...given, ...own].filter(({ label }) => !seen.has(label) && seen.add(label));
}

const CONSTANTS = ["true", "false", "null"].map((word) => ({ ...plain("constant", word, ""), distance: 9 }));

function candidatesAt(context: Context, formula: string, knowledge: Knowledge): Candidate[] {
  switch (context.kind) {
    case "lookup":
      return lookupCandidates(knowledge, true);
    case "variable":
      return [
        ...variableCandidates(knowledge, formula),
        ...roots(knowledge),
        ...(context.part === "$" ? [] : elsewhere(knowledge)),
        ...knowledge.functions.map(functionCandidate),
      ];
    case "field": {
      const { before, scopes } = context;
      if (before) return fieldsBelow(knowledge, placeOf(before, scopes, knowledge.base), "", 0);
      const here = placeOf({ root: "", names: [] }, scopes, knowledge.base);
      if (context.quoted) return fieldsBelow(knowledge, here, "", 0);
      const outer = here.length ? fieldsBelow(knowledge, [], knowledge.base.length ? "$record." : "$$.", 2) : [];
      return [
        ...fieldsBelow(knowledge, here, "", 0),
        ...outer.filter(({ field }) => !here.every((name, index) => field?.names[index] === name)),
        ...elsewhere(knowledge),
        ...lookupCandidates(knowledge, false),
        ...variableCandidates(knowledge, formula),
        ...knowledge.functions.map(functionCandidate),
        ...CONSTANTS,
      ];
    }
    default:
      return [];
  }
}

/** Where the word that is being typed ends: what is chosen replaces all of it. */
function endOfWord(formula: string, from: number, position: number): number {
  const token = tokensOf(formula).tokens.find((each) => each.from <= from && position < each.to);
  if (!token) return position;
  if (token.kind !== "name" && token.kind !== "variable" && token.kind !== "function") return position;
  const word = formula.slice(token.from, token.to);
  // A backtick that is not closed would take the rest of the formula with it.
  if (word.startsWith("`") && (word.length < 2 || !word.endsWith("`") || word.includes("\n"))) return position;
  return token.to;
}

function ranked(candidates: readonly Candidate[], part: string): Option[] {
  const query = part.replace(/^\$+/, "");
  const found: { option: Candidate; score: number; fits: number; matched: number[] }[] = [];
  for (const option of candidates) {
    const sign = /^\$+/.exec(option.label)?.[0].length ?? 0;
    const fits = fit(query, option.label.slice(sign), option.also) ?? ofHelp(query, option);
    if (!fits) continue;
    const matched = fits.matched.map((at) => at + sign);
    found.push({ option, score: fits.score - option.distance, fits: fits.score, matched });
  }
  // Guesses are for where nothing fits; sorting is stable: what fits equally well stays in the order of the tree.
  const isClear = found.some(({ fits }) => fits > GUESS);
  const kept = found.filter(({ fits }) => !isClear || !query || fits > GUESS);
  kept.sort((one, other) => other.score - one.score);
  return kept.slice(0, MOST_SHOWN).map(({ option, matched }) => {
    const { also: _also, distance: _distance, ...shown } = option;
    return { ...shown, matched };
  });
}

/** A function is also found by what its description says: "round" gives $money. */
function ofHelp(query: string, { function: about }: Candidate): { score: number; matched: number[] } | null {
  const isSaid = about && query.length >= 4 && about.help.toLowerCase().includes(query.toLowerCase());
  return isSaid ? { score: GUESS - 2, matched: [] } : null;
}

/** The proposals at `position`; null where there are none, or where nobody asked (`isAsked`) and nothing is typed yet. */
export function complete(formula: string, position: number, isAsked: boolean, knowledge: Knowledge): Completions | null {
  const context = contextAt(formula, position);
  if (context.kind === "none" || context.kind === "unknown") return null;
  const isAfterDot = context.kind === "field" && (context.before !== null || context.quoted);
  if (!context.part && !isAsked && !isAfterDot && context.kind !== "lookup") return null;
  let candidates = candidatesAt(context, formula, knowledge);
  // Right after a dot the next step is shown, not all there is below it.
  if (!context.part && isAfterDot) candidates = candidates.filter(({ distance }) => distance === 0);
  const options = ranked(candidates, context.part);
  const typed = formula.slice(context.from, position);
  const isDone = options.length === 1 && options[0]?.label === typed;
  if (!options.length || (isDone && !isAsked)) return null;
  const to = context.kind === "lookup" ? position : endOfWord(formula, context.from, position);
  return { from: context.from, to, options: options.map((option) => beforeBracket(option, formula, to)) };
}

/** Where the bracket stands already, only the function's name goes in. */
function beforeBracket(option: Option, formula: string, to: number): Option {
  if (option.kind !== "function" || formula[to] !== "(") return option;
  return { ...option, insert: option.label, isTemplate: false };
}
