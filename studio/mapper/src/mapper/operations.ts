// What the trees ask of Python, as types: operations on the flow document, and wishes about what is on screen.

export type How = "replace" | "join" | "first";

export type Change =
  | { op: "link"; step: string; target: string; source: string; how: How }
  | { op: "link_list"; step: string; target: string; source: string; children: [string, string][] }
  | { op: "unlink"; step: string; target: string; source?: string }
  | { op: "move"; step: string; target: string; to: string }
  | { op: "undo" }
  | { op: "redo" }
  | { op: "accept"; step: string; target: string; formula: string }
  | { op: "reject"; step: string; target: string }
  | { op: "select"; target: string }
  | { op: "edit"; target: string }
  | { op: "next_problem" }
  | { op: "test" };
