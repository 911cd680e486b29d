import { afterEach, expect, it, vi } from 'vitest';
import { type Cells, makeStamp, type WireDocument } from '../../src/model/index.ts';
import { waitsFrom } from '../../src/sync/lists/pending.ts';
import { type Fixture, open } from './harness.ts';

const OTHER = '0000000000B0B';
const NOW = 1_790_000_000_000;
const NUMBER = 300;

let now = NOW;

afterEach(() => void vi.restoreAllMocks());

const idOf = (i: number) => `i${String(i).padStart(4, '0')}`;

/** A device with documents that the server knows, each of which waits in a row of its own: the first keys were edited last. */
async function edited(): Promise<Fixture> {
  now = NOW;
  const ada = await open(() => now);
  const stamp = makeStamp(NOW - 1000, 0, OTHER);
  const cells: Cells = { [`["e","${OTHER}"]`]: [stamp, 0], '["r","name"]': [stamp, 0, 'x'] };
  const documents = Array.from({ length: NUMBER }, (_, i) => ({ collection: 'items', id: idOf(i), cells }));
  const page = { documents: documents as WireDocument[], dropped: [], withdrawn: [], cursor: 'c1', more: false };
  await ada.replica.applyPage(page);
  for (const [from, to] of [
    [NUMBER - 1, NUMBER],
    [0, NUMBER - 1],
  ] as const) {
    now += 1000;
    await ada.write((store) => {
      for (let i = from; i < to; i++) store.put({ id: idOf(i), name: 'mine' });
    });
    await ada.replica.drain();
  }
  return ada;
}

const waits = (ada: Fixture, millis: number) => waitsFrom(ada.connection, ['items'], makeStamp(millis, 0, OTHER));

it('what waits since a time is found wherever its key stands', async () => {
  const ada = await edited();
  expect(await waits(ada, NOW + 500)).toBe(false);
  expect(await waits(ada, NOW + 1500)).toBe(true); // the last one of all
  expect(await waits(ada, NOW + 2500)).toBe(true);
});

it('not all that waits is read where the first ones tell', async () => {
  const ada = await edited();
  const keys = vi.spyOn(IDBObjectStore.prototype, 'getAllKeys');
  const most = () => Math.max(...keys.mock.calls.map(([, count = 0]) => count));
  expect(await waits(ada, NOW + 2500)).toBe(true);
  expect(most()).toBeLessThan(NUMBER / 4);
  keys.mockClear();
  expect(await waits(ada, NOW + 1500)).toBe(true);
  expect(most()).toBeGreaterThanOrEqual(NUMBER);
});
