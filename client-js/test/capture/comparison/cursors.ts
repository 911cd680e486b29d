import { type Context, comparison, ended, result } from './context.ts';

type Walk = (cursor: IDBCursorWithValue, context: Context) => void;

/** Walks to the end, calling `step` at each record. */
function walk(
  request: IDBRequest<IDBCursorWithValue | null>,
  step: (cursor: IDBCursorWithValue) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      if (request.result === null) resolve();
      else step(request.result);
    };
  });
}

async function filled({ open }: Context): Promise<IDBDatabase> {
  return open(1, (db) => {
    const store = db.createObjectStore('s', { keyPath: 'id' });
    store.createIndex('byX', 'x');
    store.createIndex('byTag', 'tags', { multiEntry: true });
    for (let id = 1; id <= 6; id++) store.put({ id, x: id % 3, tags: ['t', id] });
  });
}

const directions = ['next', 'nextunique', 'prev', 'prevunique'] as const;

/** Sections 4.6 and 4.9: indexes and cursors. */
export const cursors = [
  comparison('walking in all directions', async (context) => {
    const { log } = context;
    const db = await filled(context);
    for (const mode of ['readonly', 'readwrite'] as const) {
      for (const direction of directions) {
        const store = db.transaction('s', mode).objectStore('s');
        const sources = [store, store.index('byX'), store.index('byTag')];
        for (const source of sources) {
          const request = source.openCursor(null, direction);
          await walk(request, (cursor) => {
            log(direction, cursor.key, cursor.primaryKey, cursor.value, cursor.direction);
            log(
              cursor === request.result,
              cursor.source === source,
              cursor.request === request,
              cursor.value === cursor.value,
            );
            cursor.continue();
          });
        }
      }
    }
  }),

  comparison('one cursor for all steps', async (context) => {
    const { log } = context;
    const db = await filled(context);
    const request = db.transaction('s', 'readwrite').objectStore('s').openCursor();
    const seen = new Set<IDBCursor>();
    await walk(request, (cursor) => {
      seen.add(cursor);
      cursor.continue();
    });
    log(
      seen.size,
      [...seen][0],
      [...seen].map((cursor) => [cursor.key, cursor.primaryKey, (cursor as IDBCursorWithValue).value]),
    );
  }),

  comparison('update and delete', async (context) => {
    const { log, listen } = context;
    const db = await filled(context);
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    await walk(store.openCursor(), (cursor) => {
      if (cursor.key === 2) {
        const request = cursor.update({ ...cursor.value, changed: true });
        log(request, request.source === cursor, request.transaction === transaction);
        request.onsuccess = () => log('updated', request.result, cursor.value);
      }
      if (cursor.key === 3) {
        const request = cursor.delete();
        listen('delete', request);
        request.onsuccess = () => log('deleted', request.result, request.source === cursor);
      }
      cursor.continue();
    });
    await walk(store.index('byX').openCursor(null, 'prev'), (cursor) => {
      if (cursor.primaryKey === 4) cursor.update({ id: 4, x: 'moved', tags: [] });
      if (cursor.primaryKey === 5) cursor.delete();
      cursor.continue();
    });
    log(await result(store.getAll()), await result(store.index('byX').getAllKeys()));
  }),

  ...(
    [
      ['update another key', (cursor, { attempt }) => attempt('update', () => cursor.update({ id: 99 }))],
      ['update without a key', (cursor, { attempt }) => attempt('update', () => cursor.update({}))],
      ['update with nothing', (cursor, { attempt }) => attempt('update', () => (cursor.update as () => unknown)())],
      [
        'update with a function',
        (cursor, { attempt }) => attempt('update', () => cursor.update({ id: cursor.key, f: () => 1 })),
      ],
      ['update with a primitive', (cursor, { attempt }) => attempt('update', () => cursor.update(5))],
      [
        'update after delete',
        (cursor, { attempt }) => {
          cursor.delete();
          attempt('update', () => void cursor.update({ id: cursor.key }));
        },
      ],
      [
        'update after continue',
        (cursor, { attempt }) => {
          cursor.continue();
          attempt('update', () => void cursor.update({ id: cursor.key }));
          attempt('delete', () => void cursor.delete());
          attempt('continue', () => cursor.continue());
          attempt('advance', () => cursor.advance(1));
        },
      ],
      [
        'steps that are none',
        (cursor, { attempt }) => {
          attempt('advance 0', () => cursor.advance(0));
          attempt('advance -1', () => cursor.advance(-1));
          attempt('advance none', () => (cursor.advance as () => void)());
          attempt('advance text', () => cursor.advance('x' as never));
          attempt('continue back', () => cursor.continue(0));
          attempt('continue here', () => cursor.continue(cursor.key));
          attempt('continue object', () => cursor.continue({} as never));
          attempt('continuePrimaryKey', () => cursor.continuePrimaryKey(3, 3));
        },
      ],
    ] as [string, Walk][]
  ).map(([name, step]) =>
    comparison(`cursor: ${name}`, async (context) => {
      const db = await filled(context);
      const transaction = db.transaction('s', 'readwrite');
      const request = transaction.objectStore('s').openCursor();
      request.onsuccess = () => {
        if (request.result?.key === 1) step(request.result, context);
      };
      context.log(await ended(transaction));
      context.log(await result(db.transaction('s').objectStore('s').getAll()));
    }),
  ),

  comparison('cursors of read-only transactions and key cursors do not write', async (context) => {
    const { attempt } = context;
    const db = await filled(context);
    for (const mode of ['readonly', 'readwrite'] as const) {
      for (const method of ['openCursor', 'openKeyCursor'] as const) {
        const store = db.transaction('s', mode).objectStore('s');
        const cursor = (await result<IDBCursor | null>(
          store[method]() as IDBRequest<IDBCursor | null>,
        )) as IDBCursorWithValue;
        attempt(`${mode} ${method} value`, () => 'value' in cursor);
        attempt('update', () => void cursor.update({ id: 1 }));
        attempt('update of nothing', () => void (cursor.update as (...args: unknown[]) => unknown)());
        attempt('delete', () => void cursor.delete());
        attempt('name', () => [cursor, Object.prototype.toString.call(cursor)]);
      }
    }
  }),

  comparison('a cursor whose transaction is over', async (context) => {
    const { attempt } = context;
    const db = await filled(context);
    const transaction = db.transaction('s', 'readwrite');
    const cursor = (await result(transaction.objectStore('s').openCursor())) as IDBCursorWithValue;
    await ended(transaction);
    attempt('update', () => cursor.update({ id: 1 }));
    attempt('delete', () => cursor.delete());
    attempt('continue', () => cursor.continue());
    attempt('advance', () => cursor.advance(1));
    attempt('value', () => [cursor.key, cursor.primaryKey, cursor.value]);
  }),

  comparison('a cursor whose store is deleted', async (context) => {
    const { attempt, log } = context;
    (await filled(context)).close();
    await context.open(2, (db, transaction) => {
      const store = transaction.objectStore('s');
      const request = store.index('byX').openCursor();
      request.onsuccess = () => {
        const cursor = request.result as IDBCursorWithValue;
        store.deleteIndex('byX');
        attempt('update', () => void cursor.update({ id: 1 }));
        attempt('delete', () => void cursor.delete());
        attempt('continue', () => cursor.continue());
        db.deleteObjectStore('s');
        attempt('advance', () => cursor.advance(1));
        log(cursor.source);
      };
    });
  }),

  comparison('update with values of the cursor and keys of all kinds', async ({ open, log }) => {
    const keys = [1, -Infinity, 'k', new Date(5), new Uint8Array([1, 2, 3]), ['a', [1]]];
    const db = await open(1, (db) => {
      const store = db.createObjectStore('s');
      for (const key of keys) store.put({ n: 0 }, key);
    });
    const store = db.transaction('s', 'readwrite').objectStore('s');
    await walk(store.openCursor(), (cursor) => {
      const value = cursor.value;
      value.n++;
      value.key = cursor.primaryKey;
      cursor.update(value);
      cursor.continue();
    });
    log(await result(store.getAllKeys()), await result(store.getAll()));
  }),

  comparison('the value of a cursor is the application’s to change', async (context) => {
    const { log } = context;
    const db = await filled(context);
    const store = db.transaction('s', 'readwrite').objectStore('s');
    await walk(store.openCursor(IDBKeyRange.upperBound(2)), (cursor) => {
      cursor.value.own = 1;
      log(cursor.value, Reflect.ownKeys(cursor.value));
      cursor.update(cursor.value);
      cursor.continue();
    });
    log(await result(store.get(1)), await result(store.get(2)));
  }),

  comparison('indexes: create, rename, delete', async ({ open, log, attempt, indexedDB, name }) => {
    const db = await open(1, (db) => {
      const store = db.createObjectStore('s', { keyPath: 'id' });
      const index = store.createIndex('i', 'x', { unique: true });
      log(
        index,
        index.name,
        index.keyPath,
        index.unique,
        index.multiEntry,
        index.objectStore === store,
        store.index('i') === index,
      );
      attempt('taken', () => store.createIndex('i', 'y'));
      attempt('taken and invalid', () => store.createIndex('i', '1'));
      attempt('none', () => (store.createIndex as () => unknown)());
      attempt('one', () => (store.createIndex as (name: string) => unknown)('one'));
      attempt('multi-entry list', () => store.createIndex('m', ['a'], { multiEntry: true }));
      attempt('unknown', () => store.index('z'));
      attempt('index()', () => (store.index as () => unknown)());
      index.name = 'j';
      log(store.indexNames, index.name, store.index('j') === index);
      attempt('old', () => store.index('i'));
      store.createIndex('k', ['x', 'y']);
      attempt('rename to taken', () => {
        index.name = 'k';
      });
      attempt('delete', () => store.deleteIndex('j'));
      attempt('delete unknown', () => store.deleteIndex('j'));
      attempt('deleted', () => index.get(1));
      attempt('its name', () => index.name);
      log(store.indexNames, store.index('k').keyPath);
    });
    log(db.transaction('s', 'readwrite').objectStore('s').indexNames);
    db.close();
    const request = indexedDB.open(name, 2);
    request.onupgradeneeded = () => {
      const store = request.transaction?.objectStore('s') as IDBObjectStore;
      store.put({ id: 1, u: 1 });
      store.put({ id: 2, u: 1 });
      store.createIndex('unique', 'u', { unique: true });
    };
    log(await result(request).catch((error) => error));
  }),

  comparison('unique and multi-entry indexes', async ({ open, log }) => {
    const db = await open(1, (db) => {
      const store = db.createObjectStore('s', { keyPath: 'id' });
      store.createIndex('u', 'mail', { unique: true });
      store.createIndex('m', 'tags', { multiEntry: true, unique: true });
    });
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    for (const value of [
      { id: 1, mail: 'a', tags: ['x', 'y', 'x', {}, null] },
      { id: 2, mail: 'a' },
      { id: 3, tags: ['z', 'y'] },
      { id: 4, mail: {}, tags: 'single' },
      { id: 1, mail: 'b' },
      { id: 2, mail: 'a', tags: [] },
    ]) {
      const request = store.put(value);
      request.onsuccess = () => log('put', value.id);
      request.onerror = (event) => {
        log('refused', value.id, request.error);
        event.preventDefault();
      };
    }
    log(await ended(transaction));
    const read = db.transaction('s').objectStore('s');
    log(await result(read.index('u').getAllKeys()), await result(read.index('m').getAllKeys()));
  }),
];
