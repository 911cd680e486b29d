/** Exchanges with the server that somebody waits for: each is over when it has read all there is, and everything that was written before it is confirmed. */
export interface Rounds {
  /** Asks for one; rejects with what the exchange fails with. */
  ask(): Promise<void>;
  /** A reading or a pushing begins. Returns what to call when it is done, for the rounds that were asked for by now; nothing if there are none. */
  begin(half: Half): (() => void) | undefined;
  /** Is aborted as soon as somebody waits for a reading. */
  asked(): AbortSignal;
  fail(error: unknown): void;
}

type Half = 'read' | 'pushed';

interface Round extends Record<Half, boolean> {
  resolve(): void;
  reject(error: unknown): void;
}

/** @param onAsked called whenever somebody asks */
export function createRounds(onAsked: () => void): Rounds {
  const open = new Set<Round>();
  let alarm = new AbortController();
  return {
    ask: () =>
      new Promise((resolve, reject) => {
        open.add({ read: false, pushed: false, resolve, reject });
        alarm.abort();
        onAsked();
      }),
    begin(half) {
      const begun = [...open].filter((round) => !round[half]);
      if (begun.length === 0) return undefined;
      return () => {
        for (const round of begun) {
          round[half] = true;
          if (round.read && round.pushed && open.delete(round)) round.resolve();
        }
      };
    },
    asked() {
      if (alarm.signal.aborted && [...open].every(({ read }) => read)) alarm = new AbortController();
      return alarm.signal;
    },
    fail(error) {
      for (const { reject } of open) reject(error);
      open.clear();
    },
  };
}
