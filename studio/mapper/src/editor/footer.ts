// The line under the formula: what is wrong, else the function being written, else which keys there are.

import type { FunctionData, Texts } from "../data.ts";
import type { Call } from "./context.ts";
import { element } from "./details.ts";
import { says } from "./texts.ts";

export interface Finding {
  severity: "error" | "warning";
  message: string;
  line: number;
  column: number;
}

const SIGNS = { error: "✕", warning: "!" } as const;

export class Footer {
  readonly dom = element("div", "footer");
  /** Read aloud when it changes. */
  readonly findings = element("div", "findings");
  private readonly hint = element("div", "hint");
  private texts: Texts = {};
  private drawn = "";

  constructor() {
    this.findings.setAttribute("role", "status");
    this.findings.id = "findings";
    this.dom.append(this.findings, this.hint);
  }

  update(texts: Texts): void {
    this.texts = texts;
    if (!this.drawn) this.call(null, []);
  }

  found(findings: readonly Finding[], lines: number): void {
    this.findings.replaceChildren(...findings.map((each) => this.line(each, lines)));
    this.dom.classList.toggle("has-findings", findings.length > 0);
  }

  /** The call the cursor is in, with the argument it is at. */
  call(call: Call | null, functions: readonly FunctionData[]): void {
    const about = call && functions.find((each) => `$${each.name}` === call.name);
    const key = about ? `${about.name} ${call.argument}` : "";
    if (key && key === this.drawn) return;
    this.drawn = key;
    if (!about || !call) {
      this.hint.replaceChildren(says(this.texts, "editor_keys"));
      return;
    }
    const last = about.arguments.length - 1;
    const at = about.arguments[last]?.includes("…") ? Math.min(call.argument, last) : call.argument;
    const parts = about.arguments.flatMap((argument, index) => [
      index ? ", " : "",
      element(index === at ? "b" : "span", "", argument),
    ]);
    this.hint.replaceChildren(element("code", "", `$${about.name}(`, ...parts, ")"));
  }

  private line({ severity, message, line, column }: Finding, lines: number): HTMLElement {
    const sign = element("span", "finding-sign", SIGNS[severity]);
    sign.setAttribute("aria-hidden", "true");
    const word = says(this.texts, severity === "error" ? "editor_error" : "editor_warning");
    const where = says(this.texts, lines > 1 ? "editor_line" : "editor_column", { line, column });
    const head = element("span", "finding-head", `${word}, ${where}:`);
    return element("div", `finding finding-${severity}`, sign, head, " ", message);
  }
}
