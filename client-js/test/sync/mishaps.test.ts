import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CapturedConnection } from '../../src/capture/index.ts';
import { type JsonObject, read } from '../../src/model/index.ts';
import { collectionsOf, declaredBy } from '../../src/sync/collection.ts';
import { createSession, type Session } from '../../src/sync/session.ts';
import { FIELDS, type Fixture, open } from './harness.ts';
import { type Connection, createMemoryServer, type MemoryServer, type Mishap } from './memory-server.ts';
import { eventually } from './stub-server.ts';

const RUNS = process.env.WATERSMEET_LONG === '1' ? 1000 : 60;
const IDS = ['a', 'b', 'c', 'd', 'e'];

/** A device whose database outlives the tabs that lead it. */
interface Device {
  readonly fixture: Fixture;
  readonly connection: Connection;
  /** A tab takes the lead, whether or not another one has it. */
  openTab(): void;
  /** The tab that leads is gone, without a word, and another one takes the lead. */
  reload(): Promise<void>;
  /** The browser aborts one of the engine's transactions, after so many milliseconds, as it does when the disk is full. */
  abortNext(after: number): void;
  written(): void;
  pending(): Promise<number>;
  readonly errors: readonly unknown[];
  close(): Promise<void>;
}

const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

async function openDevice(server: MemoryServer, seed: number): Promise<Device> {
  const fixture = await open(Date.now, { seed });
  const connection = server.connection();
  const tabs: { session: Session; stop: AbortController; ended: Promise<void> }[] = [];
  const errors: unknown[] = [];
  let abortAfter: number | undefined;
  const captured: CapturedConnection = Object.create(fixture.connection, {
    transaction: {
      value: (stores: string[], mode: IDBTransactionMode) => {
        const transaction = fixture.connection.transaction(stores, mode);
        if (mode !== 'readwrite' || abortAfter === undefined) return transaction;
        setTimeout(() => {
          try {
            transaction.abort();
          } catch {
            // It is complete already.
          }
        }, abortAfter);
        abortAfter = undefined;
        return transaction;
      },
    },
  });

  function openTab(): void {
    const session = createSession({
      connection: captured,
      collections: collectionsOf(captured, declaredBy(FIELDS)),
      transport: { url: 'http://server/v1', space: 'shop-7', token: () => 'token', fetch: connection.fetch },
      polling: { every: 10_000, retryFeedAfter: 60_000 },
      debug: true,
      millis: Date.now,
      random,
      onStatus: () => {},
      onChanged: () => {},
      onLocal: () => {},
      onConflict: () => {},
    });
    const stop = new AbortController();
    session.connect(true);
    const ended = session.run(stop.signal).catch((error: Error) => {
      if (!stop.signal.aborted && error.name !== 'DeposedError') errors.push(error);
    });
    tabs.push({ session, stop, ended });
  }

  async function close(): Promise<void> {
    for (const { stop } of tabs) stop.abort();
    await Promise.all(tabs.splice(0).map(({ ended }) => ended));
  }

  openTab();
  return {
    fixture,
    connection,
    openTab,
    async reload() {
      await close();
      openTab();
    },
    abortNext(after) {
      abortAfter = after;
    },
    written: () => tabs.at(-1)?.session.written(),
    pending: () => fixture.replica.pending(),
    errors,
    close,
  };
}

interface Item {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly quantity: number;
}

const edits = fc.oneof(
  fc.record({ count: fc.integer({ min: -3, max: 3 }) }),
  fc.record({ name: fc.string({ maxLength: 3 }) }),
  fc.constant('tag' as const),
);
const steps = fc.array(
  fc.record({
    who: fc.nat(2),
    does: fc.oneof(
      { weight: 5, arbitrary: fc.record({ id: fc.constantFrom(...IDS), edit: edits }) },
      { weight: 2, arbitrary: fc.constantFrom<Mishap>('lost', 'twice', 'unanswered', 'refused') },
      { weight: 2, arbitrary: fc.constantFrom('reload', 'another tab', 'feeds end') },
      { weight: 1, arbitrary: fc.record({ abortAfter: fc.nat(4) }) },
    ),
    /** Milliseconds until the next step. */
    pause: fc.nat(12),
  }),
  { maxLength: 30 },
);

let devices: Device[] = [];

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0); // nobody backs off
});
afterEach(async () => {
  await Promise.all(devices.map((device) => device.close()));
  vi.restoreAllMocks();
});

it('come to the same with two other devices, and count and add everything once, whatever befalls requests, tabs and transactions', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      await Promise.all(devices.map((device) => device.close()));
      const server = createMemoryServer();
      devices = [await openDevice(server, 0), await openDevice(server, 50), await openDevice(server, 100)];
      const totals = new Map<string, number>();
      const tags = new Map<string, string[]>();
      let added = 0;

      for (const { who, does, pause } of history) {
        const device = devices[who] as Device;
        if (typeof does === 'object' && 'id' in does) {
          const { id, edit } = does;
          await change(device, id, (item) => {
            if (edit === 'tag') {
              const tag = `tag ${added++}`;
              tags.set(id, [...(tags.get(id) ?? []), tag]);
              return { ...item, tags: [...item.tags, tag] };
            }
            if ('name' in edit) return { ...item, name: edit.name };
            totals.set(id, (totals.get(id) ?? 0) + edit.count);
            return { ...item, quantity: item.quantity + edit.count };
          });
        } else if (typeof does === 'object') device.abortNext(does.abortAfter);
        else if (does === 'reload') await device.reload();
        else if (does === 'another tab') device.openTab();
        else if (does === 'feeds end') device.connection.endFeeds();
        else device.connection.next(does);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }

      for (const device of devices) device.written();
      await eventually(async () => {
        const held = await Promise.all(devices.map(({ fixture }) => fixture.all()));
        const pending = await Promise.all(devices.map((device) => device.pending()));
        expect({ pending, held }).toEqual({ pending: [0, 0, 0], held: devices.map(() => recordsOf(server)) });
      });
      expect(devices.flatMap(({ errors }) => errors)).toEqual([]);
      for (const { id, quantity, tags: held } of recordsOf(server)) {
        expect([id, quantity]).toEqual([id, totals.get(id) ?? 0]);
        expect(held.toSorted()).toEqual((tags.get(id) ?? []).toSorted());
      }
      for (const id of [...totals.keys(), ...tags.keys()]) expect(server.documents().has(id)).toBe(true);
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: 180_000, markInterruptAsFailure: true }, // shrinking takes long
  );
}, 600_000);

/** Reads a record, or begins one, and puts it changed, in one transaction. */
async function change({ fixture, written }: Device, id: string, change: (item: Item) => Item): Promise<void> {
  await fixture.write((store) => {
    store.get(id).onsuccess = (event) => {
      const found = (event.target as IDBRequest<Item | undefined>).result;
      store.put(change(found ?? { id, name: '', tags: [], quantity: 0 }));
    };
  });
  written();
}

/** What the server's cells show. */
function recordsOf(server: MemoryServer): Item[] {
  const schema = collectionsOf(devices[0]?.fixture.connection as CapturedConnection, declaredBy(FIELDS)).get(
    'items',
  )?.schema;
  return [...server.documents()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, cells]) => ({ id, ...(read(cells, schema as never) as JsonObject) }) as unknown as Item);
}
