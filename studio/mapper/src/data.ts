// What Python sends and what it hears: the contract of the components, as types.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type FieldType =
  "text" | "number" | "integer" | "boolean" | "date" | "datetime" | "object" | "list" | "any" | "table";

/** A field of a tree. `parent` is the id of the node above it; a list's items' fields stand below the list. */
export interface Node {
  id: string;
  parent: string | null;
  /** For people. */
  label: string;
  /** The last part of the path as it stands in the document. */
  name: string;
  type: FieldType;
  required?: boolean;
  /** The sample's value, shortened. */
  value?: string;
  help?: string;
  personal?: boolean;
  gone?: boolean;
  repeated?: boolean;
}

export interface Tree {
  title: string;
  nodes: Node[];
}

export type Texts = Record<string, string>;

export interface TreesData {
  kind: "trees";
  revision: string;
  source: Tree;
  target: Tree;
  texts: Texts;
  /** The functions of formulas, for editors whose own data name none: they are many and seldom change. */
  functions?: FunctionData[];
}

export type LineKind = "field" | "answer" | "fact" | "value" | "step" | "lookup";

export interface Line {
  source: string;
  target: string;
  kind: LineKind;
  direct: boolean;
  converts?: string;
}

export type Status = "ok" | "note" | "warning" | "error" | "missing";

export interface Field {
  formula: string;
  chip: string;
  value: string | null;
  status: Status;
  says: string;
  write: string;
  note?: string;
  /** Of a mapping whose field is gone: the fields that could take it, the best first. */
  homes?: Home[];
}

export interface Home {
  target: string;
  label: string;
  why: string;
}

export interface Suggestion {
  target: string;
  source: string;
  formula: string;
  why: string;
}

export interface MapperData {
  kind: "mapper";
  trees: string;
  step: string;
  lines: Line[];
  fields: Record<string, Field>;
  values: Record<string, string>;
  suggestions: Suggestion[];
  selected: string | null;
  acknowledged: Record<string, number>;
  progress: { required_mapped: number; required: number; problems: number };
  height: number;
  /** Nothing is changed here: this person's role does not reach. */
  only_look?: boolean;
}

/** `from` and `to` are counted as Python counts: a character beyond the basic plane is one. */
export interface Diagnostic {
  from: number;
  to: number;
  severity: "error" | "warning";
  message: string;
}

export interface FunctionData {
  name: string;
  /** Each as it is shown: `amount`, `decimals = 2` (may be left out), `…`. */
  arguments: string[];
  signature: string;
  help: string;
  example: string;
}

export interface VariableData {
  label: string;
  value?: string;
  help?: string;
}

export interface EditorData {
  kind: "editor";
  /** Which formula this is; when it changes or `reset` rises, `text` replaces what stands in the editor. */
  document: string;
  /** Whose formula it is, for people. */
  title: string;
  reset: number;
  text: string;
  /** The text that `diagnostics` are for. */
  checked: string;
  diagnostics: Diagnostic[];
  trees: string;
  /** The path of the list whose items the formula is about (`orderrows`), or null for the whole record. */
  scope: string | null;
  /** Left out where the trees bring them. */
  functions?: FunctionData[];
  variables: VariableData[];
  label: string;
  placeholder: string;
  height: number;
  texts: Texts;
  /** The editor takes the keyboard whenever this rises. */
  focus?: number;
  /** It can be read, and nothing typed: this person's role does not reach. */
  only_look?: boolean;
  /** The highest `n` of each client that was carried out; without it `checked` alone says what has arrived. */
  acknowledged?: Record<string, number>;
}

export interface PageData {
  kind: "page";
  language: string;
  title: string;
}

/** What Python has counted of what was done, and where the draft stands; invisible. */
export interface KeptData {
  kind: "kept";
  flow: string;
  /** Who changes the draft here, and the draft's revision. */
  by: string;
  revision: number;
  /** The highest number of each client that was carried out: of what was typed, of operations. */
  heard: Record<string, number>;
  seen: Record<string, number>;
  /** What was counted and is not in the draft: the documents of formulas, the client and number of operations. */
  unsaved: string[];
  waiting: [string, number][];
}

/** Something that was done and had not reached the draft: a text (with what the draft may have had), or a change. */
export interface KeptItem {
  flow: string;
  by: string;
  revision: number;
  client: string;
  n: number;
  /** When, in milliseconds. */
  at: number;
  document?: string;
  text?: string;
  was?: string[];
  operation?: Operation;
  /** Python had it in hand and waited for an answer. */
  isHeard?: boolean;
}

export type ComponentData = TreesData | MapperData | EditorData | KeptData | PageData;

/** An operation of the browser: a change of the flow document, or a wish (`select`, `edit`, `accept`, …). */
export interface Operation {
  op: string;
  [key: string]: Json;
}

/** An operation on its way: `seq` rises by one for each of a `client`. */
export interface QueuedOperation extends Operation {
  seq: number;
  client: string;
}

/** A formula as it was typed; `n` rises with everything that one client sends. */
export interface Typed {
  document: string;
  text: string;
  n: number;
}

/** The state `code` and the trigger `commit` of the editor. */
export interface Code extends Typed {
  client: string;
  /** Rises with every message, so that one that is sent again is heard again. */
  attempt: number;
  /** The last texts of other documents that nobody has acknowledged yet; they come before this one. */
  earlier: Typed[];
}
