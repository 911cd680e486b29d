import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { sideStoreName } from '../../src/capture/index.ts';
import { type Cells, makeStamp } from '../../src/model/index.ts';
import { inspectStores, resultOf } from '../../src/sync/database/transaction.ts';
import { inspect } from '../../src/sync/lists/inspection.ts';
import { settleBy } from '../../src/sync/outgoing/outbox.ts';
import type { PushMessage } from '../../src/sync/server/messages.ts';
import { type Fixture, open, pushFrom } from './harness.ts';

const OTHER = '0000000000B0B';
const NOW = 1_790_000_000_000;
const NAMES = Array.from({ length: 60 }, (_, i) => `item ${String(i).padStart(2, '0')}`);
const FIRST = { id: 'first', position: null, done: 0 };

let now: number;
let fixture: Fixture;

beforeEach(async () => {
  now = NOW;
  fixture = await open(() => now++);
});

/** What another device wrote, each document by an edit of its own. */
function cellsOf(name: string, millis: number): Cells {
  const stamp = makeStamp(millis, 0, OTHER);
  return { [`["e","${OTHER}"]`]: [stamp, 0], '["r","name"]': [stamp, 0, name] };
}

const documents = (ids: readonly string[], name: string, millis: number) =>
  ids.map((id, i) => ({ collection: 'items', id, cells: cellsOf(name, millis + i), whole: false }));
const snapshot = (ids: readonly string[], name = 'box') => ({
  time: NOW,
  documents: documents(ids, name, NOW),
  position: null,
  cursor: 'c1',
  total: ids.length,
  last: null,
});
const page = (ids: readonly string[], name: string, millis: number) => ({
  documents: documents(ids, name, millis),
  dropped: [],
  withdrawn: [],
  cursor: 'c2',
  more: false,
});
const record = (id: string, name: string) => ({ id, name, tags: [], quantity: 0 });
const push = async () => (await pushFrom(fixture.replica, fixture.random)) as PushMessage | undefined;
const names = async () => ((await fixture.all()) as { id: string; name: string }[]).map(({ id, name }) => [id, name]);
/** What kinds of rows hold cells, and how many of each. */
async function rowKinds(): Promise<Record<string, number>> {
  const side = sideStoreName('items');
  const keys = await inspectStores(fixture.connection, [side], (store) =>
    resultOf(store(side).getAllKeys(IDBKeyRange.lowerBound([]))),
  );
  const kinds: Record<string, number> = {};
  for (const [kind] of keys as unknown as [string][]) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}

// After each drain, the fixture compares all records with their cells.
describe('documents that come with a snapshot', () => {
  it('share rows, show as they are, and are not pending', async () => {
    const changed = await fixture.replica.applySnapshot(snapshot(NAMES), FIRST);
    expect(changed).toEqual([{ collection: 'items', keys: NAMES }]);
    expect(await rowKinds()).toEqual({ a: 2 });
    expect(await names()).toEqual(NAMES.map((id) => [id, 'box']));
    expect(await fixture.replica.pending()).toBe(0);
    const inspected = await inspect(fixture.connection, 'items', 'item 55');
    expect(inspected?.delivered.map(({ value }) => value)).toContain('box');
    await fixture.replica.drain();
    expect(await push()).toBeUndefined();
  });

  it('have rows of their own if they are few, or large', async () => {
    await fixture.replica.applySnapshot(snapshot(NAMES.slice(0, 3)), { ...FIRST });
    await fixture.replica.applySnapshot(snapshot(NAMES.slice(10, 20), 'x'.repeat(5000)), { ...FIRST });
    expect(await rowKinds()).toEqual({ d: 13 });
  });

  it('have rows of their own where something is pending', async () => {
    await fixture.write((store) => {
      for (const id of NAMES.slice(0, 5)) store.put(record(id, 'mine'));
    });
    await fixture.replica.applySnapshot(snapshot(NAMES.slice(0, 30)), FIRST);
    expect(await rowKinds()).toEqual({ a: 1, d: 5, p: 5 });
    expect(await fixture.replica.pending()).toBe(5);
  });

  it('leave their row when one of them is edited or deleted here', async () => {
    for (const touch of [
      (store: IDBObjectStore) => store.put(record('item 03', 'crate')),
      (store: IDBObjectStore) => store.delete('item 03'),
      (store: IDBObjectStore) => store.delete(IDBKeyRange.bound('item 03', 'item 05')),
    ]) {
      fixture = await open(() => now++);
      await fixture.replica.applySnapshot(snapshot(NAMES), FIRST);
      await fixture.write((store) => void touch(store));
      await fixture.replica.drain();
      expect(await rowKinds()).toMatchObject({ a: 1, d: 50 });
      const pushed = (await push())?.documents.map(({ id }) => id);
      expect(pushed).toContain('item 03');
      expect(pushed?.length).toBeLessThanOrEqual(3);
    }
  });

  it('leave it when another device has edited one, and are withdrawn and dropped as others', async () => {
    await fixture.replica.applySnapshot(snapshot(NAMES), FIRST);
    await fixture.replica.applyPage(page(['item 03'], 'crate', NOW + 1000));
    expect(Object.fromEntries(await names())).toMatchObject({ 'item 03': 'crate', 'item 04': 'box' });
    const gone = { collection: 'items', id: 'item 55' };
    await fixture.replica.applyPage({ ...page([], '', NOW), withdrawn: [gone] });
    const purged = { ...gone, id: 'item 56', cells: cellsOf('box', NOW + 56), whole: false };
    await fixture.replica.applyPage({ ...page([], '', NOW), dropped: [purged] });
    expect((await names()).map(([id]) => id)).toEqual(NAMES.filter((id) => id !== 'item 55' && id !== 'item 56'));
    await fixture.replica.drain();
  });

  it('go with the next snapshot, if that does not show them', async () => {
    await fixture.replica.applySnapshot(snapshot(NAMES), FIRST);
    await fixture.replica.applySnapshot(snapshot(NAMES.slice(5)), { ...FIRST, id: 'second' });
    expect((await names()).map(([id]) => id)).toEqual(NAMES.slice(5));
    await fixture.replica.drain();
    expect(await push()).toBeUndefined();
  });

  it('are found at the same cost however many there are, in whatever order a server shows them', async () => {
    const pages = Array.from({ length: 10 }, (_, i) => Array.from({ length: 100 }, (_, j) => 10 * j + ((i * 7) % 10)));
    const opened = vi.spyOn(IDBObjectStore.prototype, 'get');
    const opens = () => opened.mock.calls.filter(([key]) => Array.isArray(key) && key[0] === 'a').length;
    for (const ids of pages) {
      opened.mockClear();
      await fixture.replica.applySnapshot(snapshot(ids.map((id) => `item ${String(id).padStart(4, '0')}`)), FIRST);
      expect(opens()).toBeLessThanOrEqual(2); // those of the first page
    }
    expect(await rowKinds()).toEqual({ a: 2, d: 900 });
    opened.mockRestore();
    expect(await names()).toHaveLength(1000);
    await fixture.replica.drain();
  });

  it('are found by keys of every kind', async () => {
    const ids = [-1, 0, 1, 2.5, ['a', 1], ['a', 2], [[]], 'a', 'b', ...NAMES];
    const documents = ids.map((id, i) => ({ collection: 'items', id, cells: cellsOf('box', NOW + i), whole: false }));
    await fixture.replica.applySnapshot({ ...snapshot([]), documents, total: ids.length }, FIRST);
    expect(await rowKinds()).toEqual({ a: 2 });
    for (const id of ids) expect((await inspect(fixture.connection, 'items', id))?.delivered).toHaveLength(2);
    for (const id of [-2, 1.5, 'aa', 'item 000', ['a', 1.5], [[], []]]) {
      expect(await inspect(fixture.connection, 'items', id)).toBeUndefined();
    }
  });

  it('come out the same in whatever order they are edited here and there', async () => {
    const ids = fc.subarray(NAMES, { minLength: 1 });
    const step = fc.oneof(
      fc.record({ put: ids, name: fc.constantFrom('crate', 'chest') }),
      fc.record({ remove: ids }),
      fc.record({ theirs: ids }),
      fc.constant('push' as const),
    );
    await fc.assert(
      fc.asyncProperty(ids, fc.array(step, { maxLength: 8 }), async (first, steps) => {
        fixture = await open(() => now++);
        await fixture.replica.applySnapshot(snapshot(first), FIRST);
        const held = new Map(first.map((id) => [id, 'box']));
        for (const taken of steps) {
          now += 1000;
          if (taken === 'push') {
            const sent = await push();
            if (sent !== undefined) await settleBy(fixture.replica, { ...sent, rejected: [] });
          } else if ('theirs' in taken) {
            const name = `theirs at ${now}`;
            await fixture.replica.applyPage(page(taken.theirs, name, now));
            for (const id of taken.theirs) held.set(id, name);
          } else {
            await fixture.write((store) => {
              if ('put' in taken) for (const id of taken.put) store.put(record(id, taken.name));
              else for (const id of taken.remove) store.delete(id);
            });
            if ('put' in taken) for (const id of taken.put) held.set(id, taken.name);
            else for (const id of taken.remove) held.delete(id);
            await fixture.replica.drain();
          }
        }
        expect(new Map((await names()) as [string, string][])).toEqual(new Map([...held].sort()));
        await fixture.replica.drain();
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});
