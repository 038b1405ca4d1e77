// Below the trees: what the lines mean, the keys, and what is going on.

import { element, icon, setText, svg } from "./elements.ts";
import type { Stroke } from "./looks.ts";
import type { Words } from "./texts.ts";

const KEYS = [
  [["↑", "↓"], "keys_move"],
  [["Enter"], "keys_connect"],
  [["F2"], "keys_edit"],
  [["Del"], "keys_remove"],
  [["F8"], "keys_problem"],
] as const;

/** In the order in which a reader meets them. */
const STROKES: readonly Stroke[] = ["field", "formula", "list", "lookup", "answer", "step", "value", "fact", "suggestion"];

const UNSAVED_MS = 5_000;

export class Foot {
  readonly element = element("div", "foot");
  private readonly legend = element("ul", "legend");
  private readonly entries = new Map<Stroke, HTMLElement>();
  private readonly keys = element("span", "keys");
  private readonly message = element("span", "going-on");
  private readonly unsaved = element("span", "unsaved");
  private timer = 0;

  constructor(words: Words) {
    this.legend.setAttribute("aria-label", words.say("legend"));
    for (const stroke of STROKES) {
      const entry = element("li");
      const drawing = svg("svg", { width: 22, height: 8, "aria-hidden": "true" });
      drawing.append(svg("path", { class: `stroke ${stroke}`, d: "M1 4H21" }));
      if (stroke === "list") drawing.append(svg("path", { class: "core", d: "M0 4H22" }));
      entry.append(drawing, element("span", "", words.say(`legend_${stroke}`)));
      entry.hidden = true;
      this.entries.set(stroke, entry);
      this.legend.append(entry);
    }
    for (const [keys, key] of KEYS) {
      const pair = element("span", "key");
      pair.append(...keys.map((each) => element("kbd", "", each)), element("span", "", words.say(key)));
      this.keys.append(pair);
    }
    this.unsaved.append(icon("status_warning"), element("span", "", words.say("unsaved")));
    this.message.hidden = this.unsaved.hidden = true;
    this.element.append(this.legend, this.message, this.unsaved, this.keys);
  }

  /** Only the kinds that are there are explained. */
  explain(present: ReadonlySet<Stroke>): void {
    for (const [stroke, entry] of this.entries) entry.hidden = !present.has(stroke);
    this.legend.hidden = !present.size;
  }

  /** What one is in the middle of; "" for nothing, then the keys stand there. */
  tell(message: string): void {
    setText(this.message, message);
    this.message.hidden = !message;
    this.keys.hidden = Boolean(message);
  }

  /** Whether Python has still to answer; that it takes long is said, that it is quick is not. */
  wait(isWaiting: boolean): void {
    if (!isWaiting) {
      this.stop();
      this.unsaved.hidden = true;
    } else if (!this.timer) this.timer = window.setTimeout(() => (this.unsaved.hidden = false), UNSAVED_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = 0;
  }
}
