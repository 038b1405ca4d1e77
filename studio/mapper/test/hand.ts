import type { Clock } from "../src/clock.ts";

/** A clock that moves when told. */
export class Hand implements Clock {
  private now = 0;
  private calls: { at: number; call: () => void }[] = [];
  after(milliseconds: number, call: () => void): () => void {
    const entry = { at: this.now + milliseconds, call };
    this.calls.push(entry);
    return () => {
      this.calls = this.calls.filter((each) => each !== entry);
    };
  }
  pass(milliseconds: number): void {
    this.now += milliseconds;
    const due = this.calls.filter((each) => each.at <= this.now);
    this.calls = this.calls.filter((each) => each.at > this.now);
    for (const each of due) each.call();
  }
  get isIdle(): boolean {
    return this.calls.length === 0;
  }
}
