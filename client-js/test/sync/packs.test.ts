import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { sideStoreName } from '../../src/capture/index.ts';
import { inspectStores, resultOf } from '../../src/sync/database/transaction.ts';
import { inspect } from '../../src/sync/lists/inspection.ts';
import { settleBy } from '../../src/sync/outgoing/outbox.ts';
import type { PushMessage } from '../../src/sync/server/messages.ts';
import { type Fixture, open, pushFrom } from './harness.ts';

const NAMES = Array.from({ length: 20 }, (_, i) => `item ${String(i).padStart(2, '0')}`);

let fixture: Fixture;

const record = (id: string, name = 'box') => ({ id, name, tags: ['red'], quantity: 2 });
const putAll = (ids = NAMES) => fixture.write((store) => ids.forEach((id) => void store.put(record(id))));
const push = async () => (await pushFrom(fixture.replica, fixture.random)) as PushMessage;
const settle = ({ number, nonce }: PushMessage) => settleBy(fixture.replica, { number, nonce, rejected: [] });
/** The keys of the rows that hold cells. */
const rowKeys = () =>
  inspectStores(fixture.connection, [sideStoreName('items')], async (store) => {
    const keys = await resultOf(store(sideStoreName('items')).getAllKeys(IDBKeyRange.lowerBound([])));
    return (keys as unknown as [kind: string, ...unknown[]][]).filter(([kind]) => kind !== 'p');
  });

beforeEach(async () => {
  fixture = await open();
});

// After each drain, the fixture compares all records with their cells.
describe('documents that were written together', () => {
  it('share a row, and are pending', async () => {
    await putAll();
    await fixture.replica.drain();
    expect(await rowKeys()).toEqual([['k', NAMES[0], NAMES.at(-1), NAMES.length]]);
    expect(await fixture.replica.pending()).toBe(NAMES.length);
    const inspected = await inspect(fixture.connection, 'items', 'item 07');
    expect(inspected?.pending.map(({ path, value }) => [path[0], value])).toContainEqual(['r', 'box']);
  });

  it('have rows of their own if they are few, unlike, or large', async () => {
    await putAll(NAMES.slice(0, 3));
    await fixture.write((store) => {
      for (const [i, id] of NAMES.slice(3, 10).entries()) store.put({ ...record(id), [`field ${i}`]: 1 });
      for (const id of NAMES.slice(10)) store.put(record(id, 'x'.repeat(5000)));
    });
    await fixture.replica.drain();
    expect((await rowKeys()).map(([kind]) => kind)).toEqual(NAMES.map(() => 'd'));
    expect(await fixture.replica.pending()).toBe(NAMES.length);
  });

  it('are pushed as they are, and leave their row', async () => {
    await putAll();
    const message = await push();
    expect(message.documents.map(({ id }) => id)).toEqual(NAMES);
    expect((await rowKeys()).map(([kind]) => kind)).toEqual(NAMES.map(() => 'd'));
    await settle(message);
    expect(await fixture.replica.pending()).toBe(0);
    await fixture.replica.drain();
  });

  it('leave it when one of them is edited, deleted, or met by another device’s edit', async () => {
    for (const touch of [
      (store: IDBObjectStore) => store.put(record('item 03', 'crate')),
      (store: IDBObjectStore) => store.delete('item 03'),
      (store: IDBObjectStore) => store.delete(IDBKeyRange.bound('item 03', 'item 05')),
      (store: IDBObjectStore) => store.clear(),
    ]) {
      fixture = await open();
      await putAll();
      await fixture.replica.drain();
      await fixture.write((store) => void touch(store));
      await fixture.replica.drain();
      const { documents } = await push();
      expect(documents.map(({ id }) => id)).toEqual(NAMES);
      const cells = documents.find(({ id }) => id === 'item 03')?.cells ?? [];
      const told = cells.map(([path]) => JSON.stringify(path));
      const renamed = cells.some(([, , , value]) => value === 'crate');
      expect(renamed || told.some((path) => path.startsWith('["d"'))).toBe(true);
    }
  });

  it('stay together while others are read and written', async () => {
    await putAll();
    await fixture.replica.drain();
    await fixture.write((store) => void store.put(record('another')));
    await fixture.replica.drain();
    expect((await rowKeys()).map(([kind]) => kind)).toEqual(['d', 'k']);
    expect(await fixture.replica.pending()).toBe(NAMES.length + 1);
  });

  it('come out the same in whatever order they are written, drained and pushed', async () => {
    const keys = fc.subarray(NAMES, { minLength: 1 });
    const step = fc.oneof(
      fc.record({ put: keys, name: fc.constantFrom('box', 'crate') }),
      fc.record({ remove: keys }),
      fc.constant('drain' as const),
      fc.constant('push' as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        fixture = await open();
        const held = new Map<string, string>();
        for (const taken of steps) {
          if (taken === 'drain') await fixture.replica.drain();
          else if (taken === 'push') {
            const message = await push();
            if (message !== undefined) await settle(message);
          } else {
            await fixture.write((store) => {
              if ('put' in taken) {
                for (const id of taken.put) {
                  store.put(record(id, taken.name));
                  held.set(id, taken.name);
                }
              } else {
                for (const id of taken.remove) {
                  store.delete(id);
                  held.delete(id);
                }
              }
            });
          }
        }
        await fixture.replica.drain();
        for (let message = await push(); message !== undefined; message = await push()) await settle(message);
        expect(await fixture.replica.pending()).toBe(0);
        const all = (await fixture.all()) as { id: string; name: string }[];
        expect(new Map(all.map(({ id, name }) => [id, name]))).toEqual(new Map([...held].sort()));
        await fixture.replica.drain();
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});
