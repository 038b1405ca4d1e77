// The trees, by revision: sent once, used by every mapper and editor on the page.

import type { TreesData } from "./data.ts";

/** Old revisions that stay at hand, for a component that is updated a moment later than the trees. */
const KEPT = 4;

type Waiter = (trees: TreesData) => void;

export type Values = Readonly<Record<string, string>>;

/** A field that was selected a moment ago: what is known of it here, until Python has drawn it. */
export interface Ahead {
  document: string;
  title: string;
  text: string;
}

export class Store {
  private readonly trees = new Map<string, TreesData>();
  private readonly waiters = new Map<string, Set<Waiter>>();

  /** The values of the chosen sample by source id, newer than those in the trees; a mapper brings them. */
  values: Values = {};

  private wanted: Ahead | null = null;
  private readonly followers = new Set<(ahead: Ahead) => void>();

  /** The field that is ahead of Python, if any is. */
  get ahead(): Ahead | null {
    return this.wanted;
  }

  /** Says that a field is to be shown before Python has drawn it; null: Python has caught up. */
  goTo(ahead: Ahead | null): void {
    const isNew = ahead !== null && ahead.document !== this.wanted?.document;
    this.wanted = ahead;
    if (isNew) for (const follow of this.followers) follow(ahead);
  }

  /** Is told of every field that goes ahead; the result calls it off. */
  follow(follower: (ahead: Ahead) => void): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  put(trees: TreesData): void {
    this.trees.delete(trees.revision);
    this.trees.set(trees.revision, trees);
    for (const revision of this.trees.keys()) {
      if (this.trees.size <= KEPT) break;
      this.trees.delete(revision);
    }
    const waiting = this.waiters.get(trees.revision);
    this.waiters.delete(trees.revision);
    for (const tell of waiting ?? []) tell(trees);
  }

  get(revision: string): TreesData | undefined {
    return this.trees.get(revision);
  }

  /** Tells once, now or as soon as they have come; the result calls it off. */
  when(revision: string, tell: Waiter): () => void {
    const there = this.trees.get(revision);
    if (there) {
      tell(there);
      return () => {};
    }
    const waiting = this.waiters.get(revision) ?? new Set<Waiter>();
    waiting.add(tell);
    this.waiters.set(revision, waiting);
    return () => {
      waiting.delete(tell);
      if (!waiting.size && this.waiters.get(revision) === waiting) this.waiters.delete(revision);
    };
  }
}

export const store = new Store();
