import { deleteDB, type IDBPDatabase, type IDBPTransaction, openDB, unwrap, wrap } from 'idb';
import { type Comparison, type Context, comparison, pause } from './context.ts';

/** `idb` opens through the global factory alone. */
function onGlobalFactory(name: string, run: (context: Context) => Promise<void>): Comparison {
  return comparison(name, async (context) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB');
    Object.defineProperty(globalThis, 'indexedDB', { value: context.indexedDB, configurable: true });
    try {
      await run(context);
    } finally {
      if (before) Object.defineProperty(globalThis, 'indexedDB', before);
      else Reflect.deleteProperty(globalThis, 'indexedDB');
    }
  });
}

async function openItems({ name }: Context): Promise<IDBPDatabase> {
  const db = await openDB(name, 1, {
    upgrade(database) {
      const items = database.createObjectStore('items', { keyPath: 'id' });
      items.createIndex('byName', 'name', { unique: true });
      items.createIndex('byTag', 'tags', { multiEntry: true });
      database.createObjectStore('values');
    },
  });
  const { store, done } = db.transaction('items', 'readwrite');
  for (const id of [1, 2, 3, 4]) store.add?.({ id, name: `n${id}`, tags: ['all', `t${id % 2}`] });
  await done;
  return db;
}

async function settle({ log }: Context, label: string, promise: Promise<unknown>): Promise<void> {
  await promise.then(
    (value) => log(label, '->', value),
    (error) => log(label, 'fails', error),
  );
}

/** What `idb` does, which wraps every object of IndexedDB in a proxy and knows methods by their identity. */
export const idb = [
  onGlobalFactory('idb: what is wrapped can be unwrapped, and stays the same', async (context) => {
    const { log } = context;
    const db = await openItems(context);
    const raw = unwrap(db);
    log(raw, wrap(raw) === db, db instanceof IDBDatabase, db.constructor === IDBDatabase, db.name, db.version);
    log(db.objectStoreNames, [...db.objectStoreNames]);
    const transaction = db.transaction(['items', 'values'], 'readwrite');
    const items = transaction.objectStore('items');
    log(unwrap(transaction), unwrap(items), transaction.objectStore('items') === items, transaction.store);
    log(unwrap(transaction.db) === raw, unwrap(items.transaction) === unwrap(transaction));
    log(items instanceof IDBObjectStore, items.index('byName') === items.index('byName'), items.indexNames);
    const index = items.index('byName');
    log(unwrap(index).objectStore === unwrap(items), index instanceof IDBIndex, index.keyPath);
    const request = unwrap(items).get(1);
    log(await wrap(request), unwrap(wrap(request)) === request);
    const cursor = await items.openCursor();
    log(cursor instanceof IDBCursorWithValue, cursor?.key, cursor?.value, unwrap(cursor as never));
    log((await cursor?.continue()) === cursor, cursor?.key, await cursor?.advance(5));
    log('get' in db, 'get' in transaction, Reflect.has(items, 'iterate'), 'nothing' in items);
    await transaction.done;
    db.close();
  }),

  onGlobalFactory('idb: a transaction that fails rejects what waits for it', async (context) => {
    const { log } = context;
    const db = await openItems(context);
    const ways: [string, (transaction: IDBPTransaction<unknown, string[], 'readwrite'>) => void][] = [
      ['aborted', (transaction) => transaction.abort()],
      ['a key that is taken', (transaction) => transaction.objectStore('items').add({ id: 1 }).catch(log)],
      ['a name that is taken', (transaction) => transaction.objectStore('items').put({ id: 9, name: 'n1' }).catch(log)],
      [
        'committed',
        (transaction) => {
          transaction.objectStore('values').put('text', 'key').then(log);
          transaction.commit();
        },
      ],
      ['nothing', () => {}],
    ];
    for (const [label, work] of ways) {
      const transaction = db.transaction(['items', 'values'], 'readwrite');
      work(transaction);
      await settle(context, label, transaction.done);
      log(transaction.error?.name);
    }
    await settle(context, 'shortcut', db.add('items', { id: 1 }));
    await settle(
      context,
      'no such store',
      Promise.resolve().then(() => db.get('nothing', 1)),
    );
    await settle(context, 'no key', db.put('values', 'text'));
    await settle(
      context,
      'not to be cloned',
      Promise.resolve().then(() => db.put('values', () => {}, 1)),
    );
    const over = db.transaction('items');
    await over.done;
    await settle(
      context,
      'over',
      Promise.resolve().then(() => over.store.get(1)),
    );
    db.close();
    await settle(
      context,
      'closed',
      Promise.resolve().then(() => db.get('items', 1)),
    );
  }),

  onGlobalFactory('idb: shortcuts do what their stores do', async (context) => {
    const db = await openItems(context);
    const one = IDBKeyRange.bound(2, 3);
    await settle(context, 'get', db.get('items', 1));
    await settle(context, 'getKey', db.getKey('items', one));
    await settle(context, 'getAll', db.getAll('items', one));
    await settle(context, 'getAllKeys', db.getAllKeys('items', null, 2));
    await settle(context, 'count', db.count('items'));
    await settle(context, 'getFromIndex', db.getFromIndex('items', 'byName', 'n3'));
    await settle(context, 'getKeyFromIndex', db.getKeyFromIndex('items', 'byTag', 't0'));
    await settle(context, 'getAllFromIndex', db.getAllFromIndex('items', 'byTag', 't1'));
    await settle(context, 'getAllKeysFromIndex', db.getAllKeysFromIndex('items', 'byTag'));
    await settle(context, 'countFromIndex', db.countFromIndex('items', 'byTag', 'all'));
    await settle(context, 'put', db.put('values', { a: [1] }, 'key'));
    await settle(context, 'delete', db.delete('items', one));
    await settle(context, 'clear', db.clear('values'));
    await settle(context, 'left', db.getAll('items'));
    db.close();
  }),

  onGlobalFactory('idb: iterators walk, skip, change and stop', async (context) => {
    const { log } = context;
    const db = await openItems(context);
    const transaction = db.transaction('items', 'readwrite');
    for await (const cursor of transaction.store) {
      log('store', cursor.key, cursor.value);
      if (cursor.key === 2) cursor.continue(4);
      if (cursor.key === 4) await cursor.update({ ...cursor.value, name: 'last' });
    }
    for await (const cursor of transaction.store.index('byTag').iterate('all', 'prev')) {
      log('index', cursor.key, cursor.primaryKey);
      if (cursor.primaryKey === 3) await cursor.delete();
    }
    for await (const cursor of transaction.store.index('byTag')) {
      if (cursor.primaryKey === 1) cursor.continuePrimaryKey('all', 4);
      log('keys', cursor.key, cursor.primaryKey);
      if (cursor.key === 't0') break;
    }
    let cursor = await transaction.store.openKeyCursor(IDBKeyRange.lowerBound(1), 'prev');
    while (cursor) {
      log('key cursor', cursor.primaryKey, cursor instanceof IDBCursorWithValue);
      cursor = await cursor.advance(2);
    }
    await transaction.done;
    await settle(context, 'left', db.getAll('items'));
    db.close();
  }),

  onGlobalFactory('idb: an upgrade blocks and is blocked, and one that fails leaves nothing', async (context) => {
    const { log, name } = context;
    const first = await openDB(name, 1, {
      upgrade: (database, from, to, transaction, event) => {
        log('first', from, to, event.type, transaction.mode, [...transaction.objectStoreNames]);
        database.createObjectStore('items');
      },
      blocking: (current, blocked, event) => {
        log('blocking', current, blocked, event.type);
        pause(50).then(() => first.close());
      },
      terminated: () => log('terminated'),
    });
    const second = await openDB(name, 3, {
      blocked: (current, blocked, event) => log('blocked', current, blocked, event.type),
      upgrade: (database, from, to, transaction) => {
        log('second', from, to, transaction.objectStore('items').name, [...database.objectStoreNames]);
      },
    });
    log(second.version);
    second.close();
    const upgrade = (database: IDBPDatabase, _from: number, _to: number | null, transaction: { abort(): void }) => {
      database.createObjectStore('void');
      transaction.abort();
    };
    await settle(
      context,
      'failing',
      openDB(name, 4, { upgrade: upgrade as never }).then(() => 'opened'),
    );
    await settle(
      context,
      'older',
      openDB(name, 2).then(() => 'opened'),
    );
    const last = await openDB(name);
    log(last.version, last.objectStoreNames);
    const deleted = deleteDB(name, {
      blocked: (current, event) => {
        log('blocked', current, event.oldVersion, event.newVersion);
        last.close();
      },
    });
    await settle(context, 'deleted', deleted);
  }),
];
