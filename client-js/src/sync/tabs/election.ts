import { DeposedError } from '../database/transaction.ts';
import { createVigil } from './vigil.ts';

/** Decides which of the tabs that have the same database open does the work: one at a time, and none that is frozen while another one waits for it. */
export interface Election {
  readonly leads: boolean;
  /** Works whenever it is this tab's turn. Rejects when the signal is aborted, or with what the work fails with. */
  run(signal: AbortSignal): Promise<never>;
  /** Something waits for the tab that leads: it is asked how things stand, and loses the lead if it says nothing. */
  expect(): void;
  /** The tab that leads has said something. */
  heard(): void;
}

export interface ElectionOptions {
  /** The lock's name. */
  readonly name: string;
  /** Without locks (a page that is no secure context) the tab that came last leads: the others find its token and stop. */
  readonly locks: LockManager | undefined;
  readonly now: () => number;
  readonly random: () => number;
  /** Ends when the signal is aborted, or with a {@link DeposedError} once another tab has taken over. */
  readonly work: (signal: AbortSignal) => Promise<void>;
  /** Asks the tab that leads how things stand. */
  readonly ask: () => void;
  /** This tab has begun to lead, or leads no longer. */
  readonly onTurn: () => void;
}

export function createElection({ name, locks, now, random, work, ask, onTurn }: ElectionOptions): Election {
  let leads = false;
  let waiting = new AbortController();
  const vigil = createVigil({ ask, now, random, onSilent: () => waiting.abort() });

  const given = (signal: AbortSignal) => AbortSignal.any([signal, waiting.signal]);

  /** Works as soon as the lock is this tab's, or at once where it is to take it from another one, until that happens to itself. */
  async function term(steal: boolean, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    let working: Promise<void> | undefined;
    let works = false;
    const lead = async () => {
      vigil.end();
      leads = true;
      works = true;
      onTurn();
      working = work(AbortSignal.any([signal, over.signal])).finally(() => {
        works = false;
      });
      await working;
    };
    try {
      if (locks !== undefined) await locks.request(name, steal ? { steal } : { signal: given(signal) }, lead);
      else if (steal) await lead();
      else await aborted(given(signal));
    } catch (error) {
      throw works ? new DeposedError() : error; // the lock was taken away under the work
    } finally {
      over.abort();
      await working?.catch(() => {});
      leads = false;
    }
  }

  return {
    get leads() {
      return leads;
    },
    async run(signal) {
      signal.addEventListener('abort', vigil.end);
      for (let steal = locks === undefined; ; steal = waiting.signal.aborted) {
        waiting = new AbortController();
        try {
          await term(steal, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof DeposedError) onTurn();
          else if (!waiting.signal.aborted) throw error;
        }
      }
    },
    expect() {
      if (!leads) vigil.begin();
    },
    heard: vigil.end,
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
  });
}
