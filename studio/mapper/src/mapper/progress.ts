// Between the heads: how much of what the step requires is mapped, and the way to the next problem.

import { button, element, icon, setAttribute, setText } from "./elements.ts";
import type { MapperData } from "../data.ts";
import type { Words } from "./texts.ts";

export interface ProgressEvents {
  nextProblem(): void;
  decideAll(accept: boolean): void;
}

export class Progress {
  readonly element = element("div", "middle");
  private readonly button = element("button", "progress");
  private readonly mapped = element("span", "mapped");
  private readonly bar = element("span", "bar");
  private readonly problems = element("span", "problems");
  private readonly count = element("span");
  /** All suggestions at once; it stands in the head of the targets. */
  readonly proposals = element("div", "proposals");
  private readonly proposed = element("span", "proposed");

  constructor(
    private readonly words: Words,
    events: ProgressEvents,
  ) {
    this.button.type = "button";
    this.bar.append(element("i"));
    this.problems.append(icon("status_warning"), this.count);
    this.button.append(this.mapped, this.bar, this.problems);
    this.button.addEventListener("click", () => events.nextProblem());
    const accept = button("do accept", words.say("accept_all"), { icon: "accept" });
    const reject = button("do reject", words.say("reject_all"), { icon: "reject" });
    accept.addEventListener("click", () => events.decideAll(true));
    reject.addEventListener("click", () => events.decideAll(false));
    this.proposals.append(this.proposed, accept, reject);
    this.proposals.hidden = true;
    this.element.append(this.button);
  }

  paint({ required_mapped, required, problems }: MapperData["progress"], suggestions: number): void {
    const { words } = this;
    const told = required ? words.say("progress", { mapped: required_mapped, required }) : words.say("progress_none");
    const wrong = problems ? words.count("problems", problems) : words.say("problems_none");
    setText(this.mapped, told);
    setText(this.count, wrong);
    this.problems.classList.toggle("some", problems > 0);
    this.button.classList.toggle("done", required > 0 && required_mapped >= required && problems === 0);
    this.bar.style.setProperty("--done", String(required ? Math.min(1, required_mapped / required) : 1));
    setAttribute(this.button, "aria-label", `${told}, ${wrong}. ${words.say("next_problem")}`);
    this.button.title = words.say("next_problem");
    this.proposals.hidden = !suggestions;
    setText(this.proposed, words.count("suggestions", suggestions));
  }
}
