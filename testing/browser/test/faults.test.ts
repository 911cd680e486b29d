import { describe, it } from 'vitest';
import type { Flavour } from '../src/browser.ts';
import type { Engine } from '../src/engines.ts';
import { play } from '../src/faults/history.ts';

const FLAVOURS: readonly Flavour[] = ['dexie', 'idb', 'raw'];
const long = process.env.WATERSMEET_LONG === '1';
const given = process.env.WATERSMEET_SEED;

/** Which browsers take part, with applications that write how in a short run, and the seeds that every change has to pass. */
const PAIRS: readonly (readonly [Engine, Engine, readonly [Flavour, Flavour], readonly number[]])[] = [
  ['Chromium', 'Chromium', ['dexie', 'idb'], [1]],
  ['Firefox', 'Chromium', ['dexie', 'raw'], [2]],
  ['Firefox', 'Firefox', ['raw', 'idb'], [3]],
];
/** How many more, at random, in each pair of a long run. */
const MORE = 25;

function seedsOf(few: readonly number[]): readonly number[] {
  if (given !== undefined) return [Number(given)];
  const from = Date.now() % 1_000_000;
  return long ? [...few, ...Array.from({ length: MORE }, (_, i) => from + i)] : few;
}

describe.each(PAIRS)('%s and %s, while what can fail does', (one, other, flavoursOfFew, few) => {
  it.each(seedsOf(few))('hold the same in the end, and lose nothing, by the seed %d', async (seed) => {
    const flavours = few.includes(seed)
      ? flavoursOfFew
      : ([FLAVOURS[seed % 3], FLAVOURS[Math.floor(seed / 3) % 3]] as [Flavour, Flavour]);
    try {
      await play(seed, { engines: [one, other], flavours });
    } catch (error) {
      throw new Error(
        `WATERSMEET_SEED=${seed} npm test -w @watersmeet/testing-browser -- faults -t '${one} and ${other}' replays this:\n${(error as Error).message}`,
      );
    }
  });
});
