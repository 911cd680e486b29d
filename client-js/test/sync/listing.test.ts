import { expect, it, vi } from 'vitest';
import { createListing } from '../../src/sync/lists/listing.ts';
import { eventually } from './stub-server.ts';

it('is told to each watcher at once, and again once it has changed', async () => {
  let kept = [1, 2];
  let reads = 0;
  const listing = createListing(
    async () => {
      reads++;
      return [...kept];
    },
    (one, other) => one === other,
  );
  const told: (readonly number[])[] = [];
  const stop = listing.watch((items) => told.push(items));
  await eventually(() => expect(told).toEqual([[1, 2]]));

  listing.changed();
  await eventually(() => expect(reads).toBe(2));
  const later: (readonly number[])[] = [];
  listing.watch((items) => later.push(items));
  await eventually(() => expect(later).toEqual([[1, 2]]));
  expect(told).toEqual([[1, 2]]);

  kept = [2];
  listing.changed();
  await eventually(() => expect([told.at(-1), later.at(-1)]).toEqual([[2], [2]]));
  stop();
  kept = [];
  listing.changed();
  await eventually(() => expect(later.at(-1)).toEqual([]));
  expect(told).toEqual([[1, 2], [2]]);
});

it('is read once for changes that come while it is read, and not at all while nobody watches', async () => {
  let reads = 0;
  const listing = createListing(async () => [++reads]);
  listing.changed();
  expect(reads).toBe(0);
  const told: number[] = [];
  listing.watch(([read]) => told.push(read as number));
  for (let i = 0; i < 10; i++) listing.changed();
  await eventually(() => expect(told).toEqual([1, 2]));
  expect(reads).toBe(2);
});

it('is told to the others where one watcher throws', async () => {
  const reported: unknown[] = [];
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
  const listing = createListing(async () => [1]);
  listing.watch(() => {
    throw new Error('of the application');
  });
  const told: (readonly number[])[] = [];
  listing.watch((items) => told.push(items));
  await eventually(() => expect(told.length).toBeGreaterThan(0));
  expect(reported).toEqual([new Error('of the application'), new Error('of the application')]);
  vi.unstubAllGlobals();
});
