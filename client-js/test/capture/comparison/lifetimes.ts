import { comparison, ended, event, pause, result } from './context.ts';

const numbered = (count: number) => (db: IDBDatabase) => {
  const store = db.createObjectStore('s');
  store.createIndex('i', 'tens');
  for (let i = 0; i < count; i++) store.put({ tens: Math.floor(i / 10) }, i);
};

/** What can be done to a database and its upgrade at a moment. */
function probe(
  attempt: (label: string, work: () => unknown) => unknown,
  db: IDBDatabase,
  upgrade: IDBTransaction | null,
) {
  let names = 0;
  return (label: string) => {
    const name = `${label} ${names++}`;
    attempt(`${label}: createObjectStore`, () => db.createObjectStore(name).name);
    attempt(`${label}: deleteObjectStore`, () => db.deleteObjectStore('s'));
    attempt(`${label}: transaction`, () => db.transaction('s').mode);
    attempt(`${label}: objectStore`, () => upgrade?.objectStore('s').name);
    attempt(`${label}: createIndex`, () => upgrade?.objectStore('s').createIndex(name, 'x').name);
    attempt(`${label}: put`, () => typeof upgrade?.objectStore('s').put(1, 1));
    attempt(`${label}: abort`, () => (label.startsWith('after') ? upgrade?.abort() : undefined));
    attempt(`${label}: names`, () => [db.objectStoreNames, db.version, upgrade?.objectStoreNames, upgrade?.error]);
  };
}

/** Sections 2.7.1, 4.1, 5.1 and 5.7: how long upgrades and transactions live, and in which order they do so. */
export const lifetimes = [
  comparison(
    'what an upgrade allows, from its start to its success',
    async ({ indexedDB, open, name, log, attempt }) => {
      (await open(1, numbered(3))).close();
      const request = indexedDB.open(name, 2);
      let at = (_: string) => {};
      request.onupgradeneeded = () => {
        const upgrade = request.transaction as IDBTransaction;
        at = probe(attempt, request.result, upgrade);
        request.result.createObjectStore('another');
        attempt('transaction', () => request.result.transaction('s'));
        queueMicrotask(() => attempt('in a microtask', () => request.result.createObjectStore('micro').name));
        upgrade.oncomplete = () => at('after complete');
        upgrade.addEventListener('complete', () => queueMicrotask(() => at('after complete and a microtask')));
      };
      const db = await result(request);
      at('after success');
      log(db.objectStoreNames, request.transaction);
      db.close();
    },
  ),

  comparison('what an aborted upgrade allows', async ({ indexedDB, open, name, log, attempt }) => {
    (await open(1, numbered(3))).close();
    const request = indexedDB.open(name, 2);
    let at = (_: string) => {};
    request.onupgradeneeded = () => {
      const upgrade = request.transaction as IDBTransaction;
      at = probe(attempt, request.result, upgrade);
      upgrade.objectStore('s').put(1, 1);
      request.result.createObjectStore('another').put(1, 1);
      upgrade.onabort = () => at('after abort');
      upgrade.abort();
      at('after the call');
    };
    await event(request, 'error');
    at('after error');
    log(request.transaction, request.readyState, request.error);
    const db = await result(indexedDB.open(name));
    log(db.version, db.objectStoreNames);
    db.close();
  }),

  comparison('an upgrade is inactive between its events', async ({ indexedDB, open, name, log, attempt }) => {
    (await open(1, numbered(3))).close();
    const request = indexedDB.open(name, 2);
    request.onupgradeneeded = () => {
      const upgrade = request.transaction as IDBTransaction;
      const store = upgrade.objectStore('s');
      let spins = 0;
      const spin = () => {
        if (spins++ < 50) store.get(1).onsuccess = spin;
      };
      spin();
      setTimeout(() => {
        if (spins > 50) return;
        attempt('createObjectStore', () => request.result.createObjectStore('late'));
        attempt('deleteObjectStore', () => request.result.deleteObjectStore('s'));
        attempt('createIndex', () => store.createIndex('late', 'x'));
        attempt('deleteIndex', () => store.deleteIndex('i'));
        attempt('put', () => store.put(1, 1));
        attempt('rename', () => {
          store.name = 'renamed';
        });
        attempt('index', () => store.index('i').name);
        attempt('objectStore', () => upgrade.objectStore('s') === store);
        attempt('transaction', () => request.result.transaction('s'));
      });
    };
    (await result(request)).close();
    log('over');
  }),

  comparison('an index over what breaks it aborts the upgrade', async ({ indexedDB, open, name, log, listen }) => {
    (await open(1, numbered(5))).close();
    const request = indexedDB.open(name, 2);
    request.onupgradeneeded = () => {
      listen('upgrade', request.transaction);
      request.transaction?.objectStore('s').createIndex('unique', 'tens', { unique: true });
      request.transaction?.addEventListener('abort', () => log(request.transaction?.error));
    };
    request.onerror = (event) => event.preventDefault();
    await event(request, 'error');
    log(request.error);
    const db = await result(indexedDB.open(name));
    log(db.version, db.transaction('s').objectStore('s').indexNames);
    db.close();
  }),

  comparison('success comes after complete, and is told once', async ({ indexedDB, name, log }) => {
    const order: string[] = [];
    const request = indexedDB.open(name, 3);
    for (const type of ['upgradeneeded', 'success', 'error', 'blocked']) {
      request.addEventListener(type, (event) => order.push(`${type} ${event.isTrusted} ${event.eventPhase}`));
    }
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore('s').put(1, 1).onsuccess = () => order.push('put');
      for (const type of ['complete', 'abort']) request.transaction?.addEventListener(type, () => order.push(type));
      order.push(request.readyState, String(request.transaction?.mode), String(request.source));
    });
    const db = await result(request);
    await pause(20);
    log(order, request.result === db, request.transaction, request.readyState);
    db.close();
  }),

  comparison('a database is deleted from within its upgrade', async ({ indexedDB, name, log }) => {
    const order: string[] = [];
    const request = indexedDB.open(name);
    const deleted = new Promise<void>((resolve) => {
      request.onupgradeneeded = () => {
        order.push('upgrade');
        request.result.onversionchange = (event) => order.push(`versionchange ${event.oldVersion} ${event.newVersion}`);
        const deletion = indexedDB.deleteDatabase(name);
        deletion.onblocked = (event) => order.push(`blocked ${event.oldVersion} ${event.newVersion}`);
        deletion.onsuccess = (event) => {
          order.push(`deleted ${(event as IDBVersionChangeEvent).oldVersion}`);
          resolve();
        };
      };
    });
    const db = await result(request);
    order.push('success');
    db.close();
    await deleted;
    log(order);
  }),

  comparison('a transaction started when the upgrade completes', async ({ indexedDB, name, log }) => {
    const order: string[] = [];
    const request = indexedDB.open(name);
    const written = new Promise<void>((resolve) => {
      request.onupgradeneeded = () => {
        const db = request.result;
        db.createObjectStore('s');
        (request.transaction as IDBTransaction).oncomplete = () => {
          order.push('upgraded');
          const transaction = db.transaction('s', 'readwrite');
          transaction.objectStore('s').put('value', 'key').onsuccess = () => order.push('put');
          transaction.oncomplete = () => {
            order.push('written');
            resolve();
          };
        };
      };
    });
    const db = await result(request);
    order.push('success');
    await written;
    log(order, await result(db.transaction('s').objectStore('s').get('key')));
    db.close();
  }),

  comparison('what is not committed is not listed', async ({ indexedDB, open, name, log }) => {
    const listed = async () =>
      (await indexedDB.databases()).filter((info) => info.name?.startsWith(name)).map((info) => info.version);
    const during = async (version: number, work: (request: IDBOpenDBRequest) => void) => {
      const request = indexedDB.open(name, version);
      let found: Promise<unknown> | undefined;
      request.onupgradeneeded = () => {
        work(request);
        found = listed();
      };
      await result(request).then(
        (db) => db.close(),
        () => log('failed'),
      );
      log(version, await found, await listed());
    };
    await during(1, () => {});
    await during(2, () => {});
    await during(3, (request) => request.result.createObjectStore('s').put(1, 1));
    await during(4, (request) => request.transaction?.abort());
    (await open()).close();
    await result(indexedDB.deleteDatabase(name));
    await during(5, (request) => request.transaction?.abort());
    log(await listed());
  }),

  comparison('two transactions that live on each other’s requests', async ({ open, log }) => {
    const db = await open(1, (db) => {
      db.createObjectStore('a');
      db.createObjectStore('b');
    });
    const order: string[] = [];
    const [one, other] = [db.transaction('a', 'readwrite'), db.transaction('b', 'readwrite')];
    let [ones, others] = [0, 0];
    const spin = () => {
      if (others < 3 && ones++ < 500) one.objectStore('a').put(ones, 1).onsuccess = spin;
    };
    spin();
    const step = () => {
      if (others++ < 3) other.objectStore('b').put(others, 1).onsuccess = step;
    };
    step();
    one.oncomplete = () => order.push('one');
    other.oncomplete = () => order.push('other');
    await Promise.all([ended(one), ended(other)]);
    log(order.sort(), others, ones < 500 || 'in a row');
  }),

  comparison('readers see what was written before them, and not what came after', async ({ open, log }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    const seen: unknown[] = [];
    const read = () => {
      const request = db.transaction('s').objectStore('s').get(1);
      request.onsuccess = () => seen.push(request.result);
    };
    for (let i = 0; i < 4; i++) {
      read();
      db.transaction('s', 'readwrite').objectStore('s').put(i, 1);
      read();
      read();
    }
    const last = db.transaction('s', 'readwrite');
    last.objectStore('s').delete(1);
    last.commit();
    read();
    await result(db.transaction('s', 'readwrite').objectStore('s').count());
    log(seen);
  }),

  comparison('commit while requests fail', async ({ open, log }) => {
    const db = await open(1, (db) => {
      db.createObjectStore('s', { keyPath: 'id' }).createIndex('u', 'u', { unique: true });
    });
    const put = (record: unknown) => result(db.transaction('s', 'readwrite').objectStore('s').put(record));
    await put({ id: 1, u: 1 });
    const attempts: [string, (store: IDBObjectStore) => IDBRequest, ('prevent' | 'commit')[]][] = [
      ['add', (store) => store.add({ id: 1, u: 2 }), []],
      ['add, prevented', (store) => store.add({ id: 1, u: 2 }), ['prevent']],
      ['put breaks the index', (store) => store.put({ id: 2, u: 1 }), []],
      ['commit in the handler', (store) => store.add({ id: 1, u: 2 }), ['prevent', 'commit']],
      ['put', (store) => store.put({ id: 3, u: 3 }), []],
    ];
    for (const [label, write, then] of attempts) {
      const transaction = db.transaction('s', 'readwrite');
      const store = transaction.objectStore('s');
      store.put({ id: 'first', u: label });
      const request = write(store);
      const order: string[] = [];
      request.onsuccess = () => order.push('success');
      request.onerror = (event) => {
        order.push(`error ${request.error?.name} ${transaction.error?.name}`);
        if (then.includes('prevent')) event.preventDefault();
        if (then.includes('commit')) transaction.commit();
      };
      if (!then.includes('commit')) transaction.commit();
      log(label, await ended(transaction), order, transaction.error);
      log(await result(db.transaction('s').objectStore('s').getAllKeys()));
      log(await put({ id: 'first', u: 0 }));
    }
  }),

  comparison('errors keep their identity', async ({ open, log }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    await result(db.transaction('s', 'readwrite').objectStore('s').put(1, 1));
    const transaction = db.transaction('s', 'readwrite');
    const request = transaction.objectStore('s').add(1, 1);
    const pending = transaction.objectStore('s').get(1);
    const heard: unknown[] = [];
    request.onerror = (event) => heard.push(event.target === request, request.error, transaction.error);
    pending.onerror = (event) => {
      heard.push(event.target === pending, pending.error, transaction.error === request.error);
      event.stopPropagation();
    };
    db.onabort = (event) => heard.push(event.target === transaction, transaction.error === request.error);
    log(await ended(transaction), heard, request.error === request.error, transaction.error === request.error);
  }),

  comparison('cursors side by side', async ({ open, log }) => {
    const db = await open(1, numbered(40));
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    const requests = [
      store.openCursor(null, 'next'),
      store.openCursor(null, 'prev'),
      store.index('i').openCursor(null, 'nextunique'),
      store.index('i').openKeyCursor(IDBKeyRange.lowerBound(2), 'prev'),
    ];
    const seen = requests.map((request) => {
      const steps: unknown[] = [];
      let first: IDBCursor | undefined;
      request.onsuccess = () => {
        const cursor = request.result as IDBCursorWithValue | null;
        if (cursor === null) return;
        first ??= cursor;
        steps.push([cursor.key, cursor.primaryKey, cursor === first, cursor.request === request]);
        cursor.continue();
      };
      return steps;
    });
    log(await ended(transaction));
    for (const steps of seen) log(steps);
    log(await result(db.transaction('s').objectStore('s').index('i').getAllKeys()));
  }),

  comparison('cursors while indexes are made', async ({ indexedDB, open, name, log }) => {
    (await open(1, numbered(20))).close();
    const request = indexedDB.open(name, 2);
    const seen: unknown[][] = [[], []];
    request.onupgradeneeded = () => {
      const store = request.transaction?.objectStore('s') as IDBObjectStore;
      const index = store.createIndex('late', 'tens');
      for (const [i, source] of [store, index].entries()) {
        const cursor = source.openCursor();
        cursor.onsuccess = () => {
          if (cursor.result === null) return;
          seen[i]?.push([cursor.result.source === source, cursor.result.key, cursor.result.primaryKey]);
          cursor.result.continue();
        };
      }
    };
    (await result(request)).close();
    log(seen);
  }),

  comparison('a key generator over aborts, clears and deletions', async ({ indexedDB, open, name, log }) => {
    (await open(1, (db) => db.createObjectStore('s', { autoIncrement: true }))).close();
    let db = await open();
    const add = async (...keys: (number | string | undefined)[]) => {
      const transaction = db.transaction('s', 'readwrite');
      const found: unknown[] = [];
      for (const key of keys) {
        const request = transaction.objectStore('s').add('x', key);
        request.onsuccess = () => found.push(request.result);
        request.onerror = (event) => event.preventDefault();
      }
      return [await ended(transaction), ...found];
    };
    log(await add(undefined, undefined), await add(5.7, undefined), await add('text', undefined, 1, undefined));
    const aborted = db.transaction('s', 'readwrite');
    aborted.objectStore('s').add('x', 100).onsuccess = () => aborted.abort();
    log(await ended(aborted), await add(undefined));
    await result(db.transaction('s', 'readwrite').objectStore('s').clear());
    log(await add(undefined));
    db.close();
    db = await open(2, (_, transaction) => {
      transaction.objectStore('s').delete(IDBKeyRange.lowerBound(0));
      transaction.objectStore('s').name = 'renamed';
      transaction.objectStore('renamed').name = 's';
    });
    log(await add(undefined), await result(db.transaction('s').objectStore('s').getAllKeys()));
    log((await indexedDB.databases()).some((info) => info.name === name));
  }),
];
