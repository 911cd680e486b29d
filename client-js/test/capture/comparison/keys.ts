import { comparison, ended, result } from './context.ts';

/** Sections 2.4, 2.5, 2.11 and 7: keys, key paths, key generators. */
export const keys = [
  comparison('keys of all types', async ({ open, log, attempt }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    const buffer = new Uint8Array([1, 2, 3, 4]).buffer;
    const all: unknown[] = [
      0,
      -0,
      1.5,
      -Infinity,
      Infinity,
      Number.MAX_VALUE,
      Number.MIN_VALUE,
      '',
      'text',
      '\0',
      '\uD800',
      'ä',
      new Date(0),
      new Date(8.64e15),
      buffer,
      new Uint8Array(buffer, 1, 2),
      new DataView(buffer, 3),
      new Float64Array([1.5]),
      [],
      [1],
      [[]],
      ['a', new Date(1), [buffer]],
      [1, 'a'],
      'x'.repeat(5000),
    ];
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    for (const key of all) attempt('put', () => void store.put({ n: all.indexOf(key) }, key as IDBValidKey));
    for (const no of [
      NaN,
      new Date(NaN),
      null,
      true,
      {},
      /x/,
      () => 1,
      Symbol.iterator,
      1n,
      [NaN],
      [null],
      [,],
      new Map(),
      new Boolean(true),
      new Number(1),
      new String('x'),
      Object.create(null),
    ]) {
      attempt('refused', () => void store.put(1, no as IDBValidKey));
      attempt('refused', () => void store.delete(no as IDBValidKey));
    }
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    attempt('cyclic', () => void store.put(1, cyclic as IDBValidKey));
    attempt('deep', () => {
      let deep: unknown[] = [];
      for (let i = 0; i < 100; i++) deep = [deep];
      void store.put(1, deep as IDBValidKey);
    });
    for (const key of all.slice(0, 8)) store.delete(key as IDBValidKey);
    log(await ended(transaction));
    const read = db.transaction('s').objectStore('s');
    log(await result(read.getAllKeys()), await result(read.getAll()));
  }),

  comparison('keys with getters and of other prototypes', async ({ open, log, attempt }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    let runs = 0;
    const array = Object.defineProperty([0], 0, {
      get: () => ++runs,
      enumerable: true,
    });
    attempt('getter in an array', () => void store.put('getter', array));
    log(runs);
    attempt('delete by it', () => void store.delete(array));
    log(runs);
    class Days extends Date {
      override getTime() {
        runs += 100;
        return 5;
      }
      override valueOf() {
        runs += 100;
        return 5;
      }
    }
    attempt('date', () => void store.put('date', new Days(77)));
    class List extends Array<number> {}
    attempt('list', () => void store.put('list', List.from([1, 2])));
    attempt('named', () => void store.put('named', Object.assign(['x'], { name: 'y' })));
    attempt('proxy', () => void store.put('proxy', new Proxy(['p'], {})));
    log(await ended(transaction), runs, await result(db.transaction('s').objectStore('s').getAllKeys()));
  }),

  comparison('keys are copied at the call', async ({ open, log }) => {
    const db = await open(1, (db) => {
      db.createObjectStore('s');
      db.createObjectStore('inline', { keyPath: 'id' });
    });
    const transaction = db.transaction(['s', 'inline'], 'readwrite');
    const [date, list, bytes] = [new Date(1), [1, ['a']], new Uint8Array([1, 2])];
    const store = transaction.objectStore('s');
    store.put('date', date);
    store.put('list', list as IDBValidKey);
    store.put('bytes', bytes);
    transaction.objectStore('inline').put({ id: date });
    date.setTime(9);
    (list[1] as string[])[0] = 'z';
    bytes.fill(9);
    log(await ended(transaction));
    const read = db.transaction(['s', 'inline']);
    log(await result(read.objectStore('s').getAllKeys()), await result(read.objectStore('inline').getAll()));
  }),

  comparison('key paths of all forms', async ({ open, log, attempt }) => {
    const paths: (string | string[])[] = [
      '',
      'id',
      'a.b',
      'a.b.c',
      'length',
      'a.length',
      'size',
      'a.size',
      'a.type',
      'a.name',
      'a.lastModified',
      ['id'],
      ['id', 'a.b'],
      ['a.length', 'id'],
      '__proto__',
      'constructor',
      'ä',
      '$x',
      '_y',
    ];
    const values: unknown[] = [
      'text',
      5,
      null,
      undefined,
      true,
      {},
      [],
      [1, 2],
      { id: 1 },
      { id: 'x', a: { b: 2 } },
      { a: { b: { c: [1] } } },
      { a: 'four' },
      { a: [1, 2, 3], id: 9 },
      { length: 3 },
      { size: 4 },
      { a: new Blob(['abc'], { type: 'text/plain' }), id: 1 },
      { a: new File(['x'], 'f', { lastModified: 5 }) },
      { a: new Map([[1, 2]]) },
      { a: new Set([1]) },
      { a: new Date(4), id: new Date(5) },
      { a: new Uint8Array(2) },
      new Date(3),
      new Uint8Array([1]),
      new Map(),
      { ä: 1, $x: 2, _y: 3 },
      { __proto__: 5 },
      JSON.parse('{"__proto__":5}'),
      Object.create({ id: 'inherited' }),
      { id: NaN },
      { id: { deep: 1 } },
      { id: [1, ['x']] },
      { a: { b: null } },
      new String('abc'),
    ];
    const db = await open(1, (db) => {
      for (const path of paths) db.createObjectStore(JSON.stringify(path), { keyPath: path });
    });
    for (const path of paths) {
      const transaction = db.transaction(JSON.stringify(path), 'readwrite');
      const store = transaction.objectStore(JSON.stringify(path));
      for (const value of values) attempt(`${JSON.stringify(path)}`, () => void store.put(value));
      log(await ended(transaction), await result(db.transaction(store.name).objectStore(store.name).getAllKeys()));
    }
  }),

  comparison('key paths run no getter but those of the clone, once', async ({ open, log, attempt }) => {
    const db = await open(1, (db) => {
      db.createObjectStore('nested', { keyPath: 'a.id' });
      db.createObjectStore('compound', { keyPath: ['id', 'other'] });
    });
    const transaction = db.transaction(['nested', 'compound'], 'readwrite');
    const runs: string[] = [];
    const probe = (name: string, value: unknown, enumerable = true) =>
      Object.defineProperty({} as Record<string, unknown>, name, { get: () => (runs.push(name), value), enumerable });
    const store = transaction.objectStore('nested');
    attempt('outer', () => void store.put(probe('a', { id: 1 })));
    attempt('inner', () => void store.put({ a: probe('id', 2) }));
    attempt('hidden', () => void store.put({ a: probe('id', 3, false) }));
    class Todo {
      get a() {
        runs.push('prototype');
        return { id: 4 };
      }
    }
    attempt('on the prototype', () => void store.put(new Todo()));
    attempt(
      'compound',
      () =>
        void transaction
          .objectStore('compound')
          .put(Object.defineProperties(probe('id', 5), Object.getOwnPropertyDescriptors(probe('other', 6)))),
    );
    attempt(
      'proxy',
      () => void store.put(new Proxy({ a: { id: 7 } }, { get: (_, name) => (runs.push(String(name)), 1) })),
    );
    log(runs, await ended(transaction));
    const read = db.transaction(['nested', 'compound']);
    log(await result(read.objectStore('nested').getAll()), await result(read.objectStore('compound').getAll()));
  }),

  comparison('key generators', async ({ open, log }) => {
    const db = await open(1, (db) => {
      db.createObjectStore('s', { autoIncrement: true });
      db.createObjectStore('inline', { keyPath: 'a.id', autoIncrement: true });
    });
    const transaction = db.transaction(['s', 'inline'], 'readwrite');
    const store = transaction.objectStore('s');
    const keys: unknown[] = [];
    const push = (request: IDBRequest) => {
      request.onsuccess = () => keys.push(request.result);
      request.onerror = (event) => {
        keys.push(request.error?.name);
        event.preventDefault();
      };
    };
    for (const key of [
      undefined,
      5,
      undefined,
      3,
      undefined,
      7.9,
      undefined,
      'text',
      undefined,
      new Date(99),
      undefined,
      -5,
      undefined,
      8,
    ]) {
      push(key === undefined ? store.add('v') : store.add('v', key));
    }
    push(store.add('taken', 5));
    push(store.add('next'));
    store.clear();
    push(store.add('after clear'));
    const inline = transaction.objectStore('inline');
    for (const value of [{}, { a: {} }, { a: { id: 10 } }, { a: {} }, { b: 1 }]) push(inline.put(value));
    log(await ended(transaction), keys, await result(db.transaction('inline').objectStore('inline').getAll()));
    const aborted = db.transaction('s', 'readwrite');
    aborted.objectStore('s').add('void');
    aborted.objectStore('s').add('void', 1000);
    aborted.abort();
    await ended(aborted);
    log(await result(db.transaction('s', 'readwrite').objectStore('s').add('after abort')));
  }),

  comparison('key generators at their end', async ({ open, log }) => {
    const db = await open(1, (db) => {
      for (const name of ['a', 'b', 'c']) db.createObjectStore(name, { autoIncrement: true });
    });
    for (const [name, key] of [
      ['a', 2 ** 53 - 2],
      ['b', 2 ** 53],
      ['c', Infinity],
    ] as const) {
      const transaction = db.transaction(name, 'readwrite');
      const store = transaction.objectStore(name);
      const results: unknown[] = [];
      store.put('explicit', key);
      for (let i = 0; i < 3; i++) {
        const request = store.add(i);
        request.onsuccess = () => results.push(request.result);
        request.onerror = (event) => {
          results.push(request.error?.name);
          event.preventDefault();
        };
      }
      store.put('still', 1);
      log(name, await ended(transaction), results);
    }
  }),

  comparison('values that a generated key cannot be put into', async ({ open, attempt, log }) => {
    const db = await open(1, (db) => db.createObjectStore('s', { keyPath: 'a.id', autoIncrement: true }));
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    for (const value of [5, 'text', { a: 5 }, { a: 'x' }, { a: { id: null } }]) {
      attempt('put', () => void store.put(value));
    }
    log(await ended(transaction), await result(db.transaction('s').objectStore('s').getAll()));
  }),

  comparison('key ranges', ({ attempt, log }) => {
    for (const method of ['only', 'lowerBound', 'upperBound', 'bound'] as const) {
      const make = IDBKeyRange[method].bind(IDBKeyRange) as (...args: unknown[]) => IDBKeyRange;
      for (const args of [[], [1], [1, 2], [2, 1], [1, 1, true, false], [{}], [1, {}], ['a', 'b', true, true]])
        attempt(method, () => make(...args));
    }
    const range = IDBKeyRange.bound(1, 5, true);
    log(
      [0, 1, 3, 5, 6, 'a'].map((key) => range.includes(key)),
      range instanceof IDBKeyRange,
    );
  }),
];
