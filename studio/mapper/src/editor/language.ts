// JSONata for CodeMirror: colours, brackets and indentation from our own tokens.

import { HighlightStyle, LanguageSupport, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";
import { type Kind, type Place, tokenAt } from "./tokens.ts";

interface State extends Place {
  depth: number;
}

const STYLES: Record<Kind, string | null> = {
  space: null,
  comment: "comment",
  string: "string",
  regex: "regexp",
  number: "number",
  name: "propertyName",
  variable: "variableName",
  function: "called",
  constant: "atom",
  keyword: "keyword",
  operator: "operator",
  open: "bracket",
  close: "bracket",
  odd: "invalid",
};

const jsonata = StreamLanguage.define<State>({
  name: "jsonata",
  startState: () => ({ open: "", afterValue: false, depth: 0 }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    const token = tokenAt(stream.string, stream.pos, state);
    stream.pos = token.to;
    if (token.kind === "open") state.depth += 1;
    else if (token.kind === "close") state.depth = Math.max(0, state.depth - 1);
    return STYLES[token.kind];
  },
  indent(state, textAfter, context) {
    if (state.open) return null;
    return Math.max(0, state.depth - (/^\s*[)\]}]/.test(textAfter) ? 1 : 0)) * context.unit;
  },
  languageData: {
    closeBrackets: { brackets: ["(", "[", "{", '"', "'", "`"] },
    commentTokens: { block: { open: "/*", close: "*/" } },
    indentOnInput: /^\s*[)\]}]$/,
  },
  tokenTable: { called: tags.function(tags.variableName) },
});

// The theme's text colours are made to be read on its background, in light and in dark.
const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--st-gray-text-color)", fontStyle: "italic" },
  { tag: [tags.string, tags.regexp], color: "var(--st-green-text-color)" },
  { tag: [tags.number, tags.atom], color: "var(--st-orange-text-color)" },
  { tag: tags.function(tags.variableName), color: "var(--st-blue-text-color)" },
  { tag: [tags.variableName, tags.keyword], color: "var(--st-violet-text-color)" },
  { tag: [tags.operator, tags.bracket], color: "var(--st-gray-text-color)" },
  { tag: tags.invalid, color: "var(--st-red-text-color)" },
]);

export const language = new LanguageSupport(jsonata, [syntaxHighlighting(colours)]);
export const { parser } = jsonata;
