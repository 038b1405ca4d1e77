// The two trees with the lines between them: what Python told, what was asked for since, and what the page shows.

import type { Api } from "../component.ts";
import type { MapperData, TreesData } from "../data.ts";
import { Canvas, type DrawnLine } from "../lines/canvas.ts";
import { Card } from "../lines/card.ts";
import type { Point } from "../lines/geometry.ts";
import { Queue } from "../queue.ts";
import { store } from "../store.ts";
import { Head } from "../trees/head.ts";
import { Pane } from "../trees/pane.ts";
import { SourceRow, TargetRow, type RowAction, type SideName } from "../trees/row.ts";
import { FieldTree, GONE, type TreeNode } from "../trees/tree.ts";
import { Connecting } from "./connecting.ts";
import { keyOf } from "./drop.ts";
import { element, setText } from "./elements.ts";
import { Foot } from "./foot.ts";
import { looks, strokeOf, titled, type Looks, type Stroke } from "./looks.ts";
import type { Change } from "./operations.ts";
import { kindOf, picture, type Picture } from "./optimistic.ts";
import { Progress } from "./progress.ts";
import { Words } from "./texts.ts";

/** After this long without an answer the page says that something is not saved yet. */
const UNSAVED_MS = 5_000;

interface Parts {
  texts: string;
  words: Words;
  heads: Record<SideName, Head>;
  progress: Progress;
  foot: Foot;
  body: HTMLElement;
  observer: ResizeObserver;
}

export class Mapper {
  private readonly root = element("div", "mapper");
  private readonly live = element("div", "for-screen-readers");
  private readonly canvas: Canvas;
  private readonly card: Card;
  private readonly source: Pane<SourceRow>;
  private readonly target: Pane<TargetRow>;
  private readonly connecting: Connecting;
  private readonly queue: Queue;
  private api: Api | null = null;
  private data: MapperData | null = null;
  private trees: TreesData | null = null;
  private parts: Parts | null = null;
  private picture: Picture | null = null;
  private looks: Looks | null = null;
  private lines: DrawnLine[] = [];
  private hovered: { side: SideName; node: TreeNode } | { line: DrawnLine } | null = null;
  private linked = new Set<Element>();
  private stopWaiting: () => void = () => {};
  private frame = 0;
  private unsaved = 0;

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
      tell: (text) => this.parts?.foot.tell(text),
      changed: () => this.schedule(),
    });
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.showLoading();
  }

  update(data: MapperData, api: Api): void {
    this.api = api;
    const isOtherStep = this.data !== null && this.data.step !== data.step;
    const before = this.picture?.selected;
    this.data = data;
    this.root.style.height = `${data.height}px`;
    this.queue.acknowledge(data.acknowledged);
    if (isOtherStep) {
      this.connecting.cancel();
      this.card.close();
    }
    this.stopWaiting();
    this.stopWaiting = store.when(data.trees, (trees) => {
      if (trees !== this.trees) this.setTrees(trees, isOtherStep);
      this.paint();
      this.followSelection(before);
    });
  }

  destroy(): void {
    this.stopWaiting();
    this.queue.close();
    this.connecting.destroy();
    this.card.close();
    this.parts?.observer.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.unsaved);
    this.root.remove();
  }

  private get words(): Words {
    return this.parts!.words;
  }

  // What is on the page

  private showLoading(): void {
    this.root.setAttribute("aria-busy", "true");
    const loading = element("div", "loading");
    for (let row = 0; row < 9; row += 1) loading.append(element("i"), element("i"));
    this.root.append(loading, this.live);
  }

  private setTrees(trees: TreesData, isOtherStep: boolean): void {
    this.trees = trees;
    const texts = JSON.stringify([trees.texts, trees.source.title, trees.target.title]);
    if (this.parts?.texts !== texts) this.build(trees, texts);
    if (isOtherStep) {
      this.source.startOver();
      this.target.startOver();
    }
    const source = new FieldTree(trees.source.nodes);
    const target = new FieldTree(trees.target.nodes, this.words.say("gone_title"));
    this.work(source, target);
    this.source.setTree(source);
    this.target.setTree(target);
  }

  private build(trees: TreesData, texts: string): void {
    this.parts?.observer.disconnect();
    this.connecting.cancel();
    for (const pane of [this.source, this.target]) pane.clear();
    const words = new Words(trees.texts, document.documentElement.lang);
    const heads = {
      source: new Head("source", trees.source.title, words, this.headEvents("source")),
      target: new Head("target", trees.target.title, words, this.headEvents("target")),
    };
    const progress = new Progress(words, {
      nextProblem: () => this.send({ op: "next_problem" }),
      decideAll: (accept) => this.decideAll(accept),
    });
    const foot = new Foot(words);
    const head = element("div", "head");
    head.append(heads.source.element, progress.element, heads.target.element);
    const body = element("div", "body");
    body.append(this.source.element, element("div", "gap"), this.target.element, this.canvas.element, this.canvas.overlay);
    this.source.element.setAttribute("aria-label", `${words.say("source")}: ${trees.source.title}`);
    this.target.element.setAttribute("aria-label", `${words.say("target")}: ${trees.target.title}`);
    const observer = new ResizeObserver(() => this.measure());
    observer.observe(body);
    this.parts = { texts, words, heads, progress, foot, body, observer };
    this.root.setAttribute("aria-label", words.say("mapper"));
    this.root.removeAttribute("aria-busy");
    this.root.replaceChildren(head, body, foot.element, this.live);
    this.measure();
  }

  /** The only place that asks the page for sizes. */
  private measure(): void {
    if (!this.parts) return;
    const body = this.parts.body.getBoundingClientRect();
    this.canvas.resize(
      this.source.element.getBoundingClientRect().right - body.left,
      this.target.element.getBoundingClientRect().left - body.left,
    );
    this.source.height = this.target.height = body.height;
    this.schedule();
  }

  /** Works out the picture and what each row shows of it. */
  private work(source = this.source.tree, target = this.target.tree): void {
    const data = this.data!;
    this.picture = picture(data, this.queue.pending as readonly Change[]);
    const { lines, suggestions, fields } = this.picture;
    const found = { source, target, picture: this.picture, values: data.values, words: this.words };
    this.looks = looks(found);
    this.lines = [
      ...lines.map((line) => ({ ...line, isError: fields[line.target]?.status === "error" })),
      ...suggestions.map(({ source: from, target: to }) => {
        return { source: from, target: to, kind: kindOf(from), direct: true, isSuggestion: true };
      }),
    ];
  }

  private paint(): void {
    const { parts, data } = this;
    if (!parts || !data) return;
    this.work();
    for (const [id, row] of this.source.rows) row.paint(this.looks!.source.get(id)!);
    const selected = this.picture!.selected;
    for (const [id, row] of this.target.rows) {
      row.paint(this.looks!.target.get(id)!);
      row.isSelected = keyOf(row.node) === selected;
    }
    parts.progress.paint(data.progress, this.picture!.suggestions.length);
    const present = new Set<Stroke>(this.lines.map((line) => (line.isSuggestion ? "suggestion" : strokeOf(line))));
    parts.foot.explain(present);
    this.paintStates();
    this.paintUnsaved();
    this.schedule();
  }

  private paintStates(): void {
    const { words, heads } = this.parts!;
    for (const pane of [this.source, this.target]) {
      const count = pane.tree.nodes.filter((node) => node.id !== GONE).length;
      const { isFiltered, matches, nodes } = pane.shown;
      heads[pane.side].total = isFiltered ? words.count("found", matches) : words.count("fields", count);
      if (!count) pane.say(words.say(`empty_${pane.side}`), words.say(`empty_${pane.side}_help`));
      else if (nodes.length) pane.say("", "");
      else if (pane.isFilteredByMapping && !heads[pane.side].search.value) pane.say(words.say("all_mapped"), "");
      else pane.say(words.say("no_match"), words.say("no_match_help"));
    }
    const hasValues = Object.keys(this.data!.values).length > 0 || this.source.tree.nodes.some((node) => node.value);
    const hint = this.source.tree.nodes.length && !hasValues ? words.say("no_sample") : "";
    heads.source.hint = hint;
  }

  private paintUnsaved(): void {
    if (!this.queue.pending.length) {
      clearTimeout(this.unsaved);
      this.unsaved = 0;
      this.parts!.foot.isUnsaved = false;
    } else if (!this.unsaved) {
      this.unsaved = window.setTimeout(() => {
        if (this.parts) this.parts.foot.isUnsaved = true;
      }, UNSAVED_MS);
    }
  }

  private schedule(): void {
    if (this.frame || !this.parts) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    if (!this.picture) return;
    const { hovered } = this;
    const selected = this.picture.selected;
    const isHovered = hovered && !this.connecting.isHolding;
    const lit = isHovered ? this.isTouched(hovered) : (line: DrawnLine) => line.target === selected;
    this.canvas.draw({ lines: this.lines, source: this.source.view(), target: this.target.view(), lit, dims: Boolean(isHovered) });
    this.markLinked(isHovered ? this.lines.filter(lit) : []);
  }

  private isTouched(hovered: NonNullable<typeof this.hovered>): (line: DrawnLine) => boolean {
    if ("line" in hovered) return (line) => line.source === hovered.line.source && line.target === hovered.line.target;
    const { side, node } = hovered;
    const { tree } = this[side];
    return (line) => {
      const end = tree.nearest(line[side]);
      return end !== undefined && [...tree.lineage(end.id)].includes(node);
    };
  }

  /** The rows at both ends of what is lit. */
  private markLinked(lines: readonly DrawnLine[]): void {
    const now = new Set<Element>();
    for (const side of ["source", "target"] as const) {
      for (const line of lines) {
        const row = this[side].rows.get(this[side].tree.nearest(line[side])?.id ?? "");
        if (row) now.add(row.element);
      }
    }
    for (const row of this.linked) if (!now.has(row)) row.classList.remove("linked");
    for (const row of now) if (!this.linked.has(row)) row.classList.add("linked");
    this.linked = now;
  }

  /** When Python chose another field, it is brought into sight, and the keyboard with it if it stood in this tree. */
  private followSelection(before: string | null | undefined): void {
    const selected = this.picture?.selected;
    if (!selected || selected === before) return;
    const node = this.target.tree.nearest(selected);
    if (!node) return;
    if (this.target.focused()) this.target.focus(node.id);
    else this.target.reveal(node.id);
    this.schedule();
  }

  // What people do

  private send(...changes: Change[]): void {
    this.queue.push(...changes);
    this.paint();
  }

  private select(node: TreeNode): void {
    const key = keyOf(node);
    if (node.id !== GONE && key !== this.picture?.selected) this.send({ op: "select", target: key });
  }

  private act(action: RowAction, target: string, source?: string): void {
    const node = this.target.tree.nearest(target);
    const names = { target: node?.label ?? target };
    if (action === "edit") this.send({ op: "edit", target });
    else if (action === "remove") {
      const others = this.picture!.lines.some((line) => line.target === target && line.source !== source);
      const step = this.data!.step;
      // A formula of one source goes as a whole, whatever else stands in it.
      this.send(source !== undefined && others ? { op: "unlink", step, target, source } : { op: "unlink", step, target });
      const part = source !== undefined && others;
      this.announce(part ? this.words.say("removed_part", { ...names, source: titled(this.source.tree, source) }) : this.words.say("removed", names));
    } else {
      this.send({ op: action, target });
      this.announce(this.words.say(action === "accept" ? "accepted" : "rejected", names));
    }
  }

  private decideAll(accept: boolean): void {
    const op = accept ? ("accept" as const) : ("reject" as const);
    this.send(...this.picture!.suggestions.map(({ target }) => ({ op, target })));
  }

  /** Del: takes off what is mapped, or turns down what is proposed. */
  private clear(node: TreeNode): boolean {
    const key = keyOf(node);
    if (this.picture?.fields[key]?.formula) this.act("remove", key);
    else if (this.picture?.suggestions.some((each) => each.target === key)) this.act("reject", key);
    return true;
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
    this.card.show(content, at, this.words, isPinned, (action) => this.act(action, line.target, line.source));
  }

  private hover(hovered: typeof this.hovered): void {
    if (hovered === this.hovered) return;
    this.hovered = hovered;
    this.schedule();
  }

  private announce(text: string): void {
    // The same words twice are said twice only if something changed.
    setText(this.live, this.live.textContent === text ? `${text}\u00a0` : text);
  }

  private valueOf(source: string): string {
    return this.data?.values[source] ?? this.source.tree.get(source)?.value ?? "";
  }

  private paneEvents(side: SideName) {
    return {
      isMapped: (id: string) => this.looks?.isMapped[side](id) ?? false,
      moved: () => this.schedule(),
      clicked: (node: TreeNode, isPort: boolean) => {
        if (this.connecting.waitsFor(side, node)) this.connecting.connect(node);
        else if (isPort && node.id !== GONE) this.connecting.pick(side, node);
        else {
          this.connecting.cancel();
          if (side === "target") this.select(node);
        }
      },
      doubleClicked: (node: TreeNode) => {
        if (side === "target" && node.id !== GONE) this.act("edit", keyOf(node));
        else if (node.children.length) this[side].toggle(node.id);
      },
      pressed: (event: PointerEvent, node: TreeNode, isPort: boolean) => {
        // A finger on a row scrolls; on a port it draws a line.
        const isHandle = isPort || (event.pointerType === "mouse" && (side === "source" || node.gone));
        if (isHandle && node.id !== GONE) this.connecting.startDrag(event, side, node);
      },
      hovered: (node: TreeNode | null) => this.hover(node ? { side, node } : null),
      acted: (action: RowAction, node: TreeNode) => {
        this.act(action, keyOf(node));
        this[side].focus(node.id);
      },
      key: (event: KeyboardEvent, node: TreeNode) => this.rowKey(event, side, node),
    };
  }

  private rowKey(event: KeyboardEvent, side: SideName, node: TreeNode): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    switch (event.key) {
      case "Enter":
      case " ":
        if (this.connecting.waitsFor(side, node)) this.connecting.connect(node);
        else if (node.id === GONE) this.target.toggle(node.id);
        else if (side === "source") {
          this.connecting.pick(side, node);
          this.target.focus();
        } else if (node.gone) this.connecting.pick(side, node);
        else this.select(node);
        return true;
      case "F2":
        if (side === "target" && node.id !== GONE) this.act("edit", keyOf(node));
        return true;
      case "Delete":
      case "Backspace":
        return side === "target" && node.id !== GONE && this.clear(node);
      case "Escape":
        return this.connecting.cancel();
      case "/":
        this.parts?.heads[side].focusSearch();
        return true;
      default:
        return false;
    }
  }

  private headEvents(side: SideName) {
    const changed = () => {
      this.paintStates();
      this.schedule();
    };
    return {
      searched: (query: string) => {
        this[side].setFilter({ query });
        changed();
      },
      filtered: (onlyUnmapped: boolean) => {
        this[side].setFilter({ onlyUnmapped });
        changed();
      },
      openedAll: (open: boolean) => this[side].toggleAll(open),
      left: () => this[side].focus(),
    };
  }

  /** The keys that work anywhere in the mapper. */
  private key(event: KeyboardEvent): void {
    const isCommand = event.ctrlKey || event.metaKey;
    const isWriting = event.target instanceof HTMLInputElement;
    if (event.key === "F8") this.send({ op: "next_problem" });
    else if (isCommand && event.key === "Enter") this.send({ op: "test" });
    else if (isCommand && event.key.toLowerCase() === "z" && !isWriting) {
      this.send({ op: event.shiftKey ? "redo" : "undo" });
      this.announce(this.words.say(event.shiftKey ? "redone" : "undone"));
    } else if (event.key === "Escape") {
      if (!this.connecting.cancel()) return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
