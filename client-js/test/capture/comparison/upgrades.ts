import { comparison, ended, event, pause, result } from './context.ts';

/** Sections 2.2, 2.7.3, 5.7 and 5.8: upgrade transactions. */
export const upgrades = [
  comparison('create and delete stores', async ({ open, log, attempt }) => {
    const db = await open(1, (db, transaction, event) => {
      log(
        event,
        transaction,
        transaction.mode,
        transaction.db === db,
        transaction.objectStoreNames,
        db.objectStoreNames,
      );
      const store = db.createObjectStore('b', { keyPath: 'id', autoIncrement: true });
      log(store, store.name, store.keyPath, store.autoIncrement, store.indexNames, store.transaction === transaction);
      db.createObjectStore('a');
      db.createObjectStore('c', { keyPath: ['x', 'y.z'] });
      log(db.objectStoreNames, transaction.objectStoreNames);
      log(
        transaction.objectStore('c').keyPath,
        transaction.objectStore('c').keyPath === transaction.objectStore('c').keyPath,
      );
      attempt('delete', () => db.deleteObjectStore('a'));
      log(db.objectStoreNames, transaction.objectStoreNames);
      attempt('deleted', () => transaction.objectStore('a'));
      attempt('delete unknown', () => db.deleteObjectStore('z'));
      db.createObjectStore('a', { keyPath: 'again' });
      log(transaction.objectStore('a').keyPath);
    });
    log(db.objectStoreNames, [...db.objectStoreNames], db.objectStoreNames.contains('a'), db.objectStoreNames.item(1));
  }),

  comparison('arguments of createObjectStore', async ({ open, attempt }) => {
    await open(1, (db) => {
      const create = db.createObjectStore.bind(db) as (...args: unknown[]) => IDBObjectStore;
      attempt('none', () => create());
      attempt('taken', () => [create('taken'), create('taken')]);
      attempt('invalid key path before taken', () => create('taken', { keyPath: '1' }));
      for (const keyPath of [
        '',
        'a',
        'a.b',
        'a b',
        '1',
        '.',
        'a.',
        '.a',
        'a..b',
        ' ',
        [],
        [''],
        ['a', 'b'],
        ['a', 'a b'],
        [['a']],
        null,
        undefined,
        5,
        {},
        true,
        ['x', null],
      ]) {
        attempt(
          `key path ${JSON.stringify(keyPath)}`,
          () => create(`s${JSON.stringify(keyPath)}`, { keyPath }).keyPath,
        );
        attempt(
          'generated',
          () => create(`g${JSON.stringify(keyPath)}`, { keyPath, autoIncrement: true }).autoIncrement,
        );
      }
      attempt('null options', () => create('null', null).keyPath);
      attempt('undefined options', () => create('undefined', undefined).keyPath);
      attempt('options 5', () => create('5', 5));
      attempt('function options', () => create('f', () => 1).keyPath);
      attempt('unknown option', () => create('u', { keypath: 'x' }).keyPath);
      attempt('empty name', () => create('').name);
      attempt('null name', () => create(null).name);
      attempt('lone surrogate', () => create('\uD800').name);
      attempt('object name', () => create({ toString: () => 'named' }).name);
      attempt('symbol', () => create(Symbol('x')));
      attempt('getters', () =>
        create('order', {
          get keyPath() {
            throw new RangeError();
          },
        }),
      );
    });
  }),

  comparison('outside of an upgrade nothing is created, deleted or renamed', async ({ open, attempt }) => {
    const db = await open(1, (db) => db.createObjectStore('s').createIndex('i', 'x'));
    attempt('createObjectStore', () => db.createObjectStore('t'));
    attempt('createObjectStore taken', () => db.createObjectStore('s'));
    attempt('createObjectStore bad', () => db.createObjectStore('s', { keyPath: '1' }));
    attempt('deleteObjectStore', () => db.deleteObjectStore('s'));
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    attempt('createIndex', () => store.createIndex('j', 'y'));
    attempt('createIndex bad', () => store.createIndex('j', '1'));
    attempt('deleteIndex', () => store.deleteIndex('i'));
    attempt('name', () => {
      store.name = 't';
    });
    attempt('same name', () => {
      store.name = 's';
    });
    attempt('index name', () => {
      store.index('i').name = 'j';
    });
    await ended(transaction);
    attempt('name after', () => {
      store.name = 't';
    });
    attempt('createIndex after', () => store.createIndex('j', 'y'));
  }),

  comparison('after an upgrade nothing is created', async ({ open, attempt }) => {
    let upgraded: IDBTransaction | undefined;
    let store: IDBObjectStore | undefined;
    const db = await open(1, (db, transaction) => {
      upgraded = transaction;
      store = db.createObjectStore('s');
    });
    attempt('createObjectStore', () => db.createObjectStore('t'));
    attempt('objectStore', () => upgraded?.objectStore('s'));
    attempt('put', () => store?.put(1, 1));
    attempt('abort', () => upgraded?.abort());
    attempt('commit', () => upgraded?.commit());
    attempt('names', () => [upgraded?.objectStoreNames, upgraded?.mode, upgraded?.error]);
  }),

  comparison('a later turn of an upgrade is inactive', async ({ indexedDB, name, attempt, log }) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      const store = db.createObjectStore('s');
      let tried = false;
      const more = () => {
        if (!tried) store.get(1).onsuccess = more;
      };
      more();
      setTimeout(() => {
        tried = true;
        attempt('createObjectStore', () => db.createObjectStore('t'));
        attempt('put', () => store.put(1, 1));
        attempt('createIndex', () => store.createIndex('i', 'x'));
        attempt('deleteObjectStore', () => db.deleteObjectStore('s'));
      });
      Promise.resolve().then(() => attempt('in a microtask', () => db.createObjectStore('m').name));
    };
    const db = await result(request);
    log(db.objectStoreNames);
    db.close();
  }),

  comparison('rename stores', async ({ open, log, attempt }) => {
    (
      await open(1, (db, transaction) => {
        const store = db.createObjectStore('a', { keyPath: 'id' });
        store.put({ id: 1 });
        store.name = 'b';
        log(store.name, db.objectStoreNames, transaction.objectStoreNames, transaction.objectStore('b') === store);
        attempt('old name', () => transaction.objectStore('a'));
        db.createObjectStore('c');
        attempt('taken', () => {
          store.name = 'c';
        });
        attempt('same', () => {
          store.name = 'b';
        });
        attempt('null', () => {
          (store as { name: unknown }).name = null;
          log(store.name, db.objectStoreNames);
        });
        attempt('symbol', () => {
          (store as { name: unknown }).name = Symbol('x');
        });
        attempt('empty', () => {
          store.name = '';
          log(store.name, db.objectStoreNames);
        });
        store.name = 'b';
        transaction.objectStore('c').name = 'a';
        log(db.objectStoreNames);
        db.deleteObjectStore('a');
        attempt('deleted', () => {
          store.transaction.objectStore('b').name = 'd';
          log(store.name);
        });
      })
    ).close();
    const db = await open(2, (_, transaction) => {
      const store = transaction.objectStore('d');
      store.put({ id: 2 });
      store.name = 'e';
      store.put({ id: 3 });
    });
    log(db.objectStoreNames, await result(db.transaction('e').objectStore('e').getAll()));
  }),

  comparison('stores change their names among each other', async ({ open, log }) => {
    (
      await open(1, (db) => {
        db.createObjectStore('a').put('from a', 1);
        db.createObjectStore('b').put('from b', 1);
      })
    ).close();
    const db = await open(2, (_, transaction) => {
      const [a, b] = [transaction.objectStore('a'), transaction.objectStore('b')];
      a.name = 'swap';
      b.name = 'a';
      a.name = 'b';
      log(transaction.objectStore('a') === b, transaction.objectStore('b') === a);
    });
    const transaction = db.transaction(['a', 'b']);
    log(await Promise.all([result(transaction.objectStore('a').get(1)), result(transaction.objectStore('b').get(1))]));
  }),

  comparison('an abort reverts everything', async ({ indexedDB, open, name, log, listen, attempt }) => {
    (
      await open(1, (db) => {
        const store = db.createObjectStore('old', { keyPath: 'id' });
        store.createIndex('byX', 'x');
        store.put({ id: 1, x: 1 });
        db.createObjectStore('gone').put(1, 1);
      })
    ).close();
    const request = indexedDB.open(name, 2);
    listen('request', request, ['success', 'error', 'upgradeneeded']);
    let held:
      | {
          db: IDBDatabase;
          old: IDBObjectStore;
          made: IDBObjectStore;
          gone: IDBObjectStore;
          transaction: IDBTransaction;
        }
      | undefined;
    request.onupgradeneeded = () => {
      const db = request.result;
      const transaction = request.transaction as IDBTransaction;
      listen('transaction', transaction);
      listen('db', db);
      const old = transaction.objectStore('old');
      const gone = transaction.objectStore('gone');
      old.name = 'renamed';
      old.index('byX').name = 'byY';
      old.createIndex('more', 'more');
      old.put({ id: 2, x: 2 });
      db.deleteObjectStore('gone');
      const made = db.createObjectStore('made');
      made.createIndex('i', 'i');
      made.put(1, 1);
      log(db.objectStoreNames, transaction.objectStoreNames, old.indexNames, made.indexNames, db.version);
      held = { db, old, made, gone, transaction };
      transaction.abort();
      log('aborted', db.objectStoreNames, transaction.objectStoreNames, old.name, old.indexNames, db.version);
      log(
        attempt('made', () => [made.name, made.indexNames]),
        gone.name,
      );
      attempt('store', () => transaction.objectStore('old'));
      attempt('create', () => db.createObjectStore('x'));
    };
    await event(request, 'error');
    log(request.error, request.transaction, request.readyState);
    const { db, old, made, gone, transaction } = held as NonNullable<typeof held>;
    log(
      db.objectStoreNames,
      db.version,
      transaction.objectStoreNames,
      old.name,
      old.indexNames,
      gone.name,
      gone.indexNames,
    );
    attempt('made', () => [made.name, made.indexNames]);
    attempt('use', () => db.transaction('old'));
    const again = await result(indexedDB.open(name));
    log(again.version, again.objectStoreNames);
    const read = again.transaction(['old', 'gone']);
    log(read.objectStore('old').indexNames, await result(read.objectStore('old').getAll()));
    log(await result(read.objectStore('gone').getAll()));
    again.close();
  }),

  comparison('an abort of the first upgrade leaves no database', async ({ indexedDB, name, log, listen }) => {
    const request = indexedDB.open(name, 3);
    listen('request', request, ['success', 'error']);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore('s').put(1, 1);
      listen('db', db);
      request.transaction?.addEventListener('abort', () =>
        log('abort', db.version, db.objectStoreNames, request.transaction, request.readyState),
      );
      request.transaction?.abort();
    };
    await event(request, 'error');
    log((await indexedDB.databases()).some((info) => info.name === name));
    const again = indexedDB.open(name);
    again.onupgradeneeded = (event) => log(event);
    const db = await result(again);
    log(db.version, db.objectStoreNames);
    db.close();
  }),

  comparison('an exception in upgradeneeded aborts', async ({ indexedDB, name, log, listen }) => {
    const request = indexedDB.open(name, 1);
    listen('request', request, ['success', 'error']);
    globalThis.addEventListener('error', (error) => error.preventDefault(), { once: true });
    request.onupgradeneeded = () => {
      listen('transaction', request.transaction);
      request.result.createObjectStore('s');
      throw new RangeError('on purpose');
    };
    await event(request, 'error');
    log(request.error);
    await pause();
  }),

  comparison('a failed add in an upgrade aborts unless prevented', async ({ indexedDB, open, name, log, listen }) => {
    const db = await open(1, (db) => {
      const store = db.createObjectStore('s');
      store.add(1, 1);
      const again = store.add(2, 1);
      listen('again', again);
      again.onerror = (event) => {
        log(again.error, event.cancelable, event.bubbles);
        event.preventDefault();
        event.stopPropagation();
        store.add(3, 2);
      };
    });
    log(await result(db.transaction('s').objectStore('s').getAll()));
    db.close();
    const request = indexedDB.open(name, 2);
    listen('request', request, ['success', 'error']);
    request.onupgradeneeded = () => {
      listen('db', request.result);
      listen('transaction', request.transaction);
      request.transaction?.objectStore('s').add(1, 1);
    };
    await event(request, 'error');
    await pause();
    log(request.error);
  }),

  comparison('upgrade over several turns', async ({ open, log }) => {
    const order: string[] = [];
    const db = await open(1, (db, transaction) => {
      const store = db.createObjectStore('s');
      transaction.oncomplete = () => order.push('complete');
      store.put(1, 1).onsuccess = () => {
        order.push('first');
        db.createObjectStore('t').put(2, 2).onsuccess = () => {
          order.push('second');
          transaction.objectStore('s').createIndex('i', '');
        };
      };
    });
    order.push('opened');
    log(order, db.objectStoreNames, db.transaction('s').objectStore('s').indexNames);
  }),

  comparison('commit in an upgrade', async ({ indexedDB, name, log, attempt }) => {
    const request = indexedDB.open(name, 1);
    const order: string[] = [];
    request.onupgradeneeded = () => {
      const transaction = request.transaction as IDBTransaction;
      const store = request.result.createObjectStore('s');
      store.put(1, 1).onsuccess = () => order.push('put');
      transaction.oncomplete = () => order.push('complete');
      transaction.commit();
      attempt('create', () => request.result.createObjectStore('t'));
      attempt('delete', () => request.result.deleteObjectStore('s'));
      attempt('put', () => store.put(2, 2));
      attempt('index', () => store.createIndex('i', 'x'));
      attempt('rename', () => {
        store.name = 'x';
      });
    };
    const db = await result(request);
    log(order, db.objectStoreNames, await result(db.transaction('s').objectStore('s').getAll()));
    db.close();
  }),

  comparison('a transaction cannot be started during an upgrade', async ({ indexedDB, name, attempt, log }) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore('s');
      attempt('transaction', () => db.transaction('s'));
      attempt('unknown', () => db.transaction('t'));
      attempt('empty', () => db.transaction([]));
      request.transaction?.addEventListener('complete', () => attempt('at complete', () => db.transaction('s')));
    };
    const db = await result(request);
    log(db.objectStoreNames);
    db.close();
  }),

  comparison('the upgrade transaction and its request', async ({ indexedDB, name, log }) => {
    const request = indexedDB.open(name, 2);
    request.onupgradeneeded = (event) => {
      log(event.target === request, event.currentTarget === request, request.source, request.readyState);
      log(request.transaction === request.transaction, request.result === request.transaction?.db);
      request.transaction?.addEventListener('complete', (event) =>
        log('complete', event.target === request.transaction, request.transaction, request.readyState),
      );
    };
    const db = await result(request);
    log(request.transaction, request.readyState);
    db.close();
  }),

  comparison('delete a store with pending requests', async ({ open, log, attempt }) => {
    const db = await open(1, (db) => {
      const store = db.createObjectStore('s', { keyPath: 'id' });
      const index = store.createIndex('i', 'x');
      const put = store.put({ id: 1, x: 1 });
      const get = store.get(1);
      db.deleteObjectStore('s');
      put.onsuccess = () => log('put', put.result, put.source);
      get.onsuccess = () => {
        log('get', get.result);
        attempt('put', () => store.put({ id: 2 }));
        attempt('get', () => store.get(1));
        attempt('index', () => store.index('i'));
        attempt('index get', () => index.get(1));
        attempt('createIndex', () => store.createIndex('j', 'x'));
        attempt('name', () => store.name);
        attempt('rename', () => {
          store.name = 't';
        });
        attempt('names', () => store.indexNames);
        attempt('keyPath', () => store.keyPath);
      };
    });
    log(db.objectStoreNames);
  }),

  comparison('create again under the same name', async ({ open, log }) => {
    const db = await open(1, (db, transaction) => {
      const first = db.createObjectStore('s');
      first.put('first', 1);
      db.deleteObjectStore('s');
      const second = db.createObjectStore('s', { keyPath: 'id' });
      second.put({ id: 'second' });
      log(first === second, transaction.objectStore('s') === second, first.keyPath, second.keyPath);
    });
    log(await result(db.transaction('s').objectStore('s').getAll()));
  }),

  comparison('many stores and their order', async ({ open, log }) => {
    const names = ['b', 'a', 'B', 'ä', '1', '', '\uFFFD', '\uD83D\uDE00', 'aa', '\uE000'];
    const db = await open(1, (db, transaction) => {
      for (const name of names) db.createObjectStore(name);
      log(db.objectStoreNames, transaction.objectStoreNames);
    });
    log(db.objectStoreNames);
    log(db.transaction(names, 'readwrite').objectStoreNames, db.transaction(names).objectStoreNames);
  }),
];
