// Time as an argument, so that a test need not wait.

export interface Clock {
  /** Calls later; the result calls it off. */
  after(milliseconds: number, call: () => void): () => void;
}

export const browserClock: Clock = {
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};
