/** Hands things over from one who has them to one who takes them, one at a time. */
export interface Mailbox<T> extends AsyncIterable<T> {
  /** Hands a thing over; resolves when it has been taken and the next one is asked for, or nobody takes anything any more. */
  put(thing: T): Promise<void>;
  /** Ends the iteration, with an error if one is given, after what was put. */
  close(error?: unknown): void;
}

export function createMailbox<T>(): Mailbox<T> {
  const things: { readonly thing: T; readonly taken: () => void }[] = [];
  let wake: (() => void) | undefined;
  let closed = false;
  let failure: unknown;

  return {
    put(thing) {
      if (closed) return Promise.resolve();
      return new Promise((taken) => {
        things.push({ thing, taken });
        wake?.();
      });
    },
    close(error) {
      if (closed) return;
      closed = true;
      failure = error;
      wake?.();
    },
    async *[Symbol.asyncIterator]() {
      try {
        while (true) {
          const next = things[0];
          if (next !== undefined) {
            yield next.thing;
            things.shift();
            next.taken();
          } else if (closed) {
            if (failure !== undefined) throw failure;
            return;
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        closed = true;
        for (const { taken } of things.splice(0)) taken();
      }
    },
  };
}
