// Completion in CodeMirror: our proposals in its list.

import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
  snippet,
} from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { complete, type Knowledge, type Option } from "./completion.ts";
import { detailsOf, element } from "./details.ts";

interface Proposal extends Completion {
  option: Option;
}

function put(option: Option, to: number) {
  return (view: EditorView, completion: Completion, from: number): void => {
    const { doc } = view.state;
    const end = Math.min(to, doc.length);
    if (option.isTemplate) {
      snippet(option.insert)(view, completion, from, end);
      return;
    }
    view.dispatch({
      changes: { from, to: end, insert: option.insert },
      selection: { anchor: from + option.insert.length },
      annotations: pickedCompletion.of(completion),
      userEvent: "input.complete",
      scrollIntoView: true,
    });
  };
}

function proposal(option: Option, to: number, knowledge: Knowledge): Proposal {
  return {
    option,
    label: option.label,
    type: option.kind,
    info: () => detailsOf(option, knowledge.texts),
    apply: put(option, to),
  };
}

function result(context: CompletionContext, isAsked: boolean, known: () => Knowledge): CompletionResult | null {
  const knowledge = known();
  const found = complete(context.state.doc.toString(), context.pos, isAsked, knowledge);
  if (!found) return null;
  return {
    from: found.from,
    filter: false,
    options: found.options.map((option) => proposal(option, found.to, knowledge)),
    getMatch: (completion) => (completion as Proposal).option.matched,
    // At once with every letter, so that Enter always takes what is on screen.
    update: (_current, _from, _to, next) => result(next, context.explicit, known),
  };
}

const SIGNS: Record<Option["kind"], string> = {
  field: "•",
  list: "≡",
  object: "▸",
  setting: "S",
  value: "=",
  step: "↩",
  fact: "i",
  lookup: "⇄",
  variable: "x",
  function: "ƒ",
  constant: "¬",
};

export function popup(known: () => Knowledge): Extension {
  return autocompletion({
    override: [(context) => result(context, context.explicit, known)],
    icons: false,
    activateOnTypingDelay: 40,
    activateOnCompletion: (completion) => (completion as Proposal).option.goesOn,
    maxRenderedOptions: 60,
    addToOptions: [
      {
        position: 20,
        render: (completion) => {
          const { kind } = (completion as Proposal).option;
          const sign = element("span", `sign sign-${kind}`, SIGNS[kind]);
          sign.setAttribute("aria-hidden", "true");
          return sign;
        },
      },
      {
        position: 80,
        render: (completion) => {
          const { option } = completion as Proposal;
          const text = option.detail || option.field?.label || option.function?.help || option.help || "";
          return text ? element("span", `worth${option.detail ? "" : " worth-words"}`, text) : null;
        },
      },
    ],
  });
}
