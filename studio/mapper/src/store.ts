// The trees, by revision: sent once, used by every mapper and editor on the page.

import type { TreesData } from "./data.ts";

/** Old revisions that stay at hand, for a component that is updated a moment later than the trees. */
const KEPT = 4;

type Waiter = (trees: TreesData) => void;

export type Values = Readonly<Record<string, string>>;

export class Store {
  private readonly trees = new Map<string, TreesData>();
  private readonly waiters = new Map<string, Set<Waiter>>();

  /** The values of the chosen sample by source id, newer than those in the trees; a mapper brings them. */
  values: Values = {};

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
