// What was done and has not reached the draft, kept by the browser: it outlives a reload, a closed tab and a crash.
//
// Formulas and changes of the mapping only, never a value of a record; for a day. Each thing goes when Python has
// counted it and says that it waits for no answer either. What an earlier page left behind is handed to Python again.

import { browserClock, type Clock } from "./clock.ts";
import type { Api, Instance, Mount } from "./component.ts";
import type { KeptData, KeptItem, Operation, QueuedOperation } from "./data.ts";

const PREFIX = "mapping-studio.kept.";
const DAY = 24 * 3_600_000;
/** What another tab has not touched for so long was left by it; a living one is done sooner. */
const ORPHANED = 10_000;
const FIRST_WAIT = 3_000;
const LONGEST_WAIT = 30_000;
const MOST_WAS = 20;
/** What changes the flow; wishes about what is on screen are not worth keeping. */
const CHANGES: ReadonlySet<string> = new Set(["link", "link_list", "unlink", "move", "undo", "redo", "set_formula"]);

/** Where texts lie by name, for all tabs. */
export interface Shelf {
  names(): string[];
  get(name: string): string | null;
  put(name: string, text: string | null): void;
}

export class Kept {
  private told: KeptData | undefined;
  private readonly living = new Set<string>();
  private readonly followers = new Set<() => void>();

  constructor(
    private readonly shelf: Shelf,
    private readonly tab: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Is told when another session of Python has begun, which knows nothing of what is on its way; the result calls it off. */
  follow(follower: () => void): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  /** A text of a formula, at once; known: what the draft had of it. */
  typed(client: string, n: number, document: string, text: string, known: string): void {
    if (!this.told) return;
    const all = this.read(this.own);
    const before = all.find((each) => each.client === client && each.document === document && each.flow === this.told!.flow);
    const was = before?.was ?? [known];
    // A text that was sent may be in the draft although no answer came.
    if (before && before.n !== n && before.text !== undefined) was.push(before.text);
    const item = { ...this.begun(client, n), document, text, was: was.length > MOST_WAS ? [was[0]!, ...was.slice(1 - MOST_WAS)] : was };
    this.write(this.own, [...all.filter((each) => each !== before), item]);
  }

  /** What was typed of a formula counts no more: it is back to what it was, or was replaced. */
  forget(client: string, document: string): void {
    const all = this.read(this.own);
    const left = all.filter((each) => each.client !== client || each.document !== document || each.isHeard);
    if (left.length < all.length) this.write(this.own, left);
  }

  /** Changes that go to Python. */
  queued(operations: readonly QueuedOperation[]): void {
    if (!this.told) return;
    const items = operations.flatMap(({ seq, client, ...asked }) => {
      const operation = changeOf(asked as Operation);
      return operation ? [{ ...this.begun(client, seq), operation }] : [];
    });
    if (items.length) this.write(this.own, [...this.read(this.own), ...items]);
  }

  /** Python says what it has counted and what of it is not in the draft; the rest goes. */
  tell(told: KeptData): void {
    const isAnother = this.told !== undefined && this.told.by !== told.by;
    this.told = told;
    if (isAnother) for (const follow of this.followers) follow();
    for (const name of this.names()) {
      const all = this.read(name);
      const left = all.filter((item) => this.now() - item.at < DAY && !this.isDone(item, told));
      let isChanged = left.length < all.length;
      for (const item of left) {
        if (item.flow !== told.flow || item.isHeard || item.n > count(item, told)) continue;
        item.isHeard = isChanged = true;
      }
      if (isChanged) this.write(name, left);
    }
  }

  /** What an earlier page left behind, or an earlier session of Python had in hand; the oldest first. */
  lost(): KeptItem[] {
    const { told } = this;
    if (!told) return [];
    const found = this.names().flatMap((name) =>
      this.read(name).filter((item) => {
        const isLeft = item.isHeard || !this.living.has(item.client);
        const isOurs = name === this.own || this.now() - item.at >= ORPHANED;
        return item.flow === told.flow && item.n > count(item, told) && isLeft && isOurs;
      }),
    );
    return found.sort((one, other) => one.at - other.at || one.n - other.n);
  }

  private get own(): string {
    return PREFIX + this.tab;
  }

  private begun(client: string, n: number): Pick<KeptItem, "flow" | "by" | "revision" | "client" | "n" | "at"> {
    this.living.add(client);
    const { flow, by, revision } = this.told!;
    return { flow, by, revision, client, n, at: this.now() };
  }

  private isDone(item: KeptItem, told: KeptData): boolean {
    if (item.flow !== told.flow || item.n > count(item, told)) return false;
    if (item.document !== undefined) return !told.unsaved.includes(item.document);
    return !told.waiting.some(([client, n]) => client === item.client && n === item.n);
  }

  private names(): string[] {
    return this.shelf.names().filter((name) => name.startsWith(PREFIX));
  }

  private read(name: string): KeptItem[] {
    const text = this.shelf.get(name);
    if (text === null) return [];
    try {
      const found: unknown = JSON.parse(text);
      return Array.isArray(found) ? (found as KeptItem[]) : [];
    } catch {
      return []; // not ours, or half written when the browser ended
    }
  }

  private write(name: string, items: readonly KeptItem[]): void {
    this.shelf.put(name, items.length ? JSON.stringify(items) : null);
  }
}

/** What of an operation is worth keeping: a suggestion that is accepted as the formula it stands for. */
function changeOf(asked: Operation): Operation | undefined {
  if (asked.op === "accept") return { ...asked, op: "set_formula" };
  return CHANGES.has(asked.op) ? asked : undefined;
}

/** How far Python has counted the client of an item. */
function count(item: KeptItem, told: KeptData): number {
  return (item.operation ? told.seen : told.heard)[item.client] ?? 0;
}

/**
 * The browser's own store, for all tabs of this address. Where it is full or forbidden, the page works as well but
 * for what a reload would lose: that is no reason to stop somebody who is typing.
 */
export function browserShelf(storage: () => Storage): Shelf {
  const tried = <Result>(use: (storage: Storage) => Result, otherwise: Result): Result => {
    try {
      return use(storage());
    } catch {
      return otherwise;
    }
  };
  return {
    names: () => tried((held) => Object.keys(held), []),
    get: (name) => tried((held) => held.getItem(name), null),
    put: (name, text) => tried((held) => (text === null ? held.removeItem(name) : held.setItem(name, text)), undefined),
  };
}

/** A name that this tab keeps through a reload. */
function tabName(): string {
  const shelf = browserShelf(() => sessionStorage);
  const name = shelf.get("mapping-studio.tab") ?? Math.random().toString(36).slice(2);
  shelf.put("mapping-studio.tab", name);
  return name;
}

export const kept = new Kept(browserShelf(() => localStorage), tabName());

/** Hands to Python what was left behind, again until it is counted. */
class Keeper implements Instance<KeptData> {
  private api: Api | undefined;
  private wait = FIRST_WAIT;
  private callOff: () => void;

  constructor(private readonly clock: Clock = browserClock) {
    this.callOff = () => {};
  }

  update(data: KeptData, api: Api): void {
    const isFirst = this.api === undefined;
    this.api = api;
    kept.tell(data);
    if (isFirst) this.again(0);
    else if (kept.lost().length) this.again(Math.min(this.wait, FIRST_WAIT));
  }

  destroy(): void {
    this.callOff();
  }

  private again(wait: number): void {
    this.callOff();
    this.callOff = this.clock.after(wait, () => this.post());
  }

  private post(): void {
    const lost = kept.lost();
    this.wait = lost.length ? Math.min(this.wait * 2, LONGEST_WAIT) : ORPHANED;
    if (lost.length) this.api?.setTriggerValue("recovered", lost);
    this.again(this.wait); // another tab may have been closed a moment ago
  }
}

export const mountKept: Mount<KeptData> = () => new Keeper();
