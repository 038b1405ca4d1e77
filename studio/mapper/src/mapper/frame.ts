// What stands around the trees, in the words of one language: heads, progress, foot; and the sizes of it all.

import type { TreesData } from "../data.ts";
import type { Canvas } from "../lines/canvas.ts";
import { Head } from "../trees/head.ts";
import type { Pane } from "../trees/pane.ts";
import type { Row, SideName } from "../trees/row.ts";
import { GONE } from "../trees/tree.ts";
import { element } from "./elements.ts";
import { Foot } from "./foot.ts";
import { Progress, type ProgressEvents } from "./progress.ts";
import type { Words } from "./texts.ts";

export interface FrameEvents extends ProgressEvents {
  /** Rows or borders stand elsewhere now. */
  moved(): void;
}

export class Frame {
  readonly heads: Record<SideName, Head>;
  readonly progress: Progress;
  readonly foot: Foot;
  private readonly body = element("div", "body");
  private readonly observer = new ResizeObserver(() => this.measure());
  private readonly stamp: string;
  private hasValues = false;

  constructor(
    root: HTMLElement,
    private readonly panes: Record<SideName, Pane<Row>>,
    private readonly canvas: Canvas,
    trees: TreesData,
    readonly words: Words,
    private readonly events: FrameEvents,
  ) {
    this.stamp = stampOf(trees);
    this.progress = new Progress(words, events);
    this.foot = new Foot(words);
    this.heads = {
      source: new Head("source", trees.source.title, words, this.headEvents("source")),
      target: new Head("target", trees.target.title, words, this.headEvents("target"), [this.progress.proposals]),
    };
    const head = element("div", "head");
    head.append(this.heads.source.element, this.progress.element, this.heads.target.element);
    this.body.append(panes.source.element, element("div", "gap"), panes.target.element, canvas.element, canvas.overlay);
    for (const side of ["source", "target"] as const) {
      panes[side].element.setAttribute("aria-label", `${words.say(side)}: ${trees[side].title}`);
      panes[side].setFilter({ query: "", onlyUnmapped: false });
    }
    root.setAttribute("aria-label", words.say("mapper"));
    root.removeAttribute("aria-busy");
    root.replaceChildren(head, this.body, this.foot.element);
    this.observer.observe(this.body);
    this.measure();
  }

  /** Whether these trees can stand in this frame: the same words, the same titles. */
  isFor(trees: TreesData): boolean {
    return this.stamp === stampOf(trees);
  }

  destroy(): void {
    this.observer.disconnect();
    this.foot.stop();
  }

  /** How many fields there are, and what stands there when there are none. */
  paintStates(hasValues = this.hasValues): void {
    this.hasValues = hasValues;
    const { words, heads, panes } = this;
    for (const side of ["source", "target"] as const) {
      const pane = panes[side];
      const count = pane.tree.nodes.filter((node) => node.id !== GONE).length;
      const { isFiltered, matches, nodes } = pane.shown;
      heads[side].total = isFiltered ? words.count("found", matches) : words.count("fields", count);
      if (!count) pane.say(words.say(`empty_${side}`), words.say(`empty_${side}_help`));
      else if (nodes.length) pane.say("", "");
      else if (pane.isFilteredByMapping && !heads[side].search.value) pane.say(words.say("all_mapped"), "");
      else pane.say(words.say("no_match"), words.say("no_match_help"));
    }
    const { nodes } = panes.source.tree;
    const isBare = nodes.length > 0 && !hasValues && !nodes.some((node) => node.value);
    heads.source.hint = isBare ? words.say("no_sample") : "";
  }

  /** The only place that asks the page for sizes. */
  private measure(): void {
    const body = this.body.getBoundingClientRect();
    const { source, target } = this.panes;
    const left = source.element.getBoundingClientRect().right - body.left;
    const right = target.element.getBoundingClientRect().left - body.left;
    this.canvas.resize(left, right);
    source.height = target.height = body.height;
    this.events.moved();
  }

  private headEvents(side: SideName) {
    const pane = this.panes[side];
    const narrow = (filter: { query: string } | { onlyUnmapped: boolean }) => {
      pane.setFilter(filter);
      this.paintStates();
    };
    return {
      searched: (query: string) => narrow({ query }),
      filtered: (onlyUnmapped: boolean) => narrow({ onlyUnmapped }),
      openedAll: (open: boolean) => pane.toggleAll(open),
      left: () => pane.focus(),
    };
  }
}

function stampOf(trees: TreesData): string {
  return JSON.stringify([trees.texts, trees.source.title, trees.target.title]);
}

/** What is there before the trees have come. */
export function showLoading(root: HTMLElement): void {
  root.setAttribute("aria-busy", "true");
  const loading = element("div", "loading");
  for (let row = 0; row < 9; row += 1) loading.append(element("i"), element("i"));
  root.append(loading);
}
