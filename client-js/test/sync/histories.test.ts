import 'fake-indexeddb/auto';
import { IDBObjectStore as FDBObjectStore } from 'fake-indexeddb';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SyncError } from '../../src/index.ts';
import { type CollectionSchema, type JsonObject, read } from '../../src/model/index.ts';
import { declaredBy } from '../../src/sync/collection.ts';
import { type Device, type Item, openDevice } from './device.ts';
import { abortAs, FIELDS } from './harness.ts';
import { createMemoryServer, type MemoryServer, type Mishap } from './memory-server.ts';
import { eventually } from './stub-server.ts';

const RUNS = process.env.WATERSMEET_LONG === '1' ? 150 : 40;
const IDS = ['a', 'b', 'c'];
/** What the first person may not edit, and may not delete. */
const [SEALED, KEPT] = ['sealed', 'kept'];

interface Edit {
  readonly id: string;
  readonly count?: number;
  readonly name?: string;
  readonly tag?: true;
}

const OTHERS = ['reload', 'feeds end', 'delete', 'retry', 'discard', 'leave', 'intrude', 'full', 'offline'] as const;

const steps = fc.array(
  fc.record({
    who: fc.nat(1),
    tab: fc.nat(1),
    does: fc.oneof(
      { weight: 3, arbitrary: fc.record({ id: fc.constantFrom(...IDS), count: fc.integer({ min: -3, max: 3 }) }) },
      { weight: 2, arbitrary: fc.record({ id: fc.constantFrom(...IDS, SEALED), name: fc.string({ maxLength: 3 }) }) },
      { weight: 4, arbitrary: fc.record({ id: fc.constantFrom(...IDS, SEALED), tag: fc.constant(true as const) }) },
      { weight: 3, arbitrary: fc.constantFrom<Mishap[]>('lost', 'twice', 'unanswered', 'refused') },
      { weight: 6, arbitrary: fc.constantFrom(...OTHERS) },
    ),
    /** Milliseconds until the next step. */
    pause: fc.nat(12),
  }),
  { maxLength: 30 },
);

let devices: Device[] = [];
/** The databases that find no storage: every transaction that puts something is aborted. */
const full = new Set<string>();
let stopped: unknown[] = [];

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0); // nobody backs off
  vi.spyOn(console, 'error').mockImplementation((...said) => void stopped.push(said));
  const put = FDBObjectStore.prototype.put as IDBObjectStore['put'];
  vi.spyOn(FDBObjectStore.prototype as IDBObjectStore, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...given
  ) {
    const { transaction } = this;
    const request = put.apply(this, given);
    if (full.has(transaction.db.name)) queueMicrotask(() => abortAs('QuotaExceededError', transaction));
    return request;
  });
});
afterEach(async () => {
  await Promise.all(devices.map((device) => device.close()));
  vi.restoreAllMocks();
});

it('end in the same for all, refused edits in dead letters once, whoever leaves, comes, retries and runs out of storage', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      await Promise.all(devices.map((device) => device.close()));
      full.clear();
      stopped = [];
      const server = createMemoryServer();
      devices = [await openDevice(server, new Set([SEALED, KEPT])), await openDevice(server)];
      const [ada, bob] = devices as [Device, Device];
      const totals = new Map<string, number>();
      const tags = new Map<string, string[]>();
      /** The tags that Ada has given to what is sealed, and those that stood in letters which she has discarded. */
      const given: string[] = [];
      const discarded: string[] = [];
      let added = 0;
      await bob.tabs[0]?.change(KEPT, (item) => item);

      for (const { who, tab: number, does, pause } of history) {
        const device = devices[who] as Device;
        const tab = device.tabs[number] as Device['tabs'][number];
        if (typeof does === 'object') {
          const { id, count = 0, name, tag }: Edit = does;
          const isRefused = device === ada && id === SEALED;
          const adds = tag ? [`tag ${added++}`] : [];
          const done = await tab.change(id, (item) => ({
            ...item,
            name: name ?? item.name,
            tags: [...item.tags, ...adds],
            quantity: item.quantity + count,
          }));
          if (done && isRefused) given.push(...adds);
          else if (done) {
            totals.set(id, (totals.get(id) ?? 0) + count);
            tags.set(id, [...(tags.get(id) ?? []), ...adds]);
          }
        } else if (does === 'delete') await ada.tabs[number]?.remove(KEPT);
        else if (does === 'reload') await device.reload(number);
        else if (does === 'feeds end') device.connection.endFeeds();
        else if (does === 'leave') {
          full.delete(device.name); // leaving makes space
          await device.leave(number);
        } else if (does === 'intrude') expect(await device.intrude('stolen')).toBe(true);
        else if (does === 'full') full.delete(device.name) || full.add(device.name);
        else if (does === 'offline') {
          if (tab.sync.status.value.phase === 'offline') tab.sync.connect();
          else tab.sync.disconnect();
        } else if (does === 'retry' || does === 'discard') {
          const letters = ada.tabs[number]?.sync.deadLetters;
          const [letter] = (await letters?.list()) ?? [];
          if (letter !== undefined) {
            await (does === 'retry' ? letters?.retry(letter) : letters?.discard(letter))?.then(
              () => does === 'discard' && discarded.push(...tagsOf(letter, given)),
              expectToBeTold,
            );
          }
        } else device.connection.next(does);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }

      full.clear();
      for (const { tabs } of devices) for (const { sync } of tabs) sync.connect();
      const all = devices.flatMap(({ tabs }) => tabs);
      await eventually(async () => {
        const held = await Promise.all(all.map((tab) => tab.all()));
        const statuses = all.map(({ sync }) => sync.status.value);
        expect(statuses.map(({ phase, pending, problem }) => ({ phase, pending, problem }))).toEqual(
          all.map(() => ({ phase: 'live', pending: 0, problem: undefined })),
        );
        expect(held).toEqual(all.map(() => recordsOf(server)));
      });
      for (const { id, quantity, tags: held } of recordsOf(server)) {
        expect([id, quantity]).toEqual([id, totals.get(id) ?? 0]);
        expect(held.toSorted()).toEqual((tags.get(id) ?? []).toSorted());
      }
      for (const id of [KEPT, ...totals.keys()]) expect(server.documents().has(id)).toBe(true);
      expect(server.documents().has('stolen')).toBe(false);
      for (const { sync } of ada.tabs) {
        const letters = await sync.deadLetters.list();
        const kept = [...discarded, ...letters.flatMap((letter) => tagsOf(letter, given))];
        expect(kept.toSorted()).toEqual(given.toSorted());
      }
      expect(stopped.filter((said) => !/other-user|another user|erased/.test(String(said)))).toEqual([]);
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: 500_000, markInterruptAsFailure: true }, // shrinking takes long
  );
}, 600_000);

/** Of the tags of a refused edit, those that somebody has given. */
function tagsOf(letter: { readonly record: unknown }, given: readonly string[]): string[] {
  return ((letter.record as Partial<Item> | undefined)?.tags ?? []).filter((tag) => given.includes(tag));
}

/** A letter that cannot be retried, or discarded, stays, and why is told. */
function expectToBeTold(error: unknown): void {
  if (!(error instanceof SyncError || error instanceof DOMException)) throw error;
}

/** What the server's cells show. */
function recordsOf(server: MemoryServer): Item[] {
  const schema = declaredBy(FIELDS).get('items') as CollectionSchema;
  return [...server.documents()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, cells]) => ({ id, ...(read(cells, schema) as JsonObject) }) as unknown as Item);
}
