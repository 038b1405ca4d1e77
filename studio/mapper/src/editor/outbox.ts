// What is typed, on its way to Python: after a short pause, again until it has arrived, and nothing is lost between.
//
// A state may be overwritten by the next one and a socket may drop. So a text stays here until it is acknowledged
// (or, for the formula on screen, until Python has checked that very text), and is sent again meanwhile. The browser
// keeps it too, from the first letter on (kept.ts), for a page that is left before it has arrived.

import { browserClock, type Clock } from "../clock.ts";
import type { Code, Typed } from "../data.ts";
import { kept, type Kept } from "../kept.ts";
import { newClient } from "../queue.ts";

const PAUSE = 200;
/** An update that comes sooner after a message than this is no sign that the message was lost. */
const RECENT = 2_000;
const FIRST_WAIT = 3_000;
const LONGEST_WAIT = 30_000;

export class Outbox {
  private document = "";
  private text = "";
  private known = "";
  private n = 0;
  private attempt = 0;
  private unanswered: Typed[] = [];
  private wait = FIRST_WAIT;
  private isRecent = false;
  private typing: (() => void) | undefined;
  private retry: (() => void) | undefined;
  private recent: (() => void) | undefined;
  private readonly unfollow: () => void;

  constructor(
    private readonly send: (code: Code) => void,
    private readonly clock: Clock = browserClock,
    readonly client: string = newClient(),
    private readonly keeping: Pick<Kept, "typed" | "forget" | "follow"> = kept,
  ) {
    this.unfollow = keeping.follow(() => this.post());
  }

  /** Whether something was typed in the formula on screen that has not arrived. */
  get isWaiting(): boolean {
    return this.text !== this.known;
  }

  /** Another formula stands in the editor, or the same one was replaced by somebody else. */
  open(document: string, text: string, keepsEarlier: boolean): void {
    if (document !== this.document) {
      this.flush();
      if (!keepsEarlier) this.unanswered = [];
    } else {
      this.unanswered = this.unanswered.filter((each) => each.document !== document);
      this.keeping.forget(this.client, document);
    }
    this.typing?.();
    this.typing = undefined;
    this.document = document;
    this.text = text;
    this.known = text;
    if (!this.unanswered.length) this.stop();
  }

  typed(text: string): void {
    this.text = text;
    this.keeping.typed(this.client, this.n + 1, this.document, text, this.known);
    this.typing?.();
    this.typing = this.clock.after(PAUSE, () => {
      this.typing = undefined;
      this.flush();
    });
  }

  /** Sends what was typed, now; nothing where all of it was sent. */
  flush(): void {
    this.typing?.();
    this.typing = undefined;
    const waiting = this.unanswered.find((each) => each.document === this.document);
    if (this.text === (waiting?.text ?? this.known)) {
      if (waiting) this.keeping.typed(this.client, waiting.n, this.document, this.text, this.known);
      else this.keeping.forget(this.client, this.document);
      return;
    }
    this.note();
    this.wait = FIRST_WAIT;
    this.post();
  }

  /** What is on screen as a message: for Ctrl+Enter, which asks for more than a change. */
  code(): Code {
    const typed = this.unanswered.find((each) => each.document === this.document);
    const { document, text } = this;
    return this.message(typed ?? { document, text, n: this.n });
  }

  /** Python has checked a text of the formula on screen, and counts what it has carried out of each client. */
  answered(checked: string, acknowledged: Record<string, number> = {}): void {
    const seen = acknowledged[this.client] ?? 0;
    const isHere = ({ document, text, n }: Typed) => n <= seen || (document === this.document && text === checked);
    const arrived = this.unanswered.filter(isHere);
    for (const each of arrived) if (each.document === this.document) this.known = each.text;
    this.unanswered = this.unanswered.filter((each) => !arrived.includes(each));
    if (!this.unanswered.length) this.stop();
    else if (!this.typing && !this.isRecent) this.post();
  }

  close(): void {
    this.unfollow();
    this.flush();
    this.typing?.();
    this.recent?.();
    this.stop();
  }

  /** Puts the text on screen among what waits, in place of an older text of the same formula. */
  private note(): void {
    this.n += 1;
    const { document, text, n } = this;
    this.unanswered = [...this.unanswered.filter((each) => each.document !== document), { document, text, n }];
  }

  private post(): void {
    const last = this.unanswered.at(-1);
    if (!last) return;
    this.send(this.message(last));
    this.isRecent = true;
    this.recent?.();
    this.recent = this.clock.after(RECENT, () => {
      this.isRecent = false;
    });
    this.retry?.();
    this.retry = this.clock.after(this.wait, () => {
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
      this.post();
    });
  }

  private message(typed: Typed): Code {
    this.attempt += 1;
    const earlier = this.unanswered.filter((each) => each !== typed);
    return { ...typed, client: this.client, attempt: this.attempt, earlier };
  }

  private stop(): void {
    this.retry?.();
    this.retry = undefined;
    this.wait = FIRST_WAIT;
  }
}
