import { type Context, comparison, ended, event, result } from './context.ts';

async function objectsOf({ indexedDB, name, open }: Context): Promise<Record<string, object>> {
  const objects: Record<string, object> = { factory: indexedDB };
  const db = await open(1, (db, transaction) => {
    const store = db.createObjectStore('s', { keyPath: 'id' });
    store.createIndex('i', 'x');
    store.put({ id: 1, x: 1 });
    Object.assign(objects, { upgrade: transaction, created: store });
  });
  const transaction = db.transaction('s', 'readwrite');
  const store = transaction.objectStore('s');
  const request = store.openCursor();
  await event(request, 'success');
  const keyCursor = store.index('i').openKeyCursor();
  await event(keyCursor, 'success');
  const openRequest = indexedDB.open(name);
  openRequest.onsuccess = () => openRequest.result.close();
  return Object.assign(objects, {
    openRequest,
    db,
    transaction,
    store,
    index: store.index('i'),
    request,
    cursor: request.result as object,
    keyCursor: keyCursor.result as object,
    names: db.objectStoreNames,
    transactionNames: transaction.objectStoreNames,
    indexNames: store.indexNames,
  });
}

/** The names that an object has by itself and by its prototypes, in the order of `for…in`. */
function enumerated(object: object): string[] {
  const names: string[] = [];
  for (const name in object) names.push(name);
  return names;
}

/** The results of requests throw until there are any. */
function memberOf(object: object, member: string): unknown {
  try {
    return Reflect.get(object, member);
  } catch (error) {
    return error;
  }
}

/** The property that a name finds, wherever it stands. */
function descriptorOf(object: object, member: string): PropertyDescriptor {
  for (let holder: object | null = object; holder !== null; holder = Object.getPrototypeOf(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, member);
    if (descriptor !== undefined) return descriptor;
  }
  throw new Error(`${member} stands nowhere.`);
}

/** Web IDL: what the objects are, and what their members are like. */
export const interfaces = [
  comparison('classes', async (context) => {
    const { log } = context;
    const classes = [
      IDBFactory,
      IDBDatabase,
      IDBTransaction,
      IDBObjectStore,
      IDBIndex,
      IDBCursor,
      IDBCursorWithValue,
      IDBRequest,
      IDBOpenDBRequest,
      EventTarget,
      DOMStringList,
      Object,
    ];
    for (const [name, object] of Object.entries(await objectsOf(context))) {
      log(
        name,
        Object.prototype.toString.call(object),
        String(object),
        object.constructor === Object ? 'Object' : object.constructor.name,
      );
      log(
        classes.filter((type) => object instanceof type).map((type) => type.name),
        (object as { [Symbol.toStringTag]?: string })[Symbol.toStringTag],
      );
      log(
        Object.keys(object),
        JSON.stringify(object),
        Object.isExtensible(object),
        Object.isFrozen(object),
        Reflect.ownKeys(object).filter((key) => typeof key === 'symbol'),
      );
    }
  }),

  comparison('members', async (context) => {
    const { log } = context;
    for (const [name, object] of Object.entries(await objectsOf(context))) {
      const names = new Set(enumerated(object));
      log(name, [...names].sort());
      for (const member of [...names].sort()) {
        const value = memberOf(object, member);
        if (typeof value === 'function') log(member, value.name, value.length, memberOf(object, member) === value);
        else log(member, typeof value);
        if (!/^\d+$/.test(member)) log(member in object, Object.hasOwn(object, member));
      }
    }
  }),

  comparison('descriptors of members, and accessors on others', async (context) => {
    const { log, attempt } = context;
    const { names: _, transactionNames: __, ...objects } = await objectsOf(context); // lists without hidden names are not the browser's own
    for (const [name, object] of Object.entries(objects)) {
      for (const member of [...new Set(enumerated(object))].sort()) {
        const descriptor = descriptorOf(object, member);
        const { get, set, enumerable, configurable, writable } = descriptor;
        log(name, member, enumerable, configurable, writable, get?.name, get?.length, set?.name, set?.length);
        if (get !== undefined) {
          for (const other of [{}, undefined, 1]) attempt(`${name}.${member} of ${other}`, () => get.call(other));
        }
      }
    }
  }),

  comparison('read-only attributes stay as they are', async ({ open, log }) => {
    const db = await open(1, (db) => db.createObjectStore('s', { keyPath: 'id' }));
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    log(Reflect.set(db, 'version', 9), db.version, Reflect.set(db, 'objectStoreNames', 9), db.objectStoreNames);
    log(
      Reflect.set(transaction, 'objectStoreNames', 9),
      transaction.objectStoreNames,
      Object.keys(db),
      Object.keys(transaction),
    );
    log(Reflect.set(store, 'keyPath', 9), store.keyPath, Object.keys(store));
  }),

  comparison('illegal invocations', async (context) => {
    const { log, attempt } = context;
    const objects = await objectsOf(context);
    for (const name of ['db', 'transaction', 'store', 'index', 'cursor', 'request']) {
      const object = objects[name] as Record<string, unknown>;
      for (const member of enumerated(object).sort()) {
        const value = memberOf(object, member);
        if (typeof value !== 'function') continue;
        for (const [label, other] of Object.entries({
          object: {},
          undefined,
          null: null,
          db: objects.db,
          request: objects.request,
        })) {
          if (other === object || (other !== undefined && other !== null && member in (other as object))) continue;
          attempt(`${name}.${member} on ${label}`, () => typeof value.call(other, 's', 's', 's'));
        }
      }
    }
    log('done');
  }),

  comparison('native methods work on captured objects', async ({ open, log }) => {
    const db = await open(1, (db) => IDBDatabase.prototype.createObjectStore.call(db, 's', { keyPath: 'id' }));
    const transaction = IDBDatabase.prototype.transaction.call(db, 's', 'readwrite');
    const store = IDBTransaction.prototype.objectStore.call(transaction, 's');
    log(
      await result(IDBObjectStore.prototype.put.call(store, { id: 1 })),
      await result(IDBObjectStore.prototype.getAll.call(store)),
    );
    log(await ended(transaction));
  }),

  comparison('the factory', ({ indexedDB, log, attempt }) => {
    log(
      indexedDB,
      indexedDB instanceof IDBFactory,
      Object.getPrototypeOf(indexedDB) === IDBFactory.prototype,
      indexedDB.constructor === IDBFactory,
    );
    for (const name of ['open', 'deleteDatabase', 'databases', 'cmp'] as const) {
      log(indexedDB[name], indexedDB[name] === indexedDB[name], Object.hasOwn(indexedDB, name), name in indexedDB);
    }
    attempt('open elsewhere', () => {
      const { open } = indexedDB;
      return typeof open;
    });
    attempt('cmp()', () => (indexedDB.cmp as (...args: unknown[]) => unknown)());
    attempt('open()', () => (indexedDB.open as (...args: unknown[]) => unknown)());
  }),

  comparison('lists of names', async ({ open, log, attempt }) => {
    const db = await open(1, (db) => {
      for (const name of ['b', 'a', 'c']) db.createObjectStore(name).createIndex('i', 'x');
    });
    const transaction = db.transaction(['a', 'b'], 'readwrite');
    for (const list of [db.objectStoreNames, transaction.objectStoreNames, transaction.objectStore('a').indexNames]) {
      log(
        list,
        list instanceof DOMStringList,
        list.length,
        list[0],
        list[9],
        list.item(0),
        list.item(9),
        list.item(-1),
      );
      log(
        list.contains('a'),
        list.contains('zz'),
        (list as unknown as Record<string, unknown>).a,
        0 in list,
        9 in list,
      );
      log([...list], Array.from(list), Array.prototype.slice.call(list), JSON.stringify(list), Object.entries(list));
      attempt('item()', () => (list.item as () => unknown)());
      attempt('contains()', () => (list.contains as () => unknown)());
      attempt('item text', () => (list.item as (i: unknown) => unknown)('1'));
      attempt('item 2^32', () => list.item(2 ** 32));
      attempt('set', () => {
        (list as unknown as string[])[0] = 'changed';
      });
      log(list[0], list.length);
      for (const name of list as unknown as Iterable<string>) log(name);
    }
  }),
];
