import { type CapturedConnection, capture } from '../../client-js/src/capture/index.ts';
import { diff, encodeDocument, makeStamp } from '../../client-js/src/model/index.ts';
import { collectionsOf, declaredBy } from '../../client-js/src/sync/collection.ts';
import { createReplica, type Replica } from '../../client-js/src/sync/replica.ts';
import { readSnapshotPage } from '../../client-js/src/sync/server/messages.ts';
import { takeLead } from '../../client-js/src/sync/tabs/leader.ts';
import { completion, deleted, opened, result } from './databases.ts';
import { DOCUMENTS, documentOf } from './documents.mjs';

/** What runs in the page: each workload on a fresh database, natively or captured as the client does it. Times in milliseconds. */

/** How many of them a server sends at a time. */
const PAGE = 500;
/** Whose documents arrive. */
const OTHER = '0000000000001';

interface Database {
  readonly db: IDBDatabase;
  readonly connection: CapturedConnection | undefined;
}

let databases = 0;

async function open(captured: boolean): Promise<Database> {
  let connection: CapturedConnection | undefined;
  const onOpen = (captured: CapturedConnection) => {
    connection = captured;
  };
  const factory = captured ? capture(indexedDB, { follow: true, onOpen }) : indexedDB;
  return { db: await opened(`bench ${databases++}`, factory), connection };
}

async function close({ db }: Database): Promise<void> {
  db.close();
  await deleted(db.name);
}

async function put({ db }: Database): Promise<number> {
  const documents = Array.from({ length: DOCUMENTS }, (_, i) => documentOf(i));
  const start = performance.now();
  const transaction = db.transaction('items', 'readwrite');
  const store = transaction.objectStore('items');
  for (const document of documents) store.put(document);
  await completion(transaction);
  return performance.now() - start;
}

async function replicaOf({ connection }: Database): Promise<Replica> {
  const captured = connection as CapturedConnection;
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
  const leadership = await takeLead(captured, 'bench', Date.now, random);
  return createReplica(leadership, collectionsOf(captured, declaredBy({})), {
    onLocal: () => {},
    onEdited: () => {},
    onConflict: () => {},
  });
}

async function putWorkload(captured: boolean): Promise<number> {
  const database = await open(captured);
  const time = await put(database);
  await close(database);
  return time;
}

async function drainWorkload(): Promise<Watched> {
  const database = await open(true);
  const putting = await put(database);
  const replica = await replicaOf(database);
  const { time, longest } = await watched(() => replica.drain());
  await close(database);
  return { time: putting + time, longest };
}

/** The first synchronisation of a device: all documents arrive as a snapshot, page by page as texts, as a server sends them. */
async function arriveWorkload(): Promise<Watched> {
  const database = await open(true);
  const replica = await replicaOf(database);
  const pages = Array.from({ length: DOCUMENTS / PAGE }, (_, page) => snapshotPage(page * PAGE));
  const watch = await watched(async () => {
    for (const [i, page] of pages.entries()) {
      await replica.applySnapshot(readSnapshotPage(JSON.parse(page)), { id: 'first', position: null, done: i * PAGE });
    }
  });
  await close(database);
  return watch;
}

function snapshotPage(from: number): string {
  const schema = { fields: {} };
  const documents = Array.from({ length: PAGE }, (_, i) => {
    const { id, ...put } = documentOf(from + i);
    const cells = diff({ schema, stamp: makeStamp(1_790_000_000_000, from, OTHER), stands: {}, put });
    return encodeDocument({ collection: 'items', id, cells, whole: false });
  });
  const position = from + PAGE < DOCUMENTS ? String(from + PAGE) : null;
  return JSON.stringify({ time: 1, documents, position, cursor: 'end', total: DOCUMENTS, last: null });
}

interface Watched {
  /** In milliseconds. */
  readonly time: number;
  /** The longest task of the page meanwhile; 0 if none took 50 ms. */
  readonly longest: number;
}

async function watched(work: () => Promise<void>): Promise<Watched> {
  await new Promise((resolve) => setTimeout(resolve, 100)); // what came before is not counted
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  observer.observe({ type: 'longtask' });
  const start = performance.now();
  await work();
  const time = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer.disconnect();
  return { time, longest };
}

type Read = 'get' | 'get alone' | 'getAll' | 'cursor';

/** The reads of both, in turn, so that what slows the machine down slows both of them down. */
async function readWorkload(rounds: number): Promise<Record<'native' | 'captured', Record<Read, number>>> {
  const databases = { native: await open(false), captured: await open(true) };
  const sides = ['native', 'captured'] as const;
  for (const side of sides) await put(databases[side]);
  const times = { native: noTimes(), captured: noTimes() };
  for (let round = 0; round <= rounds; round++) {
    for (const name of Object.keys(reads) as Read[]) {
      for (const side of sides) {
        const start = performance.now();
        await reads[name](databases[side].db);
        if (round > 0) times[side][name].push(performance.now() - start); // the first one warms up
      }
    }
  }
  for (const side of sides) await close(databases[side]);
  return { native: medians(times.native), captured: medians(times.captured) };
}

const reads: Record<Read, (db: IDBDatabase) => Promise<unknown>> = {
  get(db) {
    const store = db.transaction('items').objectStore('items');
    return Promise.all(Array.from({ length: 1000 }, (_, i) => result(store.get(`item-${i * 7}`))));
  },
  async 'get alone'(db) {
    for (let i = 0; i < 100; i++) await result(db.transaction('items').objectStore('items').get(`item-${i}`));
  },
  getAll: (db) => result(db.transaction('items').objectStore('items').getAll()),
  cursor: (db) =>
    new Promise<void>((resolve) => {
      const request = db.transaction('items').objectStore('items').openCursor();
      let left = 1000;
      let length = 0;
      request.onsuccess = () => {
        length += (request.result?.value as { text: string } | undefined)?.text.length ?? 0;
        if (left-- > 0 && length > 0) request.result?.continue();
        else resolve();
      };
    }),
};

function noTimes(): Record<Read, number[]> {
  return { get: [], 'get alone': [], getAll: [], cursor: [] };
}

function medians(times: Record<Read, number[]>): Record<Read, number> {
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)])) as Record<Read, number>;
}

function median(numbers: number[]): number {
  return numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)] as number;
}

export const workloads = { putWorkload, drainWorkload, arriveWorkload, readWorkload };
