import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeposedError } from '../../src/sync/database/transaction.ts';
import { createElection, type Election } from '../../src/sync/tabs/election.ts';
import { ASK_EVERY, UNANSWERED } from '../../src/sync/tabs/vigil.ts';

const GIVEN_UP = ASK_EVERY * UNANSWERED;

interface Tab {
  readonly election: Election;
  readonly ends: AbortController;
  /** Stops or lets go on answering. */
  frozen: boolean;
  /** How often it has begun to work. */
  terms: number;
  /** How the election ended. */
  failure?: unknown;
  /** Ends the work so. */
  fail(error: Error): void;
}

let tabs: Tab[];

beforeEach(() => {
  vi.useFakeTimers();
  tabs = [];
});
afterEach(() => {
  for (const { ends } of tabs) ends.abort();
  vi.useRealTimers();
});

/** A tab that asks the others, and answers where it leads, as `createTabs` has it. */
function openTab(locks: LockManager | undefined): Tab {
  const ends = new AbortController();
  let fail: (error: unknown) => void = () => {};
  const tab: Tab = {
    ends,
    frozen: false,
    terms: 0,
    fail: (error) => fail(error),
    election: createElection({
      name: 'watersmeet:shop',
      locks,
      now: Date.now,
      random: () => 0,
      ask: () => {
        if (tabs.some((other) => other !== tab && other.election.leads && !other.frozen)) tab.election.heard();
      },
      onTurn: () => {},
      work: (signal) =>
        new Promise((_, reject) => {
          if (locks === undefined) for (const other of tabs) if (other !== tab) other.fail(new DeposedError());
          tab.terms++;
          fail = reject;
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    }),
  };
  tabs.push(tab);
  tab.election.run(ends.signal).catch((error: unknown) => {
    tab.failure = error;
  });
  return tab;
}

const terms = () => tabs.reduce((sum, tab) => sum + tab.terms, 0);
const leading = () => tabs.filter(({ election }) => election.leads);
const settled = () => vi.advanceTimersByTimeAsync(0);

/** One exclusive lock, by the rules of Web Locks. */
function createLocks(): LockManager {
  let held: { release: (stolen?: boolean) => void } | undefined;
  const waiting: (() => void)[] = [];
  const next = () => {
    if (held === undefined) waiting.shift()?.();
  };
  const request = (_: string, { steal = false, signal }: LockOptions, work: () => Promise<unknown>) =>
    new Promise((resolve, reject) => {
      const grant = () => {
        const mine = {
          release: (stolen = false) => {
            if (stolen) reject(new DOMException('the lock was stolen', 'AbortError'));
            if (held === mine) held = undefined;
            next();
          },
        };
        held = mine;
        work().then(resolve, reject).finally(mine.release);
      };
      signal?.addEventListener('abort', () => {
        const at = waiting.indexOf(grant);
        if (at < 0) return;
        waiting.splice(at, 1);
        reject(signal.reason);
      });
      const before = held;
      if (steal) grant();
      else waiting.push(grant);
      if (steal) before?.release(true);
      next();
    });
  return { request } as unknown as LockManager;
}

describe.each([
  ['by locks', createLocks],
  ['without locks', () => undefined],
])('of several tabs, %s,', (way, make) => {
  let locks: LockManager | undefined;
  let first: Tab;
  let second: Tab;

  beforeEach(async () => {
    locks = make();
    const one = openTab(locks);
    await settled();
    const other = openTab(locks);
    await settled();
    [first, second] = way === 'by locks' ? [one, other] : [other, one]; // without locks the last one leads
  });

  it('one leads', () => {
    expect(leading()).toEqual([first]);
  });

  it('the one that answers goes on leading', async () => {
    second.election.expect();
    await vi.advanceTimersByTimeAsync(2 * GIVEN_UP);
    expect(leading()).toEqual([first]);
  });

  it('the one that answers nothing is replaced, waits, and can lead again', async () => {
    first.frozen = true;
    second.election.expect();
    await vi.advanceTimersByTimeAsync(GIVEN_UP);
    expect(leading()).toEqual([second]);
    first.frozen = false;
    first.election.expect();
    await vi.advanceTimersByTimeAsync(2 * GIVEN_UP);
    expect(leading()).toEqual([second]);
    expect(first.failure).toBeUndefined();

    second.frozen = true;
    first.election.expect();
    await vi.advanceTimersByTimeAsync(GIVEN_UP);
    expect(leading()).toEqual([first]);
  });

  it('two that give up at once end with one that leads', async () => {
    const third = openTab(locks);
    await settled();
    for (const leader of leading()) leader.frozen = true;
    const followers = tabs.filter(({ election }) => !election.leads);
    const before = terms();
    for (const { election } of followers) election.expect();
    await vi.advanceTimersByTimeAsync(GIVEN_UP);
    for (const { election } of [first, second, third]) election.expect();
    await vi.advanceTimersByTimeAsync(4 * GIVEN_UP);
    expect(followers).toContain(leading()[0]);
    expect(leading().length).toBe(1);
    expect(terms() - before).toBeLessThanOrEqual(followers.length);
  });

  it('the one whose work fails says so, and is out', async () => {
    first.fail(new Error('broken'));
    await settled();
    expect(first.failure).toEqual(new Error('broken'));
    second.election.expect();
    await vi.advanceTimersByTimeAsync(GIVEN_UP);
    expect(leading()).toEqual([second]);
  });
});
