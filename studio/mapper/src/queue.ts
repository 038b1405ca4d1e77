// The operations on their way to Python: sent again, all of them, until each is acknowledged.
//
// A trigger may be lost (a socket that drops) or overwritten by the next one, so every message carries the whole
// queue. Python leaves out what it has carried out already, by `seq`: sending twice does nothing twice. What a reload
// would lose is kept by the browser meanwhile (kept.ts).

import { browserClock, type Clock } from "./clock.ts";
import type { Operation, QueuedOperation } from "./data.ts";
import { kept, type Kept } from "./kept.ts";

type Send = (operations: QueuedOperation[]) => void;

/** How long an answer may take before the queue is sent again; doubled each time, up to the longest. */
const FIRST_WAIT = 3_000;
const LONGEST_WAIT = 30_000;

export function newClient(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Queue {
  readonly client: string;
  private seq = 0;
  private waiting: QueuedOperation[] = [];
  private wait = FIRST_WAIT;
  private callOff: (() => void) | undefined;
  private isClosed = false;
  private readonly unfollow: () => void;

  constructor(
    private readonly send: Send,
    client: string = newClient(),
    private readonly clock: Clock = browserClock,
    private readonly keeping: Pick<Kept, "queued" | "follow"> = kept,
  ) {
    this.client = client;
    this.unfollow = keeping.follow(() => this.flush());
  }

  get pending(): readonly QueuedOperation[] {
    return this.waiting;
  }

  /** Queues operations and sends the queue; gives the `seq` of the last. */
  push(...operations: Operation[]): number {
    const queued = operations.map((operation) => ({ ...operation, seq: ++this.seq, client: this.client }));
    this.waiting.push(...queued);
    this.keeping.queued(queued);
    if (operations.length) {
      this.wait = FIRST_WAIT;
      this.flush();
    }
    return this.seq;
  }

  /** Takes off the queue what Python says it has seen. */
  acknowledge(acknowledged: Record<string, number>): void {
    const seen = acknowledged[this.client] ?? 0;
    const before = this.waiting.length;
    this.waiting = this.waiting.filter((operation) => operation.seq > seen);
    // Another tab or an earlier life of this client cannot have counted further than we have.
    this.seq = Math.max(this.seq, seen);
    if (this.waiting.length === before) return;
    this.wait = FIRST_WAIT;
    if (this.waiting.length) this.again();
    else this.stop();
  }

  /** Sends all that is not acknowledged, now. */
  flush(): void {
    if (this.isClosed || !this.waiting.length) return;
    this.send([...this.waiting]);
    this.again();
  }

  close(): void {
    this.isClosed = true;
    this.unfollow();
    this.stop();
  }

  private again(): void {
    this.stop();
    this.callOff = this.clock.after(this.wait, () => {
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
      this.flush();
    });
  }

  private stop(): void {
    this.callOff?.();
    this.callOff = undefined;
  }
}
