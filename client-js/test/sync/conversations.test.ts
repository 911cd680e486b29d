import { readFileSync } from 'node:fs';
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watersmeet } from '../../src/sync/client.ts';
import type { CollectionOptions } from '../../src/sync/collection.ts';
import { CURSOR, type CursorRow, META } from '../../src/sync/database/rows.ts';
import type { Watersmeet } from '../../src/sync/watersmeet.ts';
import { createNames, type Turn } from './conversation.ts';
import { createScriptedServer, type ScriptedServer } from './scripted-server.ts';

interface Place {
  readonly collection: string;
  readonly id: string;
}

interface Step {
  readonly at?: number;
  readonly put?: Place & { readonly record: unknown };
  readonly delete?: Place;
  readonly exchange?: readonly Turn[];
  readonly expect?: {
    readonly records: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly pending: number;
    readonly rejected: readonly string[];
  };
}

interface Conversation {
  readonly name: string;
  readonly rules: readonly string[];
  readonly collections: Readonly<Record<string, CollectionOptions>>;
  readonly steps: readonly Step[];
}

const { epoch, cases } = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/conversations.json', import.meta.url), 'utf8'),
) as { epoch: number; cases: readonly Conversation[] };

let name = 0;
let client: Watersmeet;
let server: ScriptedServer;
let database: IDBDatabase;
/** The same database, with what the client hides in it. */
let uncovered: IDBDatabase;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: epoch });
  if (!('navigator' in globalThis)) vi.stubGlobal('navigator', {});
});

afterEach(() => {
  client.close();
  database.close();
  uncovered.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function begin(collections: Conversation['collections']): Promise<void> {
  server = createScriptedServer(createNames(epoch));
  const factory = new IDBFactory();
  client = watersmeet({
    url: 'http://127.0.0.1/v1',
    space: 'shop-7',
    token: () => 'token',
    collections,
    connect: false,
    indexedDB: factory,
    fetch: server.fetch,
  });
  name++;
  database = await open(client.indexedDB);
  uncovered = await open(factory);
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(`conversation-${name}`);
    request.onupgradeneeded = () => request.result.createObjectStore('items');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function write(store: string, work: (store: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, 'readwrite');
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    work(transaction.objectStore(store));
  });
}

function records(store: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const found: [string, unknown][] = [];
    const request = database.transaction(store).objectStore(store).openCursor();
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor === null) return resolve(Object.fromEntries(found));
      found.push([String(cursor.key), structuredClone(cursor.value)]); // without the mark of the read
      cursor.continue();
    };
  });
}

/** How far the client has read. */
function cursor(): Promise<string | null | undefined> {
  return new Promise((resolve, reject) => {
    const request: IDBRequest<CursorRow | undefined> = uncovered.transaction(META).objectStore(META).get(CURSOR);
    request.onsuccess = () => resolve(request.result?.cursor);
    request.onerror = () => reject(request.error);
  });
}

/** Waits until something holds, on the real clock: the client's stands still. */
async function until(holds: () => void | Promise<void>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (true) {
    try {
      return await holds();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** An edit of the application, until the client has taken it up. */
async function edit(store: string, work: (store: IDBObjectStore) => void): Promise<void> {
  let taken = false;
  const stop = client.changes.subscribe(({ origin }) => {
    taken ||= origin === 'local';
  });
  await write(store, work);
  await until(() => {
    expect(taken).toBe(true);
    expect(client.status.value.pending).toBeGreaterThan(0); // it is counted after it is told
  });
  stop();
}

/** Lets the client talk until the turns are taken, it has taken up what it was told, and has nothing to say any more. */
async function exchange(turns: readonly Turn[]): Promise<void> {
  const breaks = turns.at(-1)?.lost === true; // what it would try next belongs to a later exchange
  server.expect(turns);
  client.connect();
  await until(async () => {
    const { turns: left, unexpected } = server.left();
    if (unexpected.length > 0) return;
    expect(left).toEqual([]);
    if (breaks) return;
    expect(client.status.value).toMatchObject({ phase: 'live', pending: 0 });
    expect(await cursor()).toBe(server.told());
  });
  client.disconnect();
  await until(() => {
    expect(server.busy()).toBe(false); // a feed that is still open would be told what is said next
    expect(client.status.value.phase).toBe('offline');
  });
  expect(server.left()).toEqual({ turns: [], unexpected: [] });
}

async function take(step: Step): Promise<void> {
  if (step.at !== undefined) vi.setSystemTime(epoch + step.at);
  const { put, delete: removed } = step;
  if (put !== undefined) await edit(put.collection, (store) => store.put(put.record, put.id));
  if (removed !== undefined) await edit(removed.collection, (store) => store.delete(removed.id));
  if (step.exchange !== undefined) await exchange(step.exchange);
  const expected = step.expect;
  if (expected === undefined) return;
  await until(async () => {
    expect(client.status.value.pending).toBe(expected.pending);
    for (const store of Object.keys(expected.records)) {
      expect(await records(store)).toEqual(expected.records[store]);
    }
    expect((await client.deadLetters.list()).map(({ key }) => key)).toEqual(expected.rejected);
  });
}

describe('vectors/conversations.json', () => {
  for (const { name, rules, collections, steps } of cases) {
    it(`${rules.join(', ')}: ${name}`, async () => {
      await begin(collections);
      for (const step of steps) await take(step);
    });
  }
});
