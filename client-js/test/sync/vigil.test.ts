import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ASK_EVERY, createVigil, UNANSWERED, type Vigil } from '../../src/sync/tabs/vigil.ts';

let now: number;
let asked: number;
let silent: number;
let vigil: Vigil;

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  asked = 0;
  silent = 0;
  vigil = createVigil({
    ask: () => {
      asked++;
    },
    onSilent: () => {
      silent++;
    },
    now: () => now,
    random: () => 0,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The page runs all the while, question by question. */
function pass(questions: number): void {
  for (let i = 0; i < questions; i++) {
    now += ASK_EVERY;
    vi.advanceTimersByTime(ASK_EVERY);
  }
}

describe('a tab that waits for a word of the one that leads', () => {
  it('gives it up after several questions without an answer, once', () => {
    vigil.begin();
    pass(UNANSWERED - 1);
    expect([asked, silent]).toEqual([UNANSWERED, 0]);
    pass(UNANSWERED);
    expect([asked, silent]).toEqual([UNANSWERED, 1]);
  });

  it('waits no longer once a word has come', () => {
    vigil.begin();
    pass(UNANSWERED - 1);
    vigil.end();
    pass(UNANSWERED);
    expect(silent).toBe(0);
  });

  it('goes on with the same wait when more is to be said', () => {
    vigil.begin();
    pass(UNANSWERED - 1);
    vigil.begin();
    pass(1);
    expect(silent).toBe(1);
  });

  it('judges nobody when it has been asleep itself', () => {
    vigil.begin();
    pass(UNANSWERED - 1);
    now += 60_000;
    pass(1);
    expect(silent).toBe(0);
    pass(UNANSWERED - 1);
    expect(silent).toBe(0);
    pass(1);
    expect(silent).toBe(1);
  });
});
