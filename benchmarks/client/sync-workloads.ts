import { type Watersmeet, watersmeet } from '../../client-js/src/index.ts';
import { diff, encodeDocument, makeStamp } from '../../client-js/src/model/index.ts';
import { completion, deleted, opened } from './databases.ts';
import { DOCUMENTS, documentOf } from './documents.mjs';

/** What runs in a page of our server's origin: the client as applications use it. Times in milliseconds. */

/** How many documents are pushed at a time. */
const PUSH = 500;
/** Who has written what the server holds. */
const OTHER = '0000000000001';

let databases = 0;

/** Has a server hold documents, each written by itself, as another replica pushes them. @param most how many at a time */
async function seed(space: string, token: string, count = DOCUMENTS, most = PUSH): Promise<void> {
  const request = (path: string, init: RequestInit = {}) =>
    fetch(`/v1/spaces/${space}${path}`, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } });
  const { cursor } = await (await request(`/snapshot?protocol=1&replica=${OTHER}`)).json();
  let after: string | null = null;
  for (let number = 1; number <= count / most; number++) {
    const documents = Array.from({ length: most }, (_, i) => {
      const at = (number - 1) * most + i;
      const { id, ...put } = documentOf(at);
      const stamp = makeStamp(1_790_000_000_000 + at, 0, OTHER);
      const cells = diff({ schema: { fields: {} }, stamp, stands: {}, put });
      return encodeDocument({ collection: 'items', id, cells, whole: false });
    });
    const push = { number, nonce: String(number).padStart(26, '0'), after, documents };
    after = push.nonce;
    const answer = await request('/sync', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ protocol: 1, replica: OTHER, cursor, pull: false, push }),
    });
    const told = await answer.text();
    if (!answer.ok || !told.includes('"rejected":[]')) throw new Error(`a push was answered ${answer.status}: ${told}`);
  }
}

interface Device {
  readonly name: string;
  readonly db: IDBDatabase;
  readonly sync: Watersmeet;
}

async function deviceOf(space: string, token: string): Promise<Device> {
  const name = `device ${databases++}`;
  const sync = watersmeet({ url: '/v1', space, token: () => token, connect: false });
  return { name, db: await opened(name, sync.indexedDB), sync };
}

/** A device's first synchronisation, from an empty database to one that holds all and is live. */
async function firstSync(space: string, token: string): Promise<number> {
  const { name, db, sync } = await deviceOf(space, token);
  const start = performance.now();
  sync.connect();
  await live(sync);
  const time = performance.now() - start;
  await expectAll(db);
  sync.close();
  db.close();
  await deleted(name);
  return time;
}

/** The same by hand, without anything that synchronising needs: one answer with all documents, one transaction. */
async function plainFirst(url: string): Promise<number> {
  const name = `plain ${databases++}`;
  const db = await opened(name, indexedDB);
  const start = performance.now();
  const documents = (await (await fetch(url, { cache: 'no-store' })).json()) as unknown[];
  const transaction = db.transaction('items', 'readwrite');
  const store = transaction.objectStore('items');
  for (const document of documents) store.put(document);
  await completion(transaction);
  const time = performance.now() - start;
  await expectAll(db);
  db.close();
  await deleted(name);
  return time;
}

async function expectAll(db: IDBDatabase): Promise<void> {
  const request = db.transaction('items').objectStore('items').count();
  const count = await new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });
  if (count !== DOCUMENTS) throw new Error(`${count} records arrived`);
}

function live(sync: Watersmeet): Promise<void> {
  return new Promise((resolve, reject) => {
    sync.status.subscribe(({ phase, problem }) => {
      if (phase === 'live') resolve();
      if (phase === 'failed') reject(new Error(JSON.stringify(problem)));
    });
  });
}

let device: Device | undefined;

/** Begins to follow a space, for edits. */
async function follow(space: string, token: string): Promise<void> {
  device = await deviceOf(space, token);
  device.sync.connect();
  await live(device.sync);
}

/** Puts a record, without waiting for it. Returns when, on the clock that all pages share. */
async function edit(id: string, title: string): Promise<number> {
  const { db } = device as Device;
  const start = performance.timeOrigin + performance.now();
  db.transaction('items', 'readwrite').objectStore('items').put({ id, title });
  return start;
}

/** When a document of another page is there. */
function arrival(id: string): Promise<number> {
  const { sync } = device as Device;
  return new Promise((resolve) => {
    const stop = sync.changes.subscribe(({ ids, origin }) => {
      if (origin !== 'remote' || !ids.includes(id)) return;
      stop();
      resolve(performance.timeOrigin + performance.now());
    });
  });
}

export const syncWorkloads = { seed, firstSync, plainFirst, follow, edit, arrival };
