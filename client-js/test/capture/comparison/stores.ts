import { comparison, ended, event, result } from './context.ts';

const methods = [
  'put',
  'add',
  'get',
  'getKey',
  'getAll',
  'getAllKeys',
  'count',
  'delete',
  'clear',
  'openCursor',
  'openKeyCursor',
  'index',
  'createIndex',
  'deleteIndex',
] as const;

/** Section 4.5: object stores. */
export const stores = [
  comparison('put, add, delete, clear', async ({ open, log, listen }) => {
    const db = await open(1, (db) => db.createObjectStore('s', { keyPath: 'id' }));
    const transaction = db.transaction('s', 'readwrite');
    listen('transaction', transaction);
    const store = transaction.objectStore('s');
    const requests = [
      store.put({ id: 1, a: 1 }),
      store.add({ id: 2 }),
      store.put({ id: 1, a: 2 }),
      store.delete(2),
      store.delete(IDBKeyRange.bound(5, 6)),
      store.add({ id: 2, again: true }),
      store.getAll(),
      store.clear(),
      store.getAll(),
    ];
    for (const request of requests) {
      log(request, request.source === store, request.transaction === transaction, request.readyState);
      request.onsuccess = () => log(request, request.readyState, request.result, request.error);
    }
    log(await ended(transaction), store.name, transaction.mode, transaction.durability);
  }),

  comparison('a failed add aborts', async ({ open, log, listen }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    listen('db', db);
    const transaction = db.transaction('s', 'readwrite');
    listen('transaction', transaction);
    const store = transaction.objectStore('s');
    store.put('kept?', 'k');
    store.add(1, 1);
    const again = store.add(2, 1);
    const later = store.put(3, 3);
    listen('again', again);
    listen('later', later);
    log(await ended(transaction), transaction.error, again.error, later.error);
    log(await result(db.transaction('s').objectStore('s').getAll()));
  }),

  comparison('a failed add whose default is prevented', async ({ open, log, listen }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    listen('db', db);
    const transaction = db.transaction('s', 'readwrite');
    listen('transaction', transaction);
    const store = transaction.objectStore('s');
    store.add(1, 1);
    const again = store.add(2, 1);
    again.onerror = (event) => {
      event.preventDefault();
      log(event.defaultPrevented, again.error);
      store.add(3, 3);
    };
    store.add(4, 4);
    log(await ended(transaction), transaction.error);
    log(await result(db.transaction('s').objectStore('s').getAll()));
  }),

  comparison('prevented by the transaction, by the database', async ({ open, log }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    for (const by of ['transaction', 'database'] as const) {
      const transaction = db.transaction('s', 'readwrite');
      const holder = by === 'database' ? db : transaction;
      const prevent = (event: Event) => event.preventDefault();
      holder.addEventListener('error', prevent);
      transaction.objectStore('s').put(1, 1);
      transaction.objectStore('s').add(2, 1);
      log(by, await ended(transaction));
      holder.removeEventListener('error', prevent);
    }
  }),

  comparison('a store whose transaction is over', async ({ open, attempt }) => {
    const db = await open(1, (db) => db.createObjectStore('s').createIndex('i', 'x'));
    for (const mode of ['readonly', 'readwrite'] as const) {
      const transaction = db.transaction('s', mode);
      const store = transaction.objectStore('s');
      const index = store.index('i');
      await ended(transaction);
      for (const method of methods) {
        attempt(`${mode} ${method}`, () => (store[method] as (...args: unknown[]) => unknown)('i', 1));
      }
      for (const method of ['get', 'getKey', 'getAll', 'getAllKeys', 'count', 'openCursor', 'openKeyCursor'] as const) {
        attempt(`${mode} index ${method}`, () => index[method]('i'));
      }
      attempt('objectStore', () => transaction.objectStore('s'));
      attempt('invalid', () => store.put(() => 1, {} as never));
    }
  }),

  comparison('a store in a later task is inactive', async ({ open, attempt, log }) => {
    const db = await open(1, (db) => db.createObjectStore('s').createIndex('i', 'x'));
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    let tried = false;
    const more = () => {
      if (!tried) store.get(1).onsuccess = more;
    };
    more();
    setTimeout(() => {
      tried = true;
      for (const method of [
        'put',
        'add',
        'get',
        'getAll',
        'count',
        'delete',
        'clear',
        'openCursor',
        'index',
      ] as const) {
        attempt(method, () => {
          (store[method] as (...args: unknown[]) => unknown)('i', 1);
          return 'done';
        });
      }
      attempt('unclonable', () => store.put(() => 1, 1));
    });
    log(await ended(transaction));
  }),

  comparison('readonly', async ({ open, attempt }) => {
    const db = await open(1, (db) => db.createObjectStore('s', { keyPath: 'id' }));
    const store = db.transaction('s').objectStore('s');
    attempt('put', () => store.put({ id: 1 }));
    attempt('put without a key', () => store.put({}));
    attempt('put of what cannot be cloned', () => store.put(() => 1));
    attempt('add', () => store.add({ id: 1 }));
    attempt('delete', () => store.delete(1));
    attempt('delete of no key', () => store.delete({} as never));
    attempt('clear', () => store.clear());
    attempt('createIndex', () => store.createIndex('i', 'i'));
  }),

  comparison('arguments of put and add', async ({ open, attempt, log }) => {
    const db = await open(1, (db) => {
      db.createObjectStore('inline', { keyPath: 'id' });
      db.createObjectStore('outline');
      db.createObjectStore('generated', { autoIncrement: true });
      db.createObjectStore('both', { keyPath: 'id', autoIncrement: true });
    });
    const names = ['inline', 'outline', 'generated', 'both'];
    const transaction = db.transaction(names, 'readwrite');
    for (const name of names) {
      const store = transaction.objectStore(name);
      for (const method of ['put', 'add'] as const) {
        const write = store[method].bind(store) as (...args: unknown[]) => IDBRequest;
        const say = (label: string, ...args: unknown[]) =>
          attempt(`${name} ${method} ${label}`, () => {
            const request = write(...args);
            request.onerror = (event) => {
              event.preventDefault();
              event.stopPropagation();
            };
            return 'taken';
          });
        say('nothing');
        say('value', { id: 1 });
        say('value and key', { id: 2 }, 2);
        say('value and undefined', { id: 3 }, undefined);
        say('value and null', { id: 3 }, null);
        say('value and object', { id: 4 }, {});
        say('value and NaN', { id: 5 }, NaN);
        say('value without id', { a: 1 });
        say('value with invalid id', { id: {} });
        say('value with undefined id', { id: undefined });
        say('value with null id', { id: null });
        say('invalid id and key', { id: {} }, 1);
        say('primitive', 5);
        say('primitive and key', 5, 'k');
        say('null', null, 'k');
        say('undefined', undefined, 'k');
        say('string', 'text');
        say('empty object', {});
        say('array', [1]);
        say('function', () => 1, 1);
        say('symbol', Symbol('x'), 1);
        say('function in it', { id: 1, f: () => 1 });
        say('function in it and invalid key', { id: {}, f: () => 1 }, {});
        say('three', { id: 6 }, undefined, 7);
      }
    }
    log(await ended(transaction));
    const read = db.transaction(names);
    for (const name of names) {
      log(name, await result(read.objectStore(name).getAllKeys()), await result(read.objectStore(name).getAll()));
    }
  }),

  comparison('arguments of delete and of reads', async ({ open, attempt, log }) => {
    const db = await open(1, (db) => {
      const store = db.createObjectStore('s');
      store.createIndex('i', '');
      for (const key of [1, 2, 3, 4, 'a']) store.put(key, key);
    });
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    const queries: [string, unknown[]][] = [
      ['nothing', []],
      ['undefined', [undefined]],
      ['null', [null]],
      ['object', [{}]],
      ['array', [[]]],
      ['range', [IDBKeyRange.bound(2, 3)]],
      ['key', [1]],
      ['missing', [99]],
      ['key and count', [null, 2]],
      ['count 0', [null, 0]],
      ['count -1', [null, -1]],
      ['count 2^32', [null, 2 ** 32]],
      ['count undefined', [null, undefined]],
      ['count NaN', [null, NaN]],
    ];
    for (const source of [store, store.index('i')]) {
      for (const method of ['get', 'getKey', 'getAll', 'getAllKeys', 'count', 'openCursor', 'openKeyCursor'] as const) {
        for (const [label, args] of queries) {
          const name = `${method} ${label}`;
          const request = attempt(name, () => (source[method] as (...args: unknown[]) => IDBRequest)(...args));
          if (request) request.onsuccess = () => log(name, request.result);
        }
      }
    }
    for (const [label, args] of queries.slice(0, 8)) {
      const request = attempt(`delete ${label}`, () => (store.delete as (...args: unknown[]) => IDBRequest)(...args));
      if (request) request.onsuccess = () => log('delete', label, request.result);
    }
    const clear = attempt('clear', () => (store.clear as (...args: unknown[]) => IDBRequest)('ignored'));
    if (clear) clear.onsuccess = () => log('cleared', clear.result);
    await ended(transaction);
    log(await result(db.transaction('s').objectStore('s').count()));
  }),

  comparison('records of all kinds of reads', async ({ open, log }) => {
    const db = await open(1, (db) => {
      const store = db.createObjectStore('s', { keyPath: 'id' });
      store.createIndex('i', 'tags', { multiEntry: true });
      for (let id = 0; id < 10; id++) store.put({ id, tags: [id % 3, 'all'], nested: { list: [{ deep: id }] } });
    });
    for (const mode of ['readonly', 'readwrite'] as const) {
      const store = db.transaction('s', mode).objectStore('s');
      const index = store.index('i');
      log(
        await result(store.get(3)),
        await result(store.get(IDBKeyRange.lowerBound(4, true))),
        await result(store.get(77)),
      );
      log(await result(store.getAll(IDBKeyRange.bound(2, 4))), await result(store.getAll(null, 2)));
      log(await result(index.get('all')), await result(index.getKey(2)), await result(index.getAll(1)));
      log(await result(index.getAllKeys('all', 3)), await result(index.count(0)));
      const request = store.get(3);
      log((await result(request)) === request.result);
      const record = request.result;
      record.changed = true;
      log(Object.keys(record), JSON.stringify(record), Reflect.ownKeys(record), await result(store.get(3)));
    }
  }),

  comparison('getAll and getAllRecords with options', async ({ open, log, attempt }) => {
    const db = await open(1, (db) => {
      const store = db.createObjectStore('s', { keyPath: 'id' });
      store.createIndex('i', 'x');
      for (let id = 0; id < 5; id++) store.put({ id, x: id % 2 });
    });
    const store = db.transaction('s', 'readwrite').objectStore('s');
    for (const source of [store, store.index('i')]) {
      const reads = source as unknown as Record<string, ((options: unknown) => IDBRequest) | undefined>;
      for (const method of ['getAll', 'getAllKeys', 'getAllRecords']) {
        for (const options of [
          {},
          { count: 2, direction: 'prev' },
          { query: IDBKeyRange.lowerBound(1), direction: 'nextunique' },
          { direction: 'x' },
        ]) {
          const request = attempt(`${method} ${JSON.stringify(options)}`, () => {
            if (!(method in reads)) return undefined;
            return reads[method]?.call(source, options);
          });
          if (request) log(await result(request).catch((error) => error));
        }
      }
    }
  }),

  comparison('attributes of a store', async ({ open, log }) => {
    const db = await open(1, (db) => {
      db.createObjectStore('s', { keyPath: ['a', 'b'] }).createIndex('j', 'y');
      db.transaction;
    });
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    log(store === transaction.objectStore('s'), store.transaction === transaction, store.name, store.autoIncrement);
    log(store.keyPath, store.keyPath === store.keyPath, store.indexNames, store.indexNames.contains('j'));
    log(store.index('j') === store.index('j'), store.index('j').objectStore === store);
    for (const name of ['name', 'keyPath', 'indexNames', 'transaction', 'autoIncrement'] as const) log(name in store);
    const own = { extra: 1 };
    Object.assign(store, own);
    log((transaction.objectStore('s') as unknown as typeof own).extra);
  }),

  comparison('several transactions in flight are not put into a row', async ({ open, log }) => {
    const db = await open(1, (db) => {
      for (const name of ['a', 'b', 'c']) db.createObjectStore(name);
    });
    const order: string[] = [];
    const start = (label: string, names: string[], mode: IDBTransactionMode, turns: number) => {
      const transaction = db.transaction(names, mode);
      let left = turns;
      const more = () => {
        order.push(label);
        if (--left > 0) transaction.objectStore(names[0] as string).get(1).onsuccess = more;
      };
      transaction.objectStore(names[0] as string).get(1).onsuccess = more;
      return ended(transaction);
    };
    const slow = start('slow a', ['a'], 'readwrite', 300);
    const ends: string[] = [];
    await Promise.all([
      slow.then(() => ends.push('slow a')),
      start('b', ['b'], 'readwrite', 1).then(() => ends.push('b')),
      start('c', ['c'], 'readonly', 1).then(() => ends.push('c')),
      start('b c', ['c', 'b'], 'readwrite', 2).then(() => ends.push('b c')),
    ]);
    log(
      ends,
      order.filter((label) => label !== 'slow a'),
    );
  }),

  comparison('transactions on the same store wait for each other', async ({ open, log }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    const order: string[] = [];
    const ends = ['readwrite', 'readonly', 'readonly', 'readwrite', 'readonly'].map((mode, i) => {
      const transaction = db.transaction('s', mode as IDBTransactionMode);
      const store = transaction.objectStore('s');
      store.get('k').onsuccess = (event) => {
        order.push(`${i} reads ${(event.target as IDBRequest).result}`);
        if (mode === 'readwrite') store.put(i, 'k').onsuccess = () => order.push(`${i} wrote`);
      };
      return ended(transaction).then(() => order.push(`${i} ended`));
    });
    await Promise.all(ends);
    log(order);
  }),

  comparison('two connections and their order', async ({ open, log }) => {
    const one = await open(1, (db) => db.createObjectStore('s'));
    const other = await open(1);
    const order: string[] = [];
    const ends = [one, other, one, other].map((db, i) => {
      const transaction = db.transaction('s', 'readwrite');
      transaction.objectStore('s').put(i, i).onsuccess = () => order.push(`put ${i}`);
      transaction.objectStore('s').count().onsuccess = (event) =>
        order.push(`${i}: ${(event.target as IDBRequest).result}`);
      return ended(transaction).then(() => order.push(`ended ${i}`));
    });
    await Promise.all(ends);
    log(order);
  }),

  comparison('nothing is written of what throws', async ({ open, log, attempt }) => {
    const db = await open(1, (db) => db.createObjectStore('s', { keyPath: 'id' }));
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    attempt('a getter throws', () =>
      store.put({
        id: 1,
        get x() {
          throw new RangeError();
        },
      }),
    );
    attempt('a getter on the key path throws', () =>
      store.put({
        get id() {
          throw new RangeError();
        },
      }),
    );
    store.put({ id: 2 });
    log(await ended(transaction), await result(db.transaction('s').objectStore('s').getAllKeys()));
  }),

  comparison('an exception in a handler aborts', async ({ open, log, listen }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    const stop = (error: Event) => {
      error.preventDefault();
      log('reported', error.type);
    };
    globalThis.addEventListener('error', stop);
    for (const method of ['put', 'get', 'add'] as const) {
      const transaction = db.transaction('s', 'readwrite');
      listen(method, transaction);
      const store = transaction.objectStore('s');
      store.put('before', 'before');
      if (method === 'add') store.put(1, 1);
      const request = method === 'get' ? store.get(1) : store[method](1, 1);
      request.onsuccess = request.onerror = () => {
        throw new RangeError('on purpose');
      };
      log(await ended(transaction), transaction.error);
    }
    globalThis.removeEventListener('error', stop);
    log(await result(db.transaction('s').objectStore('s').getAll()));
  }),

  comparison('large records and many of them', async ({ open, log }) => {
    const db = await open(1, (db) => db.createObjectStore('s', { keyPath: 'id' }));
    const transaction = db.transaction('s', 'readwrite');
    for (let id = 0; id < 500; id++) transaction.objectStore('s').put({ id, text: 'x'.repeat(1000) });
    transaction.objectStore('s').put({ id: 'large', bytes: new Uint8Array(300_000).fill(7) });
    log(await ended(transaction));
    const all = await result(db.transaction('s').objectStore('s').getAll());
    log(all.length, all.at(-1).bytes.length);
    const request = db.transaction('s').objectStore('s').count();
    log(await event(request, 'success'), request.result);
  }),
];
