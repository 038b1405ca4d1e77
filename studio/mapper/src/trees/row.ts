// One row of a tree on the page: made once, painted again only where something changed.

import { button, element, icon, setAttribute, setClass, setText } from "../mapper/elements.ts";
import { writeRule, type SourceLook, type TargetLook } from "../mapper/looks.ts";
import type { Home } from "../data.ts";
import type { Words } from "../mapper/texts.ts";
import { GONE, type FieldTree, type TreeNode } from "./tree.ts";
import { marked } from "./visible.ts";

export type SideName = "source" | "target";

/** The longest text a cell is given; the browser shortens what does not fit, but should not have to lay out a book. */
const LONGEST = 160;

export class Row {
  readonly element = element("div", "row");
  protected readonly label = element("span", "label");
  protected readonly field = element("span", "cell field");
  protected readonly port = element("span", "port");
  private readonly count = element("span", "count");
  private shownLabel = "";

  constructor(
    readonly node: TreeNode,
    side: SideName,
    tree: FieldTree,
    protected readonly words: Words,
  ) {
    const row = this.element;
    row.dataset["id"] = node.id;
    row.dataset["type"] = node.type;
    row.tabIndex = -1;
    row.setAttribute("role", "treeitem");
    row.setAttribute("aria-level", String(node.depth + 1));
    row.setAttribute("aria-posinset", String(node.place));
    row.setAttribute("aria-setsize", String(node.siblings));
    row.style.setProperty("--depth", String(node.depth));
    row.classList.add(side);
    if (node.children.length) row.classList.add("group");
    if (node.gone) row.classList.add("gone");
    this.fill(tree);
    row.setAttribute("aria-label", this.named());
  }

  private fill(tree: FieldTree): void {
    const { node, field } = this;
    for (let depth = 0; depth < node.depth; depth += 1) {
      const guide = element("i", "guide");
      guide.style.setProperty("--at", String(depth));
      field.append(guide);
    }
    const twist = element("span", "twist");
    if (node.children.length) twist.append(icon("chevron"));
    field.append(twist);
    if (node.id !== GONE) {
      const type = icon(`type_${node.type}`, "icon type");
      const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
      title.textContent = this.words.say(`type_${node.type}`);
      type.append(title);
      field.append(type);
    }
    field.append(this.label);
    if (node.required) field.append(element("span", "required", "*"));
    if (node.children.length) {
      setText(this.count, this.words.plain(node.children.length));
      field.append(this.count);
    }
    if (node.personal) {
      const mark = element("span", "mark");
      mark.title = this.words.say("personal");
      mark.append(icon("personal"));
      field.append(mark);
    }
    const parent = tree.parent(node);
    const path = parent?.gone || node.id === GONE ? node.name : node.id;
    this.label.title = node.help ? `${path}\n${node.help}` : path;
    this.mark("");
  }

  /** Shows which part of the label a search found. */
  mark(query: string): void {
    const found = marked(this.node.label, query);
    const key = found ? found.join() : "none";
    if (key === this.shownLabel) return;
    this.shownLabel = key;
    const text = this.node.label;
    if (!found) this.label.replaceChildren(text);
    else this.label.replaceChildren(text.slice(0, found[0]), element("mark", "", text.slice(...found)), text.slice(found[1]));
  }

  set isOpen(open: boolean) {
    if (this.node.children.length) setAttribute(this.element, "aria-expanded", String(open));
  }

  set isSelected(selected: boolean) {
    setAttribute(this.element, "aria-selected", String(selected));
  }

  private named(): string {
    const { node, words } = this;
    if (node.id === GONE) return node.label;
    const parts = [node.label, words.say(`type_${node.type}`)];
    if (node.required) parts.push(words.say("required"));
    if (node.personal) parts.push(words.say("personal"));
    return parts.join(", ");
  }
}

export class SourceRow extends Row {
  private readonly value = element("span", "cell value");

  constructor(node: TreeNode, tree: FieldTree, words: Words) {
    super(node, "source", tree, words);
    this.element.append(this.field, this.value);
    this.port.title = words.say("pick", { field: node.label });
    this.element.append(this.port);
  }

  paint(look: SourceLook): void {
    showValue(this.value, look.value);
    setClass(this.port, `port ${look.port}`);
    setAttribute(this.element, "aria-description", look.says || null);
  }
}

export class TargetRow extends Row {
  private readonly status = element("span", "status");
  private readonly formula = element("span", "cell formula");
  private readonly result = element("span", "cell result");
  private readonly chip = element("span", "chip");
  private readonly value = element("span", "value");
  private readonly rule = element("span", "rule");
  private readonly note = element("span", "mark note");
  private actions: HTMLElement | undefined;
  private shownStatus = "";
  private shownActions = "";
  private home: HTMLElement | undefined;
  private shownHome = "";

  constructor(node: TreeNode, tree: FieldTree, words: Words) {
    super(node, "target", tree, words);
    this.formula.append(this.chip);
    this.note.append(icon("note"));
    this.result.append(this.note, this.rule, this.value);
    this.element.append(this.port, this.status, this.field, this.formula, this.result);
    this.chip.hidden = this.rule.hidden = this.note.hidden = true;
  }

  paint(look: TargetLook): void {
    const { field, suggestion } = look;
    const isMapped = Boolean(field?.formula);
    this.paintStatus(look, isMapped);
    setClass(this.port, `port ${look.port}`);
    this.element.classList.toggle("suggested", Boolean(suggestion));
    this.element.classList.toggle("waiting", look.isWaiting);
    this.paintChip(look, isMapped);
    this.paintValue(look, isMapped);
    const rule = field && isMapped ? writeRule(field.write) : null;
    this.rule.hidden = !rule;
    setText(this.rule, rule ? this.words.say(rule) : "");
    this.note.hidden = !field?.note;
    this.note.title = field?.note ? this.words.say("note", { note: field.note }) : "";
    this.paintActions(isMapped ? "mapped" : suggestion ? "suggested" : "");
    this.paintHome(look.home);
    setAttribute(this.element, "aria-description", look.says || null);
  }

  private paintStatus(look: TargetLook, isMapped: boolean): void {
    const status = look.isMissing ? "missing" : isMapped ? (look.field?.status ?? "ok") : "";
    this.status.title = look.field?.says || (status ? this.words.say(`status_${status}`) : "");
    if (status === this.shownStatus) return;
    this.shownStatus = status;
    this.element.dataset["status"] = status;
    this.status.replaceChildren(...(status ? [icon(`status_${status}`)] : []));
  }

  private paintChip({ field, suggestion, suggestedFrom, port }: TargetLook, isMapped: boolean): void {
    const text = isMapped ? (field?.chip || field?.formula || "") : suggestedFrom;
    this.chip.hidden = !text;
    this.element.classList.toggle("bare", !text);
    setClass(this.chip, `chip ${isMapped ? (port === "direct" ? "direct" : "computed") : "suggested"}`);
    setText(this.chip, shortened(text));
    this.chip.title = isMapped ? (field?.formula ?? "") : (suggestion?.formula ?? "");
  }

  private paintValue(look: TargetLook, isMapped: boolean): void {
    const { field, suggestion } = look;
    const isGroup = this.node.children.length > 0;
    let kind = "";
    let text = field?.value ?? "";
    if (this.node.id === GONE) [kind, text] = ["help", this.words.say("gone_help")];
    else if (suggestion) [kind, text] = ["why", suggestion.why];
    else if (!isMapped) [kind, text] = ["empty", look.isMissing && !isGroup ? this.words.say("not_mapped") : ""];
    else if (look.isWaiting) [kind, text] = field?.value == null ? ["empty", "…"] : ["soon", field.value];
    else if (field?.status === "error") [kind, text] = ["error", field.says];
    else if (field?.value == null) [kind, text] = ["empty", isGroup ? "" : this.words.say("no_value")];
    setClass(this.value, `value ${kind}`);
    showValue(this.value, text);
  }

  /** The way to a new home, for what is no longer in the schema. */
  private paintHome(home: Home | null): void {
    const label = home ? this.words.say("move_to", { target: home.label }) : "";
    if (label === this.shownHome) return;
    this.shownHome = label;
    this.home?.remove();
    this.home = undefined;
    if (!home) return;
    this.home = button("move", label);
    this.home.title = home.why;
    this.home.dataset["action"] = "move";
    this.home.tabIndex = this.element.tabIndex;
    this.result.append(this.home);
  }

  /** The buttons stand in the row only where there is something for them to do. */
  private paintActions(kind: "" | "mapped" | "suggested"): void {
    if (kind === this.shownActions) return;
    this.shownActions = kind;
    const had = this.actions;
    this.actions = undefined;
    if (kind) {
      const of = { target: this.node.label };
      this.actions = element("span", `actions ${kind}`);
      this.actions.append(
        ...(kind === "mapped"
          ? [action("edit", this.words.say("edit_field", of)), action("remove", this.words.say("remove_field", of))]
          : [action("accept", this.words.say("accept_field", of)), action("reject", this.words.say("reject_field", of))]),
      );
      for (const each of this.actions.querySelectorAll("button")) each.tabIndex = this.element.tabIndex;
      // Beside the formula when it is about the formula, so that the result stays in sight.
      (kind === "mapped" ? this.formula : this.result).append(this.actions);
    }
    had?.remove();
  }
}

export type RowAction = "edit" | "remove" | "accept" | "reject" | "move";

function action(name: Exclude<RowAction, "move">, label: string): HTMLButtonElement {
  const made = button(`action ${name}`, label, { icon: name });
  made.tabIndex = -1;
  made.dataset["action"] = name;
  return made;
}

function showValue(cell: HTMLElement, value: string): void {
  setText(cell, shortened(value));
  if (cell.title !== value) cell.title = value;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
