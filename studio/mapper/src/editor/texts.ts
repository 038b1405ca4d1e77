// The editor's words. Python sends them in the reader's language; these stand where it sent none.

import type { Texts } from "../data.ts";

const ENGLISH = {
  editor_error: "Error",
  editor_warning: "Warning",
  editor_column: "column {column}",
  editor_line: "line {line}, column {column}",
  editor_keys: "Ctrl+Space proposes · Ctrl+Enter tests · Esc leaves",
  editor_example: "Example",
  editor_lookup: "Lookup",
  editor_no_value: "no value in this sample",
} as const;

export type TextName = keyof typeof ENGLISH;

/** A text with its `{places}` filled. */
export function says(texts: Texts, name: TextName, places: Record<string, string | number> = {}): string {
  const text = texts[name] ?? ENGLISH[name];
  return text.replace(/\{(\w+)\}/g, (whole, place: string) => String(places[place] ?? whole));
}
