import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CapturedConnection, capture } from '../../src/capture/index.ts';
import { type CollectionOptions, collectionsOf, declaredBy } from '../../src/sync/collection.ts';
import { readDeadLetters } from '../../src/sync/lists/dead-letters.ts';
import { settleBy } from '../../src/sync/outgoing/outbox.ts';
import { createReplica, type Replica } from '../../src/sync/replica.ts';
import { takeLead } from '../../src/sync/tabs/leader.ts';
import { pushFrom } from './harness.ts';

/** One version of an application, as it opens its database and leads. */
interface Version {
  readonly database: IDBDatabase;
  readonly connection: CapturedConnection;
  readonly replica: Replica;
}

type Upgrade = (database: IDBDatabase, transaction: IDBTransaction) => void;

let native: IDBFactory;
let seed: number;
const random = { bytes: (length: number) => new Uint8Array(length).fill(++seed) };

beforeEach(() => {
  native = new IDBFactory();
  seed = 0;
});

async function open(
  version: number,
  upgrade: Upgrade,
  fields: Readonly<Record<string, CollectionOptions>> = {},
): Promise<Version> {
  let connection: CapturedConnection | undefined;
  const factory = capture(native, {
    stores: '*',
    onOpen: (opened) => {
      connection = opened;
    },
  });
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = factory.open('shop', version);
    request.onupgradeneeded = () => upgrade(request.result, request.transaction as IDBTransaction);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const captured = connection as CapturedConnection;
  const collections = collectionsOf(captured, declaredBy(fields));
  const replica = createReplica(await takeLead(captured, { space: 'shop-7' }, Date.now, random), collections, {
    verifies: true,
    onLocal: () => {},
    onEdited: () => {},
    onShown: () => {},
    onConflict: () => {},
  });
  return { database, connection: captured, replica };
}

const first: Upgrade = (database) => {
  database.createObjectStore('items', { keyPath: 'id' });
  database.createObjectStore('orders', { keyPath: 'id' });
};

function put(database: IDBDatabase, store: string, record: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, 'readwrite');
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.objectStore(store).put(record);
  });
}

function all(database: IDBDatabase, store: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const request = database.transaction(store).objectStore(store).getAll();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** An old version that has drained one edit, and written another one. */
async function oldVersion(): Promise<void> {
  const old = await open(1, first);
  await put(old.database, 'items', { id: 'a', name: 'drained' });
  await old.replica.drain();
  await put(old.database, 'items', { id: 'b', name: 'noted' });
  await put(old.database, 'orders', { id: 'o', amount: 3 });
  old.database.close();
}

async function pushed(replica: Replica): Promise<string[]> {
  const push = await pushFrom(replica, random);
  return (push?.documents ?? []).map(({ collection, id }) => `${collection}/${String(id)}`).sort();
}

describe('edits that are pending when the application gets another version', () => {
  beforeEach(oldVersion);

  it('are pushed with a new store and a new index', async () => {
    const { database, replica } = await open(2, (database, transaction) => {
      database.createObjectStore('notes', { keyPath: 'id' });
      transaction.objectStore('items').createIndex('name', 'name', { unique: true });
    });
    await put(database, 'notes', { id: 'n' });
    expect(await pushed(replica)).toEqual(['items/a', 'items/b', 'notes/n', 'orders/o']);
  });

  it('go with the store that the application deletes, and with it alone', async () => {
    const { connection, replica } = await open(2, (database) => database.deleteObjectStore('items'));
    expect(await pushed(replica)).toEqual(['orders/o']);
    expect(await readDeadLetters(connection)).toEqual([]);
  });

  it('are pushed under the new name of a store, whole, whatever was delivered under the old one', async () => {
    const old = await open(1, first);
    const flight = await pushFrom(old.replica, random);
    await settleBy(old.replica, { number: 1, nonce: flight?.nonce as string, rejected: [] });
    await put(old.database, 'items', { id: 'a', name: 'edited' });
    await pushFrom(old.replica, random);
    old.database.close();

    const { database, replica } = await open(2, (_, transaction) => {
      transaction.objectStore('items').name = 'goods';
    });
    const snapshot = { id: 's', position: null, done: 0 };
    await settleBy(replica, { number: 1, nonce: flight?.nonce as string, rejected: [] });
    await replica.applySnapshot(
      { documents: [], position: null, cursor: 'c', total: 0, last: null } as never,
      snapshot,
    );
    expect(await all(database, 'goods')).toEqual([
      { id: 'a', name: 'edited' },
      { id: 'b', name: 'noted' },
    ]);
    expect(await pushed(replica)).toEqual(['goods/a', 'goods/b']);
  });
});

describe('a tab with a later version of the application', () => {
  it('is heard of as natively, and waits for no hidden transaction of the one that gives way', async () => {
    const old = await open(1, first);
    await put(old.database, 'items', { id: 'a', name: 'noted' });
    const hidden = old.connection.transaction(['items'], 'readwrite').objectStore('items');
    const again = () => {
      hidden.get('a').onsuccess = again; // for as long as it may
    };
    again();
    const heard: (number | null)[] = [];
    old.database.onversionchange = ({ oldVersion, newVersion }) => {
      heard.push(oldVersion, newVersion);
      old.database.close();
    };
    const { replica } = await open(2, () => {});
    expect(heard).toEqual([1, 2]);
    expect(await pushed(replica)).toEqual(['items/a']);
    await expect(pushFrom(old.replica, random)).rejects.toThrow();
  });
});

describe('a field whose type is another one', () => {
  it('keeps what is pending of the former type for the server to judge, and takes what is written of the new one', async () => {
    const old = await open(1, first);
    await put(old.database, 'items', { id: 'a', tags: 'red', name: 'x' });
    await old.replica.drain();
    old.database.close();
    const { database, connection, replica } = await open(1, first, { items: { tags: 'set' } });
    await put(database, 'items', { id: 'a', tags: ['blue'], name: 'x' });
    const push = await pushFrom(replica, random);
    const paths = push?.documents.flatMap(({ cells }) => cells.map(([path]) => path));
    expect(paths).toEqual(expect.arrayContaining([['r', 'tags'], expect.arrayContaining(['s', 'tags', 'blue'])]));
    expect(await all(database, 'items')).toEqual([{ id: 'a', tags: ['blue'], name: 'x' }]);

    const refusal = { collection: 'items', id: 'a', code: 'schema-mismatch', detail: 'tags is a set' };
    await settleBy(replica, { number: 1, nonce: push?.nonce as string, rejected: [refusal] });
    expect(await readDeadLetters(connection)).toMatchObject([
      { code: 'schema-mismatch', record: { tags: ['blue'], name: 'x' } },
    ]);
  });
});
