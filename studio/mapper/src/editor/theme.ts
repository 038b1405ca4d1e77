// How CodeMirror looks: all colours are the theme's variables, so that light and dark need nothing here.

import { EditorView } from "@codemirror/view";

const mixed = (share: number, colour = "--st-text-color") =>
  `color-mix(in srgb, var(${colour}) ${share}%, var(--st-background-color))`;
const wave = (colour: string) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy 1.5px var(${colour})`,
  textUnderlineOffset: "4px",
  textDecorationSkipInk: "none",
});

export const theme = EditorView.theme({
  "&": { flex: "1 1 auto", minHeight: "0", color: "var(--st-text-color)", backgroundColor: "transparent", fontSize: "13.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--st-code-font, monospace)", lineHeight: "1.6", overflow: "auto", borderRadius: "inherit" },
  ".cm-content": { caretColor: "var(--st-text-color)", padding: "9px 0" },
  ".cm-line": { padding: "0 12px" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--st-text-color)", borderLeftWidth: "2px" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: mixed(26, "--st-primary-color"),
  },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: mixed(24, "--st-primary-color"),
    outline: "1px solid " + mixed(50, "--st-primary-color"),
    borderRadius: "2px",
  },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: mixed(18, "--st-red-color") },
  ".cm-placeholder": { color: "var(--st-gray-text-color)", fontFamily: "var(--st-font)" },
  ".cm-snippetField": { backgroundColor: mixed(14, "--st-primary-color"), borderRadius: "2px" },
  ".cm-specialChar": { color: "var(--st-red-text-color)" },
  ".cm-lintRange": { backgroundImage: "none" },
  ".cm-lintRange-error": wave("--st-red-color"),
  ".cm-lintRange-warning": wave("--st-orange-color"),

  ".cm-tooltip": {
    backgroundColor: "var(--st-background-color)",
    color: "var(--st-text-color)",
    border: "1px solid " + mixed(18),
    borderRadius: "var(--st-base-radius, 7px)",
    boxShadow: "0 6px 24px rgb(0 0 0 / .18)",
    fontFamily: "var(--st-font)",
    fontSize: "13px",
    zIndex: "1000000",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--st-code-font, monospace)",
    fontSize: "12.5px",
    maxHeight: "17em",
    minWidth: "300px",
    maxWidth: "min(560px, 94vw)",
    padding: "4px",
    scrollbarWidth: "thin",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "baseline",
    gap: "8px",
    padding: "3px 8px",
    borderRadius: "5px",
    lineHeight: "1.5",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: mixed(28, "--st-primary-color"),
    color: "var(--st-text-color)",
  },
  ".cm-completionLabel": { overflow: "hidden", textOverflow: "ellipsis", flex: "0 1 auto", minWidth: "45%" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700", color: "var(--st-link-color)" },
  "li[aria-selected] .cm-completionMatchedText": { color: "inherit" },
  ".cm-tooltip.cm-completionInfo": { padding: "0", maxWidth: "330px", marginInline: "4px" },
  ".cm-tooltip.cm-tooltip-lint": { maxWidth: "420px" },
  ".cm-diagnostic": { padding: "6px 10px", whiteSpace: "pre-wrap" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--st-red-color)" },
  ".cm-diagnostic-warning": { borderLeft: "3px solid var(--st-orange-color)" },
});
