/** Something to wait for that may have happened already. */
export interface Bell {
  /** Whether somebody waits for it. */
  readonly awaited: boolean;
  ring(): void;
  /** Waits until the bell has been rung since the last wait; rejects when the signal is aborted. */
  rung(signal: AbortSignal): Promise<void>;
}

export function createBell(): Bell {
  let rang = false;
  const waiting = new Set<() => void>();
  return {
    get awaited() {
      return waiting.size > 0;
    },
    ring() {
      rang = true;
      for (const wake of [...waiting]) wake();
    },
    async rung(signal) {
      if (!rang) await untilCalled(waiting, signal);
      rang = false;
    },
  };
}

function untilCalled(callbacks: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => () => {
      callbacks.delete(wake);
      signal.removeEventListener('abort', stop);
      settle();
    };
    const wake = end(resolve);
    const stop = end(() => reject(signal.reason));
    if (signal.aborted) return reject(signal.reason);
    callbacks.add(wake);
    signal.addEventListener('abort', stop);
  });
}

/** Waits so many milliseconds, or until the signal is aborted, in which case it rejects. */
export function delay(millis: number, signal: AbortSignal): Promise<void> {
  const callbacks = new Set<() => void>();
  const timer = setTimeout(() => {
    for (const call of [...callbacks]) call();
  }, millis);
  return untilCalled(callbacks, signal).finally(() => clearTimeout(timer));
}

/** Waits for something that does not know the signal; rejects when that is aborted. */
export function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    const settled = () => signal.removeEventListener('abort', stop);
    promise.then(resolve, reject).finally(settled);
  });
}

/** Runs one thing after the other. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result.catch(() => {}); // whoever asked for the work hears of its failure
    return result;
  };
}

const FIRST_DELAY = 500;
const LAST_DELAY = 30_000;

/** Full jitter over an exponentially growing span, in milliseconds: clients that were cut off together do not come back together. */
export function backOff(attempt: number, random: () => number): number {
  return random() * Math.min(LAST_DELAY, FIRST_DELAY * 2 ** attempt);
}
