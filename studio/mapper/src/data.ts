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
}

export interface Diagnostic {
  from: number;
  to: number;
  severity: "error" | "warning";
  message: string;
}

export interface FunctionData {
  name: string;
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
  /** Which formula this is; when it or `reset` changes, `text` replaces what stands in the editor. */
  document: string;
  reset: number;
  text: string;
  /** The text that `diagnostics` are for. */
  checked: string;
  diagnostics: Diagnostic[];
  trees: string;
  /** The path of the list whose items the formula is about (`orderrows`), or null for the whole record. */
  scope: string | null;
  functions: FunctionData[];
  variables: VariableData[];
  label: string;
  placeholder: string;
  height: number;
  texts: Texts;
  /** The editor takes the keyboard whenever this rises. */
  focus?: number;
}

export interface PageData {
  kind: "page";
  language: string;
  title: string;
}

export type ComponentData = TreesData | MapperData | EditorData | PageData;

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

/** What the editor holds; `n` rises with every text sent of one document. */
export interface Code {
  document: string;
  text: string;
  n: number;
}
