// The head of a tree: its title, how many fields, the search, what is shown and what is open.

import { button, element, icon, setAttribute, setText } from "../mapper/elements.ts";
import type { Words } from "../mapper/texts.ts";
import type { SideName } from "./row.ts";

export interface HeadEvents {
  searched(query: string): void;
  filtered(onlyUnmapped: boolean): void;
  openedAll(open: boolean): void;
  /** From the search into the tree. */
  left(): void;
}

export class Head {
  readonly element = element("div", "side");
  readonly search = element("input", "");
  private readonly count = element("span", "total");
  private readonly note = element("div", "hint");
  private readonly filter: HTMLButtonElement;
  private readonly fold: [HTMLButtonElement, HTMLButtonElement];

  constructor(
    side: SideName,
    title: string,
    words: Words,
    private readonly events: HeadEvents,
    extra: readonly Element[] = [],
  ) {
    this.element.classList.add(side);
    const name = element("span", "title", title);
    name.title = title;
    const first = element("div", "line");
    first.append(element("span", "caption", words.say(side)), name, ...extra, this.count);
    this.filter = button("toggle", words.say("only_unmapped"), { icon: "filter", text: true });
    this.filter.title = words.say(`only_unmapped_${side}`);
    this.filter.setAttribute("aria-label", words.say(`only_unmapped_${side}`));
    this.filter.setAttribute("aria-pressed", "false");
    this.fold = [
      button("tool", words.say("open_all"), { icon: "openAll" }),
      button("tool", words.say("close_all"), { icon: "closeAll" }),
    ];
    const second = element("div", "line");
    second.append(this.searchBox(words.say(`search_${side}`), words.say("search")), this.filter, ...this.fold);
    this.note.hidden = true;
    this.element.append(first, second, this.note);
    this.listen();
  }

  private searchBox(label: string, placeholder: string): HTMLElement {
    const box = element("label", "search");
    const input = this.search;
    Object.assign(input, { type: "text", spellcheck: false, autocomplete: "off", placeholder });
    input.setAttribute("aria-label", label);
    const key = element("kbd", "", "/");
    key.setAttribute("aria-hidden", "true");
    box.append(icon("search"), input, key);
    return box;
  }

  private listen(): void {
    const { search, filter, events } = this;
    search.addEventListener("input", () => events.searched(search.value));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && search.value) {
        search.value = "";
        events.searched("");
      } else if (event.key === "ArrowDown" || event.key === "Enter" || event.key === "Escape") events.left();
      else {
        // What is typed into a field is for the field; Streamlit would take it for its own letters.
        if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });
    filter.addEventListener("click", () => {
      const pressed = filter.getAttribute("aria-pressed") !== "true";
      setAttribute(filter, "aria-pressed", String(pressed));
      events.filtered(pressed);
    });
    this.fold[0].addEventListener("click", () => events.openedAll(true));
    this.fold[1].addEventListener("click", () => events.openedAll(false));
  }

  set total(text: string) {
    setText(this.count, text);
  }

  /** A word about the whole tree, below its title. */
  set hint(text: string) {
    setText(this.note, text);
    this.note.hidden = !text;
  }

  focusSearch(): void {
    this.search.focus();
    this.search.select();
  }
}
