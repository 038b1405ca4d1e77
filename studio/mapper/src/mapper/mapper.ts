// The two trees with the lines between them: what Python told, what was asked for since, and what the page shows.

import type { Api } from "../component.ts";
import type { MapperData, TreesData } from "../data.ts";
import { Canvas, type DrawnLine } from "../lines/canvas.ts";
import { Card } from "../lines/card.ts";
import { end } from "../lines/ends.ts";
import type { Point } from "../lines/geometry.ts";
import { Queue } from "../queue.ts";
import { store } from "../store.ts";
import { Pane } from "../trees/pane.ts";
import { SourceRow, TargetRow, type RowAction, type SideName } from "../trees/row.ts";
import { FieldTree, GONE, type TreeNode } from "../trees/tree.ts";
import { Actions } from "./actions.ts";
import { Connecting } from "./connecting.ts";
import { keyOf } from "./drop.ts";
import { element, setText } from "./elements.ts";
import { Frame, showLoading } from "./frame.ts";
import { Highlight, type Hovered } from "./highlight.ts";
import { anyKey, rowKey, type Wishes } from "./keyboard.ts";
import { copiedValue, drawnLines, fullTitle, looks, titled, type Looks } from "./looks.ts";
import type { Change } from "./operations.ts";
import { picture, type Picture } from "./optimistic.ts";
import { Words } from "./texts.ts";

/** What changes nothing. */
const LOOKING: ReadonlySet<string> = new Set(["select", "edit", "next_problem", "test"]);

export class Mapper {
  private readonly root = element("div", "mapper");
  private readonly live = element("div", "for-screen-readers");
  private readonly canvas: Canvas;
  private readonly card: Card;
  private readonly source: Pane<SourceRow>;
  private readonly target: Pane<TargetRow>;
  private readonly connecting: Connecting;
  private readonly actions = new Actions(
    () => ({
      step: this.data!.step,
      source: this.source.tree,
      target: this.target.tree,
      picture: this.picture!,
      words: this.words,
    }),
    (...changes) => this.send(...changes),
    (text) => this.announce(text),
  );
  private readonly queue: Queue;
  private api: Api | null = null;
  private data: MapperData | null = null;
  private trees: TreesData | null = null;
  private frame: Frame | null = null;
  private picture: Picture | null = null;
  private looks: Looks | null = null;
  private lines: DrawnLine[] = [];
  private readonly highlight: Highlight;
  private shownStep: string | null = null;
  private stopWaiting: () => void = () => {};
  private nextFrame = 0;

  constructor(parent: ShadowRoot | HTMLElement) {
    this.root.dataset["testid"] = "mapper";
    this.root.setAttribute("role", "group");
    this.live.setAttribute("aria-live", "polite");
    parent.append(this.root);
    this.queue = new Queue((operations) => this.api?.setTriggerValue("operations", operations));
    this.card = new Card(this.root);
    this.canvas = new Canvas({
      entered: (line, at) => {
        this.hover({ line });
        this.card.soon(() => this.showCard(line, at, false));
      },
      left: () => {
        this.hover(null);
        this.card.leave();
      },
      clicked: (line, at) => this.showCard(line, at, true),
      wentTo: (edge) => this[edge.side].reveal(edge.nearest),
    });
    this.source = new Pane<SourceRow>("source", {
      ...this.paneEvents("source"),
      makeRow: (node) => new SourceRow(node, this.source.tree, this.words),
      valueOf: (node) => this.valueOf(node.id),
    });
    this.target = new Pane<TargetRow>("target", {
      ...this.paneEvents("target"),
      makeRow: (node) => new TargetRow(node, this.target.tree, this.words),
      valueOf: (node) => this.picture?.fields[keyOf(node)]?.value ?? undefined,
    });
    this.highlight = new Highlight({ source: this.source, target: this.target });
    this.connecting = new Connecting({
      root: this.root,
      canvas: this.canvas,
      panes: { source: this.source, target: this.target },
      words: () => this.words,
      situation: () => ({
        step: this.data!.step,
        source: this.source.tree,
        target: this.target.tree,
        lines: this.picture!.lines,
        fields: this.picture!.fields,
      }),
      valueOf: (source) => this.valueOf(source),
      send: (change) => this.send(change),
      announce: (text) => this.announce(text),
      tell: (text) => this.frame?.foot.tell(text),
      changed: () => this.schedule(),
    });
    this.root.addEventListener("keydown", (event) => anyKey(event, this.wishes));
    showLoading(this.root);
    this.root.append(this.live);
  }

  update(data: MapperData, api: Api): void {
    this.api = api;
    const before = this.picture?.selected;
    this.data = data;
    this.root.style.height = `${data.height}px`;
    this.root.classList.toggle("only-look", this.onlyLooks);
    if (this.onlyLooks) this.connecting.cancel();
    this.queue.acknowledge(data.acknowledged);
    this.stopWaiting();
    this.stopWaiting = store.when(data.trees, (trees) => {
      if (trees !== this.trees) this.setTrees(trees, data.step);
      this.paint();
      this.followSelection(before);
    });
  }

  destroy(): void {
    this.stopWaiting();
    this.queue.close();
    this.connecting.destroy();
    this.card.close();
    this.frame?.destroy();
    cancelAnimationFrame(this.nextFrame);
    this.root.remove();
  }

  /** Whoever may only look selects fields, and moves nothing. */
  private get onlyLooks(): boolean {
    return this.data?.only_look ?? false;
  }

  private get words(): Words {
    return this.frame!.words;
  }

  // What is on the page

  private setTrees(trees: TreesData, step: string): void {
    this.trees = trees;
    if (!this.frame?.isFor(trees)) this.build(trees);
    if (step !== this.shownStep) {
      this.shownStep = step;
      this.connecting.cancel();
      this.card.close();
      this.source.startOver();
      this.target.startOver();
    }
    const source = new FieldTree(trees.source.nodes);
    const target = new FieldTree(trees.target.nodes, this.words.say("gone_title"));
    this.work(source, target);
    this.source.setTree(source);
    this.target.setTree(target);
  }

  private build(trees: TreesData): void {
    this.frame?.destroy();
    this.connecting.cancel();
    for (const pane of [this.source, this.target]) pane.clear();
    const words = new Words(trees.texts, document.documentElement.lang);
    this.frame = new Frame(this.root, { source: this.source, target: this.target }, this.canvas, trees, words, {
      nextProblem: () => this.send({ op: "next_problem" }),
      decideAll: (accept) => this.actions.decideAll(accept),
      moved: () => this.schedule(),
    });
    this.root.append(this.live);
  }

  /** Works out the picture and what each row shows of it. */
  private work(source = this.source.tree, target = this.target.tree): void {
    const data = this.data!;
    const copied = (from: string, to: string): string | null => copiedValue(source.get(from), target.get(to), data.values);
    this.picture = picture(data, this.queue.pending as readonly Change[], copied);
    this.looks = looks({ source, target, picture: this.picture, values: data.values, words: this.words });
    this.lines = drawnLines(this.picture, source);
  }

  private paint(): void {
    const { frame, data } = this;
    if (!frame || !data) return;
    this.work();
    for (const [id, row] of this.source.rows) row.paint(this.looks!.source.get(id)!);
    const selected = this.picture!.selected;
    for (const [id, row] of this.target.rows) {
      row.paint(this.looks!.target.get(id)!);
      row.isSelected = keyOf(row.node) === selected;
    }
    frame.progress.paint(data.progress, this.picture!.suggestions.length);
    frame.foot.explain(new Set(this.lines.map((line) => line.stroke)));
    frame.paintStates(Object.keys(data.values).length > 0);
    frame.foot.wait(this.queue.pending.length > 0);
    this.goAhead(data.step);
    this.schedule();
  }

  /** Lets the editor show a field as soon as it is selected, where nothing but that is on its way. */
  private goAhead(step: string): void {
    const { selected, fields } = this.picture!;
    const isOnly = this.queue.pending.length > 0 && this.queue.pending.every(({ op }) => op === "select" || op === "edit");
    if (!isOnly || !selected) return store.goTo(null);
    const title = this.words.say("formula_of", { field: fullTitle(this.target.tree, selected) });
    store.goTo({ document: `${step}\n${selected}`, title, text: fields[selected]?.formula ?? "" });
  }

  private schedule(): void {
    if (this.nextFrame || !this.frame) return;
    this.nextFrame = requestAnimationFrame(() => {
      this.nextFrame = 0;
      this.draw();
    });
  }

  private draw(): void {
    if (!this.picture) return;
    const selected = this.picture.selected;
    const touched = this.connecting.isHolding ? [] : this.highlight.touched(this.lines);
    // What has no line changes nothing when one passes over it.
    const dims = touched.length > 0;
    const lit = new Set(dims ? touched : this.lines.filter((line) => line.target === selected));
    this.canvas.draw({ lines: this.lines, source: this.source.view(), target: this.target.view(), lit, dims });
    this.highlight.mark(touched);
  }

  /** When Python chose another field, it is brought into sight, and the keyboard with it if it stood in this tree. */
  private followSelection(before: string | null | undefined): void {
    const selected = this.picture?.selected;
    if (!selected || selected === before) return;
    const node = this.target.tree.nearest(selected);
    if (!node) return;
    if (this.target.focused()) this.target.focus(node.id);
    else this.target.reveal(node.id);
    this.followSources(selected);
    this.schedule();
  }

  /** Brings the first source of a field into sight, unless one of them is; what is closed stays closed. */
  private followSources(target: string): void {
    const ends = this.lines.filter((line) => line.target === target).map((line) => end(line.source, this.source.view()));
    const found = ends.filter((each) => each !== null);
    if (found.length && found.every((each) => each.beyond)) this.source.show(found[0]!.node.id);
  }

  // What people do

  private send(...changes: Change[]): void {
    const sent = this.onlyLooks ? changes.filter(({ op }) => LOOKING.has(op)) : changes;
    if (!sent.length) return;
    this.queue.push(...sent);
    this.paint();
    this.draw();
  }

  private select(node: TreeNode): void {
    const key = keyOf(node);
    if (node.id === GONE || key === this.picture?.selected) return;
    this.send({ op: "select", target: key });
    this.followSources(key);
  }

  private showCard(line: DrawnLine, at: Point, isPinned: boolean): void {
    if (this.connecting.isHolding) return;
    const suggestion = line.isSuggestion ? this.picture?.suggestions.find((each) => each.target === line.target) : undefined;
    const content = {
      source: titled(this.source.tree, line.source),
      target: titled(this.target.tree, line.target),
      converts: line.converts ?? "",
      why: suggestion?.why ?? "",
      isSuggestion: Boolean(line.isSuggestion),
    };
    this.card.show(content, at, this.words, isPinned, (action) => this.actions.act(action, line.target, line.source));
  }

  private hover(hovered: Hovered): void {
    this.highlight.hovered = hovered;
    this.schedule();
  }

  private announce(text: string): void {
    // The same words twice are said twice only if something changed.
    setText(this.live, this.live.textContent === text ? `${text}\u00a0` : text);
  }

  private valueOf(source: string): string {
    return this.data?.values[source] ?? this.source.tree.get(source)?.value ?? "";
  }

  /** What the keyboard may ask for. */
  private readonly wishes: Wishes = {
    enter: (side, node) => this.enter(side, node),
    edit: (node) => this.actions.act("edit", keyOf(node)),
    clear: (node) => {
      if (!this.onlyLooks) this.actions.clear(node);
    },
    cancel: () => this.connecting.cancel(),
    search: (side) => this.frame?.heads[side].focusSearch(),
    nextProblem: () => this.send({ op: "next_problem" }),
    test: () => this.send({ op: "test" }),
    undo: (again) => {
      if (this.onlyLooks) return;
      this.send({ op: again ? "redo" : "undo" });
      this.announce(this.words.say(again ? "redone" : "undone"));
    },
  };

  /** Connects what is in hand; else takes a source in hand, or selects a target. */
  private enter(side: SideName, node: TreeNode): void {
    if (this.connecting.waitsFor(side, node)) this.connecting.connect(node);
    else if (node.id === GONE) this.target.toggle(node.id);
    else if (this.onlyLooks) {
      if (side === "target") this.select(node);
    } else if (side === "source") {
      this.connecting.pick(side, node);
      this.target.focus();
    } else if (node.gone) this.connecting.pick(side, node);
    else this.select(node);
  }

  private paneEvents(side: SideName) {
    return {
      isMapped: (id: string) => this.looks?.isMapped[side](id) ?? false,
      moved: () => this.schedule(),
      clicked: (node: TreeNode, isPort: boolean) => {
        if (this.connecting.waitsFor(side, node)) this.connecting.connect(node);
        else if (isPort && node.id !== GONE && !this.onlyLooks) this.connecting.pick(side, node);
        else {
          if (this.connecting.cancel()) this[side].focus(node.id);
          if (side === "target") this.select(node);
        }
      },
      doubleClicked: (node: TreeNode) => {
        if (side === "target" && node.id !== GONE) this.actions.act("edit", keyOf(node));
        else if (node.children.length) this[side].toggle(node.id);
      },
      pressed: (event: PointerEvent, node: TreeNode, isPort: boolean) => {
        // A finger on a row scrolls; on a port it draws a line.
        const isHandle = isPort || (event.pointerType === "mouse" && (side === "source" || node.gone));
        if (isHandle && node.id !== GONE && !this.onlyLooks) this.connecting.startDrag(event, side, node);
      },
      hovered: (node: TreeNode | null) => {
        this.hover(node ? { side, node } : null);
        if (node) this.connecting.consider(side, node);
      },
      entered: (node: TreeNode) => this.connecting.consider(side, node),
      acted: (action: RowAction, node: TreeNode) => {
        if (this.onlyLooks && action !== "edit") return;
        const home = this.target.tree.nearest(this.looks?.target.get(node.id)?.home?.target ?? "");
        if (action !== "move") this.actions.act(action, keyOf(node));
        else if (home) this.connecting.move(node, home);
        this[side].focus(action === "move" && home ? home.id : node.id);
      },
      key: (event: KeyboardEvent, node: TreeNode) => rowKey(event, side, node, this.wishes),
    };
  }
}
