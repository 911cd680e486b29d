import { comparison, ended, event, pause, result } from './context.ts';

/** Sections 2.1, 4.3, 4.4, 5.1 to 5.3: opening, deleting and listing databases. */
export const databases = [
  comparison('open a new database', async ({ indexedDB, name, log, listen }) => {
    const request = indexedDB.open(name);
    log(request, request.readyState, request.source, request.transaction);
    listen('request', request, ['upgradeneeded', 'success', 'error', 'blocked']);
    request.onupgradeneeded = () => log(request.readyState, request.transaction, request.result.version);
    const db = await result(request);
    log(db, db.name === name, db.version, db.objectStoreNames, request.transaction, request.readyState, request.error);
    db.close();
  }),

  comparison('arguments of open', ({ indexedDB, name, attempt }) => {
    const open = indexedDB.open.bind(indexedDB) as (...args: unknown[]) => IDBOpenDBRequest;
    const versions = [
      -1,
      -0.5,
      0,
      0.5,
      0.8,
      2 ** 53,
      2 ** 64,
      NaN,
      Infinity,
      -Infinity,
      'foo',
      null,
      false,
      '',
      [],
      {},
    ];
    attempt('none', () => open());
    attempt('symbol', () => open(Symbol('x')));
    attempt('big integer', () => open(name, 1n));
    for (const version of versions) attempt(`version ${String(version)}`, () => open(name, version));
    attempt('throwing version', () =>
      open(name, {
        valueOf() {
          throw new RangeError();
        },
      }),
    );
  }),

  comparison('versions are converted once, after the name', async ({ indexedDB, name, log }) => {
    const order: string[] = [];
    const request = (indexedDB.open as (...args: unknown[]) => IDBOpenDBRequest)(
      { toString: () => (order.push('name'), name) },
      { valueOf: () => (order.push('version'), 3) },
    );
    const db = await result(request);
    log(order, db.version, db.name === name);
    db.close();
  }),

  comparison('versions that are no whole numbers, and the greatest', async ({ indexedDB, name, log }) => {
    for (const version of [1.5, '2', true, [3], 2 ** 43, 2 ** 53 - 1] as number[]) {
      const db = await result(indexedDB.open(name, version)).catch((error) => log(error));
      if (db) log(version, db.version);
      db?.close();
      if (version === 2 ** 53 - 1) {
        const again = await result(indexedDB.open(name));
        log(again.version, (await indexedDB.databases()).find((info) => info.name === name)?.version);
        again.close();
      }
    }
  }),

  comparison('a lower version is refused', async ({ indexedDB, open, name, log, listen }) => {
    (await open(5)).close();
    const request = indexedDB.open(name, 4);
    listen('request', request, ['upgradeneeded', 'success', 'error', 'blocked']);
    await event(request, 'error');
    log(request.error, request.readyState, request.transaction, /4.*5|lower|less/.test(String(request.error?.message)));
    try {
      log(request.result);
    } catch (error) {
      log(error);
    }
  }),

  comparison('properties of requests before they are done', async ({ indexedDB, name, attempt, log }) => {
    const request = indexedDB.open(name);
    attempt('result', () => request.result);
    attempt('error', () => request.error);
    log(request.readyState);
    (await result(request)).close();
  }),

  comparison('versionchange and blocked', async ({ indexedDB, open, name, log, listen }) => {
    const first = await open(1);
    listen('first', first, ['versionchange', 'close', 'abort', 'error']);
    first.onversionchange = (event) => log('handler', event, event.target === first);
    const request = indexedDB.open(name, 2);
    listen('request', request, ['blocked', 'upgradeneeded', 'success', 'error']);
    request.onblocked = (event) => {
      log('blocked', event, request.readyState);
      first.close();
    };
    const second = await result(request);
    log(second.version, first.version);
    second.close();
  }),

  comparison(
    'a connection that closes at versionchange blocks nobody',
    async ({ indexedDB, open, name, log, listen }) => {
      const first = await open(1);
      first.onversionchange = () => first.close();
      const request = indexedDB.open(name, 7);
      listen('request', request, ['blocked', 'upgradeneeded', 'success', 'error']);
      const second = await result(request);
      log(second.version);
      second.close();
    },
  ),

  comparison('deleting', async ({ indexedDB, open, name, log, listen }) => {
    (await open(4, (db) => db.createObjectStore('s'))).close();
    const request = indexedDB.deleteDatabase(name);
    log(request, request.source, request.transaction, request.readyState);
    listen('request', request, ['blocked', 'upgradeneeded', 'success', 'error']);
    request.onsuccess = (event) => log(event instanceof IDBVersionChangeEvent, request.result);
    await event(request, 'success');
    const db = await open();
    log(db.version, db.objectStoreNames);
    const nothing = indexedDB.deleteDatabase(`${name}1`);
    listen('nothing', nothing, ['blocked', 'success', 'error']);
    await event(nothing, 'success');
  }),

  comparison('deleting what is open', async ({ indexedDB, open, name, log, listen }) => {
    const db = await open(3);
    listen('db', db, ['versionchange']);
    const request = indexedDB.deleteDatabase(name);
    listen('request', request, ['blocked', 'success', 'error']);
    request.addEventListener('blocked', () => db.close());
    await event(request, 'success');
    log(request.result);
  }),

  comparison('arguments of deleteDatabase', ({ indexedDB, attempt }) => {
    const remove = indexedDB.deleteDatabase.bind(indexedDB) as (...args: unknown[]) => IDBOpenDBRequest;
    attempt('none', () => remove());
    attempt('symbol', () => remove(Symbol('x')));
    attempt('throwing', () =>
      remove({
        toString() {
          throw new RangeError();
        },
      }),
    );
  }),

  comparison('requests for one database are worked off in their order', async ({ indexedDB, name, log }) => {
    const order: string[] = [];
    const note = (label: string, request: IDBOpenDBRequest) =>
      new Promise<void>((resolve) => {
        request.onupgradeneeded = () => order.push(`${label} upgrade`);
        request.onblocked = () => order.push(`${label} blocked`);
        request.onerror = (event) => {
          event.preventDefault();
          order.push(`${label} ${request.error?.name}`);
          resolve();
        };
        request.onsuccess = () => {
          order.push(`${label} success`);
          request.result?.close();
          resolve();
        };
      });
    await Promise.all([
      note('a', indexedDB.open(name, 1)),
      note('b', indexedDB.open(name, 2)),
      note('c', indexedDB.deleteDatabase(name)),
      note('d', indexedDB.open(name, 3)),
      note('e', indexedDB.open(name, 2)),
      note('f', indexedDB.open(name)),
      note('g', indexedDB.deleteDatabase(name)),
    ]);
    log(order);
  }),

  comparison('databases', async ({ indexedDB, open, name, log }) => {
    const listed = async () =>
      (await indexedDB.databases())
        .filter((info) => info.name?.startsWith(name))
        .sort((one, other) => String(one.name).localeCompare(String(other.name)))
        .map((info) => [Object.keys(info), info.name?.slice(name.length), info.version]);
    log(await listed());
    await open(1);
    await open(7, undefined, `${name}1`);
    log(await listed());
    const promise = indexedDB.databases();
    log(promise instanceof Promise, Array.isArray(await promise));
    await open(8, undefined, `${name}2`).then((db) => db.close());
    await result(indexedDB.deleteDatabase(`${name}2`));
    log(await listed());
  }),

  comparison('databases while one is upgraded', async ({ indexedDB, name, log }) => {
    const request = indexedDB.open(name, 2);
    let during: Promise<IDBDatabaseInfo[]> | undefined;
    request.onupgradeneeded = () => {
      request.result.createObjectStore('s').put(1, 1);
      during = indexedDB.databases();
    };
    (await result(request)).close();
    const listed = (await during)?.filter((info) => info.name === name);
    log(listed?.every((info) => info.version === 2)); // whether it is listed yet depends on how soon the browser answers
  }),

  comparison('cmp', ({ indexedDB, attempt }) => {
    const cmp = indexedDB.cmp.bind(indexedDB) as (...args: unknown[]) => number;
    attempt('none', () => cmp());
    attempt('one', () => cmp(1));
    const keys = [-Infinity, 0, -0, 1, Infinity, new Date(0), new Date(1), '', 'a', 'b', '\uFFFF'];
    const more = [new Uint8Array([1]), new Uint8Array([1, 2]).buffer, [], [1], ['a', []], [[]]];
    for (const one of [...keys, ...more]) for (const other of [...keys, ...more]) attempt('cmp', () => cmp(one, other));
    for (const no of [NaN, null, true, {}, undefined, new Date(NaN), [NaN], () => 1, /x/, Symbol.iterator, 1n]) {
      attempt(String(no), () => cmp(no, 1));
      attempt(String(no), () => cmp(1, no));
    }
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    attempt('cyclic', () => cmp(cyclic, 1));
    attempt('holes', () => cmp(new Array(2), 1));
  }),

  comparison('close', async ({ open, attempt, log, listen }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    listen('db', db, ['close', 'abort', 'error', 'versionchange']);
    const transaction = db.transaction('s', 'readwrite');
    const put = transaction.objectStore('s').put(1, 1);
    attempt('close', () => db.close());
    attempt('again', () => db.close());
    attempt('transaction', () => db.transaction('s'));
    attempt('transaction of unknown', () => db.transaction('t'));
    attempt('createObjectStore', () => db.createObjectStore('s'));
    attempt('deleteObjectStore', () => db.deleteObjectStore('s'));
    log(db.objectStoreNames, db.version);
    log(await ended(transaction), put.result);
  }),

  comparison('close in upgradeneeded', async ({ indexedDB, name, log, listen }) => {
    const request = indexedDB.open(name, 1);
    listen('request', request, ['success', 'error', 'blocked']);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('s').put(1, 1);
      request.result.close();
      listen('transaction', request.transaction);
    };
    await event(request, 'error');
    log(request.error, request.readyState, request.transaction);
    const db = await result(indexedDB.open(name));
    log(db.version, db.objectStoreNames);
    db.close();
  }),

  comparison('a connection left open is told of several changes', async ({ indexedDB, open, name, log }) => {
    const db = await open(1);
    const told: unknown[] = [];
    db.onversionchange = (event) => told.push([event.oldVersion, event.newVersion]);
    const first = indexedDB.open(name, 2);
    await event(first, 'blocked');
    db.close();
    (await result(first)).close();
    await result(indexedDB.deleteDatabase(name));
    log(told);
  }),

  comparison('names of databases', async ({ indexedDB, name, log }) => {
    for (const own of [`${name}ä中`, `${name}\uF8FF`, `${name} .:/`]) {
      const db = await result(indexedDB.open(own));
      log(
        db.name === own,
        (await indexedDB.databases()).some((info) => info.name === own),
      );
      db.close();
      await result(indexedDB.deleteDatabase(own));
    }
  }),

  comparison('two requests opened in one go get connections of their own', async ({ indexedDB, name, log }) => {
    const [one, other] = await Promise.all([result(indexedDB.open(name, 2)), result(indexedDB.open(name))]);
    log(one === other, one.version, other.version, one, other);
    one.close();
    other.close();
    await pause();
  }),
];
