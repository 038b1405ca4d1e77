// The formula editor: CodeMirror, what it knows of the record, and the way of what is typed to Python.

import { closeBrackets, closeCompletion, completionStatus } from "@codemirror/autocomplete";
import { history } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, type Extension, Transaction } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, placeholder, tooltips, type ViewUpdate } from "@codemirror/view";
import { type Api, dress, type Instance, type Mount, type Place } from "../component.ts";
import type { Code, Diagnostic, EditorData } from "../data.ts";
import { comeBackAfterDialog, goBackFrom, watchFocus } from "../focus.ts";
import { type Ahead, store } from "../store.ts";
import type { Knowledge } from "./completion.ts";
import { callAt } from "./context.ts";
import { element } from "./details.ts";
import css from "./editor.css";
import { type Finding, Footer } from "./footer.ts";
import { hover } from "./hover.ts";
import { keepKeys, keys } from "./keys.ts";
import { Known } from "./knowledge.ts";
import { language } from "./language.ts";
import { Marks, rangeOf } from "./marks.ts";
import { Outbox } from "./outbox.ts";
import { popup } from "./popup.ts";
import { theme } from "./theme.ts";

class Editor implements Instance<EditorData> {
  private readonly host = element("div", "editor");
  private readonly box = element("div", "box");
  private readonly head = element("div", "head");
  private readonly footer = new Footer();
  private readonly named = new Compartment();
  private readonly known = new Known(store);
  private readonly marks = new Marks((diagnostics) => this.show(diagnostics));
  private readonly outbox = new Outbox((code) => this.api?.setStateValue("code", code));
  private readonly undress: () => void;
  private readonly view: EditorView;
  private readonly unfollow = store.follow((ahead) => this.goTo(ahead));
  private data: EditorData | undefined;
  /** Whose formula stands in the editor. */
  private shown: string | undefined;
  /** Of a formula that came from the picture: its text, until Python has told its own. */
  private provisional: string | null = null;
  private api: Api | undefined;

  constructor(private readonly place: Place) {
    watchFocus();
    this.undress = dress(place, css);
    this.host.dataset["testid"] = "editor";
    this.host.append(this.head, this.box, this.footer.dom);
    keepKeys(this.host);
    place.append(this.host);
    const root = place instanceof ShadowRoot ? place : document;
    this.view = new EditorView({ parent: this.box, root, state: this.state("") });
    document.addEventListener("visibilitychange", this.hidden);
  }

  update(data: EditorData, api: Api): void {
    const before = this.data;
    this.api = api;
    this.data = data;
    this.host.style.height = `${data.height}px`;
    this.footer.update(data.texts);
    if (store.ahead && store.ahead.document !== data.document) return; // what is shown is newer than what was told
    this.call(data.title);
    this.replace(data, before);
    if (before?.label !== data.label || before.placeholder !== data.placeholder || before.only_look !== data.only_look)
      this.view.dispatch({ effects: this.named.reconfigure(this.names()) });
    this.outbox.answered(data.checked, data.acknowledged);
    this.marks.found(data.checked, data.diagnostics);
    if (data.focus !== undefined && data.focus > (before?.focus ?? 0)) this.view.focus();
  }

  destroy(): void {
    this.unfollow();
    document.removeEventListener("visibilitychange", this.hidden);
    this.outbox.close();
    this.marks.close();
    this.view.destroy();
    this.host.remove();
    this.undress();
  }

  /** Puts Python's text in, where it is another formula or was changed elsewhere; typing is never overwritten. */
  private replace(data: EditorData, before: EditorData | undefined): void {
    const isOther = this.shown !== data.document;
    const provisional = this.provisional;
    this.shown = data.document;
    this.provisional = null;
    // Begun here: what Python has is put in where it differs, unless something was typed meanwhile.
    if (!isOther && provisional !== null && (data.text === provisional || this.outbox.isWaiting)) return;
    // A session that begins anew counts from 0 again: then what was typed and has not arrived still stands.
    const isReset = !isOther && (provisional !== null || data.reset > before!.reset || (data.reset < before!.reset && !this.outbox.isWaiting));
    if (!isOther && !isReset && !this.isBehind(data)) return;
    this.open(data.document, data.text, isOther || provisional !== null);
  }

  /** Shows a field that Python has not drawn yet, with the formula that the picture has of it. */
  private goTo(ahead: Ahead): void {
    if (!this.data || ahead.document === this.shown) return;
    this.shown = ahead.document;
    this.provisional = ahead.text;
    this.call(ahead.title);
    this.open(ahead.document, ahead.text, true);
  }

  private call(title: string): void {
    this.head.title = this.head.textContent = title;
  }

  private open(document: string, text: string, isAnew: boolean): void {
    this.outbox.open(document, text, this.data?.acknowledged !== undefined);
    if (isAnew) this.view.setState(this.state(text));
    else this.overwrite(text);
    this.marks.replaced(text);
    this.footer.call(null, []);
  }

  /** An editor that was drawn again may have begun with what was there before the last words of its forerunner came. */
  private isBehind({ text, checked }: EditorData): boolean {
    return text === checked && !this.outbox.isWaiting && text.replace(/\r\n?/g, "\n") !== this.view.state.doc.toString();
  }

  /** In one step that Ctrl+Z takes back. */
  private overwrite(text: string): void {
    const { doc } = this.view.state;
    closeCompletion(this.view);
    if (doc.toString() === text) return;
    this.view.dispatch({
      changes: { from: 0, to: doc.length, insert: text },
      selection: { anchor: Math.min(this.view.state.selection.main.head, text.length) },
      annotations: [Transaction.userEvent.of("set"), Transaction.addToHistory.of(true)],
    });
  }

  private state(text: string): EditorState {
    return EditorState.create({
      doc: text,
      selection: { anchor: text.length },
      extensions: [
        history(),
        drawSelection(),
        highlightSpecialChars(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        EditorView.lineWrapping,
        EditorState.tabSize.of(2),
        language,
        theme,
        popup(() => this.knowledge()),
        hover(() => this.knowledge()),
        tooltips({ position: "fixed" }),
        keys({ commit: () => this.commit(), flush: () => this.outbox.flush(), leave: () => this.leave() }),
        this.named.of(this.names()),
        EditorView.updateListener.of((update) => this.heard(update)),
        EditorView.domEventHandlers({ blur: (event) => this.left(event) }),
      ],
    });
  }

  private get onlyLooks(): boolean {
    return this.data?.only_look ?? false;
  }

  private knowledge(): Knowledge {
    return this.known.of(this.data as EditorData);
  }

  private names(): Extension {
    const { label = "", placeholder: hint = "" } = this.data ?? {};
    const closed = this.onlyLooks;
    const attributes = { "aria-label": label, "aria-describedby": this.footer.findings.id, "aria-readonly": String(closed), spellcheck: "false", autocorrect: "off" };
    return [EditorView.contentAttributes.of(attributes), EditorState.readOnly.of(closed), hint && !closed ? placeholder(hint) : []];
  }

  private heard(update: ViewUpdate): void {
    const text = update.state.doc.toString();
    if (update.docChanged && !this.onlyLooks && !update.transactions.some((each) => each.isUserEvent("set"))) {
      this.outbox.typed(text);
      this.marks.typed(text);
    }
    this.marks.popup(completionStatus(update.state) === "active");
    if (update.docChanged || update.selectionSet)
      this.footer.call(callAt(text, update.state.selection.main.head), this.knowledge().functions);
  }

  private show(diagnostics: readonly Diagnostic[]): void {
    const { doc } = this.view.state;
    const text = doc.toString();
    const placed = diagnostics.map((each) => ({ ...each, ...rangeOf(text, each) }));
    this.view.dispatch(setDiagnostics(this.view.state, placed));
    const findings = placed.map(({ severity, message, from }) => {
      const line = doc.lineAt(from);
      return { severity, message, line: line.number, column: [...text.slice(line.from, from)].length + 1 };
    });
    const inOrder = (one: Finding, other: Finding): number =>
      one.severity.localeCompare(other.severity) || one.line - other.line || one.column - other.column;
    this.footer.found(findings.sort(inOrder), doc.lines);
    const isWrong = placed.some((each) => each.severity === "error");
    this.view.contentDOM.setAttribute("aria-invalid", String(isWrong));
  }

  private commit(): void {
    if (this.onlyLooks) return;
    closeCompletion(this.view);
    this.marks.settle();
    this.outbox.flush();
    this.api?.setTriggerValue("commit", this.outbox.code() satisfies Code);
  }

  private left(event: FocusEvent): void {
    this.outbox.flush();
    this.marks.settle();
    comeBackAfterDialog(event, () => this.view.dom.isConnected && this.view.focus());
  }

  private leave(): void {
    if (!goBackFrom(this.place.getRootNode())) this.view.contentDOM.blur();
  }

  private readonly hidden = (): void => {
    if (document.visibilityState === "hidden") this.outbox.flush();
  };
}

export const mountEditor: Mount<EditorData> = (place) => new Editor(place);
