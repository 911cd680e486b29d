import { expect, it } from 'vitest';
import { type Past, readAt, remember } from '../../src/sync/merging/past.ts';

const HOUR = 3_600_000;

/** A counter that others set to 1, 2, 3 and so on, once in so many milliseconds. */
function changed(times: number, millis: number): readonly Past[] | undefined {
  let past: readonly Past[] | undefined;
  for (let version = 1; version <= times; version++) {
    past = remember(past, { n: version - 1 }, { n: version }, { version, at: version * millis });
  }
  return past;
}

it('a record can be looked back over 16 changes', () => {
  const past = changed(40, 1) as readonly Past[];
  expect(past.map(({ version }) => version)).toEqual(Array.from({ length: 16 }, (_, i) => 25 + i));
  expect(readAt({ n: 40 }, past, 24)).toEqual({ n: 24 });
});

it('a record can be looked back over a day', () => {
  const past = changed(10, 6 * HOUR) as readonly Past[];
  expect(past.map(({ version }) => version)).toEqual([7, 8, 9, 10]);
});
