// Draws the lines between the trees, with their edge markers and labels. All of it is for the eye alone.

import type { Line } from "../data.ts";
import { element, icon, setAttribute, setClass, setText, svg } from "../mapper/elements.ts";
import type { Stroke } from "../mapper/looks.ts";
import { place, type EdgeCount, type PaneView, type Placed } from "./ends.ts";
import { curve, EDGE, middle, type Point } from "./geometry.ts";

/** How far inside the panes the ports stand. */
const PORT = 11;

export interface DrawnLine extends Line {
  stroke: Stroke;
  /** A proposal that nobody has accepted yet. */
  isSuggestion?: boolean;
  isError?: boolean;
}

export interface Scene {
  lines: readonly DrawnLine[];
  source: PaneView;
  target: PaneView;
  /** The lines that stand out; others step back while `dims` is true. */
  lit: ReadonlySet<DrawnLine>;
  dims: boolean;
}

interface Drawing {
  line: DrawnLine;
  stroke: SVGPathElement;
  core: SVGPathElement | null;
  hit: SVGPathElement;
}

export interface CanvasEvents {
  entered(line: DrawnLine, at: Point): void;
  left(): void;
  clicked(line: DrawnLine, at: Point): void;
  wentTo(edge: EdgeCount): void;
}

export class Canvas {
  readonly element = svg("svg", { class: "lines", "aria-hidden": "true" });
  readonly overlay = element("div", "overlay");
  private readonly strokes = svg("g");
  private readonly hits = svg("g");
  private readonly drag = svg("path", { class: "stroke drag" });
  private readonly drawings = new Map<string, Drawing>();
  private readonly edges = new Map<string, HTMLElement>();
  private readonly labels = new Map<string, HTMLElement>();
  private left = 0;
  private right = 0;

  constructor(private readonly events: CanvasEvents) {
    this.overlay.setAttribute("aria-hidden", "true");
    this.drag.setAttribute("visibility", "hidden");
    this.element.append(this.hits, this.strokes, this.drag);
    const lineOf = (event: Event) => this.drawings.get((event.target as SVGElement).dataset["line"] ?? "")?.line;
    const at = (event: MouseEvent) => ({ x: event.clientX, y: event.clientY });
    this.hits.addEventListener("pointerover", (event) => {
      const line = lineOf(event);
      if (line) events.entered(line, at(event));
    });
    this.hits.addEventListener("pointerout", () => events.left());
    this.hits.addEventListener("click", (event) => {
      const line = lineOf(event);
      if (line) events.clicked(line, at(event));
    });
  }

  /** The inner borders of the two panes, from the left of what the canvas covers. */
  resize(left: number, right: number): void {
    this.left = left;
    this.right = right;
  }

  draw(scene: Scene): void {
    const { placed, edges } = place(scene.lines, scene.source, scene.target);
    const seen = new Set<string>();
    const labelled = new Set<string>();
    const ways = new Set<string>();
    for (const each of placed) {
      const key = keyOf(each.line);
      const isLit = scene.lit.has(each.line);
      // Lines that run alike, as those of a closed group or from beyond an edge, are drawn once.
      const way = wayOf(each);
      if (!isLit && ways.has(way)) continue;
      ways.add(way);
      seen.add(key);
      this.drawLine(key, each, isLit, scene);
      if (isLit && each.line.converts && !each.source.beyond && !each.target.beyond) {
        labelled.add(key);
        this.drawLabel(key, each);
      }
    }
    drop(this.drawings, seen, ({ stroke, core, hit }) => [stroke, core, hit].forEach((path) => path?.remove()));
    drop(this.labels, labelled, (label) => label.remove());
    this.drawEdges(edges, scene);
    this.element.classList.toggle("dims", scene.dims);
  }

  /** The line that follows the pointer; null takes it away. Heights and places are seen from the canvas. */
  drawDrag(from: Point | null, to: Point | null): void {
    this.drag.setAttribute("visibility", from && to ? "visible" : "hidden");
    if (from && to) this.drag.setAttribute("d", curve(from, to));
  }

  port(side: "source" | "target", y: number, aside = 0): Point {
    return { x: side === "source" ? this.left - PORT + aside : this.right + PORT - aside, y };
  }

  private ends({ source, target, line }: Placed<DrawnLine>): [Point, Point] {
    // The two strokes of a list begin beside the port, not across it.
    const aside = line.stroke === "list" ? 6 : 0;
    // A line that goes on beyond the edge ends in its marker, which stands in the gap.
    const from = source.beyond ? { x: this.left + EDGE + 5, y: source.y } : this.port("source", source.y, aside);
    const to = target.beyond ? { x: this.right - EDGE - 5, y: target.y } : this.port("target", target.y, aside);
    return [from, to];
  }

  private drawLine(key: string, placed: Placed<DrawnLine>, isLit: boolean, scene: Scene): void {
    const { stroke } = placed.line;
    let drawing = this.drawings.get(key);
    if (!drawing || (drawing.core === null) !== (stroke !== "list")) {
      for (const path of [drawing?.stroke, drawing?.core, drawing?.hit]) path?.remove();
      drawing = this.newDrawing(key, stroke, placed.line);
    }
    drawing.line = placed.line;
    const [from, to] = this.ends(placed);
    const d = curve(from, to);
    for (const path of [drawing.stroke, drawing.core]) if (path) setAttribute(path, "d", d);
    // A line is clicked between the trees: its ports belong to the fields, which can be picked again.
    setAttribute(drawing.hit, "d", curve({ ...from, x: Math.max(from.x, this.left) }, { ...to, x: Math.min(to.x, this.right) }));
    const isFaint = placed.source.isStandIn || placed.target.isStandIn || placed.source.beyond || placed.target.beyond;
    const marks = `${isFaint ? " faint" : ""}${isLit ? " lit" : ""}${placed.line.isError ? " error" : ""}`;
    setClass(drawing.stroke, `stroke ${stroke}${marks}`);
    if (drawing.core) setClass(drawing.core, `core${marks}`);
    if (isLit && scene.dims && drawing.stroke.nextSibling && drawing.stroke.parentNode) this.raise(drawing);
  }

  private newDrawing(key: string, stroke: Stroke, line: DrawnLine): Drawing {
    const made: Drawing = {
      line,
      stroke: svg("path"),
      core: stroke === "list" ? svg("path") : null,
      hit: svg("path", { class: "hit" }),
    };
    made.hit.dataset["line"] = key;
    made.stroke.dataset["source"] = line.source;
    made.stroke.dataset["target"] = line.target;
    this.strokes.append(made.stroke);
    if (made.core) this.strokes.append(made.core);
    this.hits.append(made.hit);
    this.drawings.set(key, made);
    return made;
  }

  /** What is lit lies above what is not. */
  private raise({ stroke, core }: Drawing): void {
    this.strokes.append(stroke);
    if (core) this.strokes.append(core);
  }

  private drawLabel(key: string, placed: Placed<DrawnLine>): void {
    let label = this.labels.get(key);
    if (!label) {
      label = element("div", "conversion");
      this.labels.set(key, label);
      this.overlay.append(label);
    }
    setText(label, placed.line.converts ?? "");
    const at = middle(...this.ends(placed));
    label.style.transform = `translate(${at.x}px, ${at.y}px) translate(-50%, -50%)`;
  }

  private drawEdges(edges: readonly EdgeCount[], scene: Scene): void {
    const seen = new Set<string>();
    for (const edge of edges) {
      const key = `${edge.side} ${edge.beyond}`;
      seen.add(key);
      let marker = this.edges.get(key);
      if (!marker) {
        marker = element("div", `edge ${key}`);
        marker.append(icon(edge.beyond === "above" ? "up" : "down"), element("span"));
        this.edges.set(key, marker);
        this.overlay.append(marker);
      }
      marker.onclick = () => this.events.wentTo(edge);
      setText(marker.lastElementChild!, String(edge.count));
      const y = edge.beyond === "above" ? EDGE : scene[edge.side].height - EDGE;
      const x = edge.side === "source" ? this.left + 2 : this.right - 2;
      const shift = edge.side === "source" ? "0" : "-100%";
      marker.style.transform = `translate(${x}px, ${y}px) translate(${shift}, -50%)`;
    }
    drop(this.edges, seen, (marker) => marker.remove());
  }
}

function keyOf(line: DrawnLine): string {
  return `${line.isSuggestion ? "?" : ""}${line.source}\u0000${line.target}`;
}

function wayOf({ line, source, target }: Placed<DrawnLine>): string {
  return [source.beyond ?? source.node.id, target.beyond ?? target.node.id, line.stroke, line.isError].join("\u0000");
}

function drop<T>(known: Map<string, T>, seen: ReadonlySet<string>, remove: (each: T) => void): void {
  for (const [key, each] of known) {
    if (seen.has(key)) continue;
    remove(each);
    known.delete(key);
  }
}
