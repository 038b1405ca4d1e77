// What can be done with one mapping or proposal: edit it, take it off, accept it, turn it down.

import type { FieldTree, TreeNode } from "../trees/tree.ts";
import type { RowAction } from "../trees/row.ts";
import { keyOf } from "./drop.ts";
import { titled } from "./looks.ts";
import type { Change } from "./operations.ts";
import type { Picture } from "./optimistic.ts";
import type { Words } from "./texts.ts";

/** What an action is done to, as it is in that moment. */
export interface Situation {
  step: string;
  source: FieldTree;
  target: FieldTree;
  picture: Picture;
  words: Words;
}

export class Actions {
  constructor(
    private readonly now: () => Situation,
    private readonly send: (...changes: Change[]) => void,
    private readonly announce: (text: string) => void,
  ) {}

  act(action: Exclude<RowAction, "move">, target: string, source?: string): void {
    const { words, target: tree } = this.now();
    const names = { target: tree.nearest(target)?.label ?? target };
    if (action === "edit") this.send({ op: "edit", target });
    else if (action === "remove") this.remove(target, source, names);
    else {
      this.send(...this.decided(action, target));
      this.announce(words.say(action === "accept" ? "accepted" : "rejected", names));
    }
  }

  decideAll(accept: boolean): void {
    this.send(...this.now().picture.suggestions.flatMap(({ target }) => this.decided(accept ? "accept" : "reject", target)));
  }

  /** The formula goes along: a studio that was started anew knows nothing of its suggestions. */
  private decided(action: "accept" | "reject", target: string): Change[] {
    const { step, picture } = this.now();
    const found = picture.suggestions.filter((each) => each.target === target);
    return found.map(({ formula }) => (action === "accept" ? { op: action, step, target, formula } : { op: action, step, target }));
  }

  /** Takes off what is mapped, or turns down what is proposed. */
  clear(node: TreeNode): void {
    const key = keyOf(node);
    const { fields, suggestions } = this.now().picture;
    if (fields[key]?.formula) this.act("remove", key);
    else if (suggestions.some((each) => each.target === key)) this.act("reject", key);
  }

  /** A formula of one source goes as a whole, whatever else stands in it. */
  private remove(target: string, source: string | undefined, names: { target: string }): void {
    const { step, picture, words, source: tree } = this.now();
    const others = picture.lines.some((line) => line.target === target && line.source !== source);
    if (source !== undefined && others) {
      this.send({ op: "unlink", step, target, source });
      this.announce(words.say("removed_part", { ...names, source: titled(tree, source) }));
    } else {
      this.send({ op: "unlink", step, target });
      this.announce(words.say("removed", names));
    }
  }
}
