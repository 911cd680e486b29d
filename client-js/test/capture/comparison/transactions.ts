import { comparison, ended, event, result } from './context.ts';

const twoStores = (db: IDBDatabase) => {
  db.createObjectStore('a');
  db.createObjectStore('b');
};

/** Sections 2.7, 4.1, 4.4, 4.10 and 5.4 to 5.10: transactions, requests and their events. */
export const transactions = [
  comparison('arguments of transaction', async ({ open, attempt }) => {
    const db = await open(1, twoStores);
    const start = (...args: unknown[]) => {
      const transaction = (db.transaction as (...args: unknown[]) => IDBTransaction)(...args);
      return [
        transaction.mode,
        transaction.durability,
        transaction.objectStoreNames,
        transaction.error,
        transaction.db === db,
      ];
    };
    attempt('none', () => start());
    for (const names of [
      'a',
      ['a'],
      ['b', 'a'],
      ['a', 'a'],
      [],
      'z',
      ['a', 'z'],
      '',
      null,
      undefined,
      new Set(['a', 'b']),
      new String('ab'),
      db.objectStoreNames,
      { length: 1, 0: 'a' },
      { toString: () => 'a' },
      [null],
      [['a']],
      Symbol('a'),
      [Symbol('a')],
      1,
    ]) {
      for (const mode of [
        undefined,
        'readonly',
        'readwrite',
        'versionchange',
        'x',
        null,
        1,
        { toString: () => 'readwrite' },
        '',
      ]) {
        attempt('transaction', () => start(names, mode));
      }
    }
    for (const options of [
      undefined,
      null,
      {},
      { durability: 'strict' },
      { durability: 'relaxed' },
      { durability: 'x' },
      { durability: undefined },
      5,
      'x',
    ]) {
      attempt(`options ${JSON.stringify(options)}`, () => start('a', 'readwrite', options));
      attempt(`readonly ${JSON.stringify(options)}`, () => start('a', undefined, options));
    }
  }),

  comparison('arguments of transaction are converted once and in order', async ({ open, log }) => {
    const db = await open(1, twoStores);
    const order: string[] = [];
    const names = {
      *[Symbol.iterator]() {
        for (const name of ['a', 'b']) {
          order.push('next');
          yield { toString: () => (order.push(name), name) };
        }
      },
    };
    const transaction = (db.transaction as (...args: unknown[]) => IDBTransaction)(
      names,
      { toString: () => (order.push('mode'), 'readwrite') },
      {
        get durability() {
          order.push('durability');
          return 'strict';
        },
      },
    );
    log(order, transaction.objectStoreNames, transaction.durability);
  }),

  comparison('objectStore', async ({ open, attempt, log }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction(['a'], 'readwrite');
    const get = transaction.objectStore.bind(transaction) as (...args: unknown[]) => IDBObjectStore;
    attempt('none', () => get());
    attempt('a', () => get('a'));
    attempt('same', () => get('a') === get('a'));
    attempt('out of scope', () => get('b'));
    attempt('unknown', () => get('z'));
    attempt('object', () => get({ toString: () => 'a' }) === get('a'));
    attempt('symbol', () => get(Symbol('a')));
    log(await ended(transaction));
    attempt('over', () => get('a'));
    attempt('over and unknown', () => get('z'));
  }),

  comparison('abort', async ({ open, log, listen, attempt }) => {
    const db = await open(1, twoStores);
    listen('db', db);
    const transaction = db.transaction(['a', 'b'], 'readwrite');
    listen('transaction', transaction);
    const store = transaction.objectStore('a');
    const requests = [store.put(1, 1), store.get(1), store.openCursor(), transaction.objectStore('b').clear()];
    for (const request of requests) {
      listen('request', request);
      request.onerror = () =>
        log(
          request,
          request.error,
          request.readyState,
          attempt('result', () => request.result),
        );
    }
    attempt('abort', () => transaction.abort());
    attempt('again', () => transaction.abort());
    attempt('commit', () => transaction.commit());
    attempt('put', () => store.put(1, 1));
    attempt('objectStore', () => transaction.objectStore('a'));
    log(
      transaction.error,
      requests.map((request) => request.readyState),
    );
    log(await ended(transaction), transaction.error);
    attempt('afterwards', () => transaction.abort());
    log(await result(db.transaction('a').objectStore('a').count()));
  }),

  comparison('abort in a handler, after writes', async ({ open, log, listen }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction('a', 'readwrite');
    listen('transaction', transaction);
    const store = transaction.objectStore('a');
    store.put(1, 1).onsuccess = () => {
      store.put(2, 2);
      listen('late', store.put(3, 3));
      transaction.abort();
    };
    log(await ended(transaction), transaction.error);
    log(await result(db.transaction('a').objectStore('a').count()));
  }),

  comparison('commit', async ({ open, log, listen, attempt }) => {
    const db = await open(1, twoStores);
    listen('db', db);
    const transaction = db.transaction('a', 'readwrite');
    listen('transaction', transaction);
    const store = transaction.objectStore('a');
    const request = store.put('x', 1);
    request.onsuccess = () => {
      log('put', request.result);
      attempt('get in the handler', () => store.get(1));
    };
    attempt('commit', () => transaction.commit());
    attempt('again', () => transaction.commit());
    attempt('put', () => store.put(2, 2));
    attempt('objectStore', () => transaction.objectStore('a') === store);
    attempt('abort', () => transaction.abort());
    log(await ended(transaction), transaction.error);
    attempt('afterwards', () => transaction.commit());
  }),

  comparison('put and commit in one go', async ({ open, log }) => {
    const db = await open(1, twoStores);
    for (let i = 0; i < 3; i++) {
      const transaction = db.transaction(['a', 'b'], 'readwrite');
      transaction.objectStore('a').put(i, i);
      transaction.objectStore('b').put(i, i);
      transaction.objectStore('b').delete(0);
      transaction.commit();
      log(await ended(transaction));
    }
    log(
      await result(db.transaction('a').objectStore('a').getAll()),
      await result(db.transaction('b').objectStore('b').getAll()),
    );
  }),

  comparison('commit with a failing add', async ({ open, log, listen }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction('a', 'readwrite');
    listen('transaction', transaction);
    transaction.objectStore('a').put(1, 1);
    const request = transaction.objectStore('a').add(2, 1);
    listen('request', request);
    transaction.commit();
    log(await ended(transaction), transaction.error);
    log(await result(db.transaction('a').objectStore('a').count()));
  }),

  comparison('commit of an inactive transaction', async ({ open, log, attempt }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction('a', 'readwrite');
    const store = transaction.objectStore('a');
    let tried = false;
    const more = () => {
      if (!tried) store.put(1, 1).onsuccess = more;
    };
    more();
    setTimeout(() => {
      attempt('commit', () => transaction.commit());
      tried = true;
    });
    log(await ended(transaction));
  }),

  comparison('commit while a value is cloned', async ({ open, log, attempt }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction('a', 'readwrite');
    const store = transaction.objectStore('a');
    attempt('put', () =>
      store.put(
        {
          get x() {
            attempt('commit', () => transaction.commit());
            attempt('get', () => store.get(1));
            attempt('put', () => store.put(1, 1));
            attempt('objectStore', () => transaction.objectStore('a') === store);
            return 1;
          },
        },
        1,
      ),
    );
    log(await ended(transaction), await result(db.transaction('a').objectStore('a').getAll()));
  }),

  comparison('a getter on the key path sees an inactive transaction', async ({ open, log, attempt }) => {
    const db = await open(1, (db) => db.createObjectStore('s', { keyPath: 'id' }));
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    let runs = 0;
    const value = {
      get id() {
        runs++;
        attempt('get', () => store.get(1));
        return `run ${runs}`;
      },
    };
    attempt('put', () => void store.put(value));
    attempt('add', () => void store.add(value));
    log(await ended(transaction), runs, await result(db.transaction('s').objectStore('s').getAll()));
    const committed = db.transaction('s', 'readwrite');
    committed.objectStore('s').put(value);
    committed.commit();
    log(await ended(committed), runs, await result(db.transaction('s').objectStore('s').getAllKeys()));
  }),

  comparison('abort while a value is cloned', async ({ open, log, attempt }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction('a', 'readwrite');
    attempt('put', () =>
      transaction.objectStore('a').put(
        {
          get x() {
            attempt('abort', () => transaction.abort());
            return 1;
          },
        },
        1,
      ),
    );
    log(await ended(transaction), await result(db.transaction('a').objectStore('a').getAll()));
  }),

  comparison('events bubble and are captured', async ({ open, log, listen }) => {
    const db = await open(1, twoStores);
    listen('db captures', db, ['success', 'error', 'abort', 'complete'], { capture: true });
    listen('db', db);
    const transaction = db.transaction('a', 'readwrite');
    listen('transaction captures', transaction, ['success', 'error', 'abort', 'complete'], { capture: true });
    listen('transaction', transaction);
    const store = transaction.objectStore('a');
    const requests = [store.put(1, 1), store.put(2, 2), store.get(1), store.add(1, 3), store.add(1, 1)];
    for (const request of requests) {
      listen('request', request);
      request.addEventListener('success', (event) => log(event.composedPath(), event.isTrusted, event.eventPhase));
    }
    requests.at(-1)?.addEventListener('error', (event) => event.preventDefault());
    log(await ended(transaction));
    const another = db.transaction('a', 'readwrite');
    another.objectStore('a').put(1, 1);
    another.abort();
    log(await ended(another));
  }),

  comparison('handlers, listeners and their order', async ({ open, log }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction('a', 'readwrite');
    const order: string[] = [];
    const add = (label: string, target: EventTarget, options?: AddEventListenerOptions) =>
      target.addEventListener('success', () => order.push(label), options);
    const request = transaction.objectStore('a').put(1, 1);
    add('request first', request);
    request.onsuccess = () => order.push('handler');
    add('request second', request);
    add('db captures', db, { capture: true });
    add('db captures once', db, { capture: true, once: true });
    add('transaction', transaction);
    const gone = () => order.push('gone');
    db.addEventListener('success', gone, true);
    db.removeEventListener('success', gone, true);
    db.addEventListener('success', gone, true);
    db.removeEventListener('success', gone, { capture: true });
    const both = () => order.push('both');
    db.addEventListener('success', both, true);
    db.addEventListener('success', both);
    db.removeEventListener('success', both);
    const object = {
      handleEvent(this: unknown) {
        order.push(`object ${this === object}`);
      },
    };
    db.addEventListener('success', object, true);
    db.addEventListener('success', object, true);
    await ended(transaction);
    log(order);
    const controller = new AbortController();
    db.addEventListener('success', () => order.push('aborted'), { capture: true, signal: controller.signal });
    controller.abort();
    await result(db.transaction('a', 'readwrite').objectStore('a').put(2, 2));
    log(order);
  }),

  comparison('arguments of addEventListener', async ({ open, attempt }) => {
    const db = await open(1, twoStores);
    for (const method of ['addEventListener', 'removeEventListener'] as const) {
      const call = db[method].bind(db) as (...args: unknown[]) => void;
      attempt('none', () => call());
      attempt('one', () => call('success'));
      attempt('null', () => call('success', null));
      attempt('null captures', () => call('success', null, true));
      attempt('undefined', () => call('success', undefined, true));
      attempt('number', () => call('success', 5, true));
      attempt('string', () => call('success', 'x', true));
      attempt('function', () => call('success', () => 1, true));
      attempt('object', () => call('success', {}, true));
    }
  }),

  comparison('a dispatched event', async ({ open, log, listen }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction('a', 'readwrite');
    const request = transaction.objectStore('a').put(1, 1);
    listen('db', db);
    listen('db captures', db, ['success', 'own'], { capture: true });
    request.dispatchEvent(new Event('success', { bubbles: true }));
    request.dispatchEvent(new Event('own', { bubbles: true, cancelable: true }));
    db.dispatchEvent(new Event('success'));
    log(await ended(transaction));
  }),

  comparison('active in handlers and their microtasks only', async ({ open, log, attempt }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction('a', 'readwrite');
    const store = transaction.objectStore('a');
    const isActive = (label: string) => attempt(label, () => void store.put(label, label));
    isActive('start');
    queueMicrotask(() => isActive('microtask'));
    Promise.resolve()
      .then(() => {})
      .then(() => {})
      .then(() => isActive('later microtask'));
    setTimeout(() => isActive('task'));
    store.get(1).onsuccess = () => {
      isActive('handler');
      queueMicrotask(() => {
        isActive('microtask of a handler');
        queueMicrotask(() => isActive('microtask of a microtask'));
      });
    };
    store.get(2).addEventListener('success', async () => {
      await null;
      isActive('after await');
      await result(store.get(3));
      isActive('after a request');
    });
    log(await ended(transaction));
    isActive('over');
    log(await result(db.transaction('a').objectStore('a').getAllKeys()));
  }),

  comparison('awaiting each write', async ({ open, log }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction(['a', 'b'], 'readwrite');
    const order: string[] = [];
    transaction.oncomplete = () => order.push('complete');
    for (let i = 0; i < 5; i++) {
      order.push(`key ${await result(transaction.objectStore(i % 2 ? 'a' : 'b').put(i, i))}`);
    }
    await ended(transaction);
    log(order);
  }),

  comparison('an empty transaction completes', async ({ open, log }) => {
    const db = await open(1, twoStores);
    for (const mode of ['readonly', 'readwrite'] as const) log(mode, await ended(db.transaction(['a', 'b'], mode)));
    const order: string[] = [];
    const first = db.transaction('a', 'readwrite');
    const second = db.transaction('a', 'readwrite');
    second.oncomplete = () => order.push('second');
    first.oncomplete = () => order.push('first');
    await Promise.all([ended(first), ended(second)]);
    log(order);
  }),

  comparison('onabort, onerror, oncomplete as attributes', async ({ open, log }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction('a', 'readwrite');
    const request = transaction.objectStore('a').put(1, 1);
    for (const [target, names] of [
      [db, ['onabort', 'onclose', 'onerror', 'onversionchange']],
      [transaction, ['onabort', 'oncomplete', 'onerror']],
      [request, ['onsuccess', 'onerror']],
    ] as [EventTarget, string[]][]) {
      for (const name of names) {
        const attributes = target as unknown as Record<string, unknown>;
        const before = attributes[name];
        const handler = () => {};
        attributes[name] = handler;
        log(name, before, attributes[name] === handler);
        attributes[name] = 5;
        log(attributes[name]);
        attributes[name] = null;
        log(attributes[name], Object.hasOwn(target, name));
      }
    }
    log(await ended(transaction));
  }),

  comparison('re-entrancy: writes out of handlers of writes', async ({ open, log }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction(['a', 'b'], 'readwrite');
    const [a, b] = [transaction.objectStore('a'), transaction.objectStore('b')];
    const order: string[] = [];
    const grow = (depth: number) => {
      a.put(depth, depth).onsuccess = () => {
        order.push(`a ${depth}`);
        b.add(depth, depth).onsuccess = () => order.push(`b ${depth}`);
        if (depth < 4) grow(depth + 1);
        db.transaction('a').objectStore('a').count().onsuccess = (event) =>
          order.push(`counted ${(event.target as IDBRequest).result}`);
      };
    };
    grow(0);
    await ended(transaction);
    await result(db.transaction('a').objectStore('a').count());
    log(order);
  }),

  comparison('a transaction started in complete, in abort, in a handler', async ({ open, log }) => {
    const db = await open(1, twoStores);
    const first = db.transaction('a', 'readwrite');
    first.objectStore('a').put(1, 1);
    const second = await new Promise<IDBTransaction>((resolve) => {
      first.oncomplete = () => {
        const transaction = db.transaction('a', 'readwrite');
        transaction.objectStore('a').add(1, 1);
        resolve(transaction);
      };
    });
    const third = await new Promise<IDBTransaction>((resolve) => {
      second.onabort = () => {
        log(second.error);
        resolve(db.transaction('a', 'readwrite'));
      };
    });
    third.objectStore('a').put('third', 1);
    log(await ended(third), await result(db.transaction('a').objectStore('a').getAll()));
  }),

  comparison('closing while transactions run', async ({ indexedDB, open, name, log }) => {
    const db = await open(1, twoStores);
    const order: string[] = [];
    const transaction = db.transaction('a', 'readwrite');
    transaction.oncomplete = () => order.push('complete');
    transaction.objectStore('a').put(1, 1).onsuccess = () => order.push('put');
    db.close();
    const request = indexedDB.open(name, 2);
    request.onupgradeneeded = () => order.push('upgrade');
    const again = await result(request);
    log(order, await result(again.transaction('a').objectStore('a').count()));
    again.close();
  }),

  comparison('requests in their order over several stores', async ({ open, log }) => {
    const db = await open(1, twoStores);
    const transaction = db.transaction(['a', 'b'], 'readwrite');
    const order: number[] = [];
    for (let i = 0; i < 20; i++) {
      const store = transaction.objectStore(i % 3 ? 'a' : 'b');
      const request = i % 2 ? store.get(i) : store.put(i, i);
      request.onsuccess = () => order.push(i);
    }
    log(await ended(transaction), order);
  }),

  comparison('the database closes its upgrade before others begin', async ({ indexedDB, open, name, log }) => {
    (await open(1, twoStores)).close();
    const order: string[] = [];
    const request = indexedDB.open(name, 2);
    request.onupgradeneeded = () => {
      order.push('upgrade');
      request.transaction?.addEventListener('complete', () => order.push('complete'));
    };
    const other = indexedDB.open(name, 2);
    other.onsuccess = () => order.push('other');
    request.onsuccess = () => order.push('success');
    await event(other, 'success');
    log(order);
    request.result.close();
    other.result.close();
  }),
];
