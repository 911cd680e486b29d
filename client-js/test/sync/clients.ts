import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { expect, vi } from 'vitest';
import { type Watersmeet, type WatersmeetOptions, watersmeet } from '../../src/index.ts';
import { makeStamp } from '../../src/model/index.ts';
import { type Answer, type Asked, eventually, type Stub, startStub } from './stub-server.ts';

/** Who else edits. */
export const OTHER = '0000000000B0B';

export interface Item {
  id: string;
  name: string;
  price?: number;
  shelf?: string;
}

/** What the server under test says to what it is asked. */
interface Behaviour {
  /** Names that others give, each told with one pull. */
  names: Record<string, string>[];
  /** The documents whose pushes are refused. */
  refuses: string[];
  problem?: Answer;
}

/** What the tests of a file share; each test has its own. */
export let server: Stub;
export let behaviour: Behaviour;
export let factory: IDBFactory;
/** The documents that were pushed, in their order. */
export let pushed: string[];
const clients: Watersmeet[] = [];

export async function setUp(): Promise<void> {
  behaviour = { names: [], refuses: [] };
  factory = new IDBFactory();
  pushed = [];
  let cursor = 0;
  server = await startStub(({ path, body }: Asked): Answer => {
    if (behaviour.problem !== undefined) return behaviour.problem;
    const head = { protocol: 1, time: Date.now() };
    if (path.endsWith('/snapshot')) {
      return { json: { ...head, documents: [], position: null, cursor: 'c0', total: 0, last: null } };
    }
    if (!path.endsWith('/sync')) return 'feed';
    const { pull, push } = body as {
      pull: boolean;
      push?: { number: number; nonce: string; documents: { collection: string; id: string }[] };
    };
    const documents = push?.documents ?? [];
    pushed.push(...documents.map(({ id }) => id));
    const rejected = documents
      .filter(({ id }) => behaviour.refuses.includes(id))
      .map(({ collection, id }) => ({ collection, id, code: 'forbidden', detail: `nobody changes ${id}` }));
    const changes = () => {
      const given = Object.entries(behaviour.names.shift() ?? {});
      return { documents: given.map(([id, name]) => named(id, name)), cursor: `c${++cursor}`, more: false };
    };
    return {
      json: {
        ...head,
        ...(push && { push: { number: push.number, nonce: push.nonce, rejected } }),
        ...(pull && { changes: changes() }),
      },
    };
  });
}

export async function tearDown(): Promise<void> {
  vi.restoreAllMocks();
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.close();
}

function named(id: string, name: string) {
  const stamp = makeStamp(Date.now() + 1000, 0, OTHER);
  const cells = [
    [['e', OTHER], stamp, 0],
    [['r', 'name'], stamp, 0, name],
  ];
  return { collection: 'items', id, cells };
}

/** A client of the stub, and what the application does by it. */
export interface Tab {
  readonly sync: Watersmeet<{ items: Item }>;
  put(item: Item): Promise<void>;
  remove(id: string): Promise<void>;
  all(): Promise<Item[]>;
}

export async function openTab(options: Partial<WatersmeetOptions> = {}): Promise<Tab> {
  const sync = watersmeet<{ items: Item }>({
    url: server.url,
    space: 'shop-7',
    token: () => 'token',
    indexedDB: factory,
    ...(options as object),
  });
  clients.push(sync);
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = sync.indexedDB.open('shop', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('items', { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const write = (work: (store: IDBObjectStore) => void) =>
    new Promise<void>((resolve, reject) => {
      const transaction = database.transaction('items', 'readwrite');
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore('items'));
    });
  return {
    sync,
    put: (item) => write((store) => store.put(item)),
    remove: (id) => write((store) => store.delete(id)),
    all: () =>
      new Promise((resolve) => {
        const request = database.transaction('items').objectStore('items').getAll();
        request.onsuccess = () => resolve(structuredClone(request.result)); // without the marks of the read
      }),
  };
}

export const feedsOpened = (number: number) => eventually(() => expect(server.feeds.length).toBe(number));

export const failing = (code: string) => expect.objectContaining({ name: 'SyncError', code });
