import { META_STORE, sideStoreName } from '../../../src/capture/index.ts';
import {
  done,
  latest,
  open,
  openTodos,
  pause,
  record,
  rejectionOf,
  result,
  same,
  scenario,
  thrownBy,
  write,
} from '../harness.ts';

export const hiding = [
  scenario('hidden stores are in no list of names', async (environment) => {
    const { db } = await openTodos(environment);
    const transaction = db.transaction(['todos'], 'readwrite');
    for (const names of [db.objectStoreNames, transaction.objectStoreNames]) {
      same([...names], ['todos']);
      same([names.length, names[0], names[1], names.item(0), names.item(1)], [1, 'todos', undefined, 'todos', null]);
      same([names.contains('todos'), names.contains(META_STORE)], [true, false]);
      same(Object.keys(names), ['0']);
    }
    same([...db.transaction(db.objectStoreNames, 'readwrite').objectStoreNames], ['todos']);
    await done(transaction);
    db.close();
  }),

  scenario('reserved names are refused as IndexedDB refuses unknown or taken ones', async (environment) => {
    const recorder = record(environment);
    const refused: (string | undefined)[] = [];
    const db = await open(recorder.factory, environment.name, 1, (db, transaction) => {
      const store = db.createObjectStore('todos', { keyPath: 'id' });
      refused.push(
        thrownBy(() => db.createObjectStore('\uF8FFmine')),
        thrownBy(() => db.createObjectStore(META_STORE)),
        thrownBy(() => db.deleteObjectStore(META_STORE)),
        thrownBy(() => transaction.objectStore(sideStoreName('todos'))),
        thrownBy(() => {
          store.name = '\uF8FFmine';
        }),
      );
      same([...db.objectStoreNames], ['todos']);
    });
    same(refused, ['ConstraintError', 'ConstraintError', 'NotFoundError', 'NotFoundError', 'ConstraintError']);
    same(
      thrownBy(() => db.transaction(META_STORE)),
      'NotFoundError',
    );
    same(
      thrownBy(() => db.transaction(['todos', sideStoreName('todos')], 'readwrite')),
      'NotFoundError',
    );
    const transaction = db.transaction('todos', 'readwrite');
    same(
      thrownBy(() => transaction.objectStore(sideStoreName('todos'))),
      'NotFoundError',
    );
    await done(transaction);
    db.close();
    same(
      thrownBy(() => db.transaction(META_STORE)),
      'InvalidStateError',
    );
  }),

  scenario('objects keep their identity and their classes', async (environment) => {
    const recorder = record(environment);
    const plain = await open(environment.native, `${environment.name} plain`, 1, (db) => db.createObjectStore('s'));
    const classOf = (object: object) => object.constructor as new () => object;
    const db = await open(recorder.factory, environment.name, 1, (db, transaction) => {
      const store = db.createObjectStore('todos', { keyPath: 'id' });
      const index = store.createIndex('byTitle', 'title');
      same(index.objectStore === store, true);
      same(transaction.objectStore('todos') === store, true);
      same(transaction.db === db && store.transaction === transaction, true);
    });
    same(db instanceof classOf(plain), true);
    same(Object.prototype.toString.call(db), '[object IDBDatabase]');
    same(recorder.factory instanceof classOf(environment.native), true);
    const transaction = db.transaction('todos', 'readwrite');
    same(transaction instanceof classOf(plain.transaction('s')), true);
    same(transaction.db === db, true);
    const store = transaction.objectStore('todos');
    same(store instanceof classOf(plain.transaction('s').objectStore('s')), true);
    same(transaction.objectStore('todos') === store && store.transaction === transaction, true);
    const index = store.index('byTitle');
    same([store.index('byTitle') === index, index.objectStore === store], [true, true]);
    const request = store.put({ id: 1, title: 'x' });
    same(request.source === store && request.transaction === transaction, true);
    let target: unknown;
    request.addEventListener('success', (event) => {
      target = event.target;
    });
    same(await result(request), 1);
    same(target === request, true);
    const cursorRequest = store.index('byTitle').openCursor();
    const cursor = await result(cursorRequest);
    same(cursor?.source === store.index('byTitle') && cursor?.request === cursorRequest, true);
    same(latest(recorder).database === db, true);
    db.close();
    plain.close();
  }),

  scenario('events of hidden requests reach no handler of the application', async (environment) => {
    const { db } = await openTodos(environment);
    const seen: string[] = [];
    const transaction = db.transaction('todos', 'readwrite');
    for (const type of ['success', 'error']) {
      for (const capture of [true, false]) {
        db.addEventListener(type, () => seen.push(`database ${type}`), capture);
        transaction.addEventListener(type, () => seen.push(`transaction ${type}`), capture);
      }
    }
    const store = transaction.objectStore('todos');
    store.put({ id: 1 });
    store.put({ id: 2 });
    await done(transaction);
    same(seen, ['database success', 'transaction success', 'database success', 'transaction success']);

    seen.length = 0;
    const aborted = db.transaction('todos', 'readwrite');
    const end = done(aborted);
    aborted.addEventListener('error', () => seen.push('transaction error'));
    await new Promise((resolve) => {
      aborted.objectStore('todos').put({ id: 3 });
      // After the flush, so that a hidden request is under way.
      queueMicrotask(() => queueMicrotask(() => resolve(aborted.abort())));
    });
    await end;
    same(seen, ['database error', 'transaction error', 'database error'], 'errors of the one put');
    db.close();
  }),

  scenario('events of hidden transactions reach their own handlers only', async (environment) => {
    const { db, connection } = await openTodos(environment);
    const seen: string[] = [];
    const heard = (event: Event) => seen.push(event.type);
    for (const type of ['success', 'error', 'abort', 'complete']) {
      for (const capture of [true, false]) db.addEventListener(type, heard, capture);
    }
    db.onabort = heard;
    db.onerror = heard;

    const own: string[] = [];
    const transaction = connection.transaction(['todos', META_STORE], 'readwrite');
    transaction.objectStore('todos').add({ id: 1 }).onsuccess = () => own.push('success');
    const again = transaction.objectStore('todos').add({ id: 1 });
    again.onerror = () => own.push('error');
    await new Promise<void>((resolve) => {
      transaction.onabort = () => {
        own.push('abort');
        resolve();
      };
    });
    await pause(0); // the event would reach the connection only now
    same(own, ['success', 'error', 'abort']);
    same(seen, []);

    await write(db, 'todos', (transaction) => transaction.objectStore('todos').put({ id: 1 }));
    const successes = () => seen.filter((type) => type === 'success').length;
    same(successes(), 1, 'the application still hears its own');
    db.removeEventListener('success', heard, true);
    await write(db, 'todos', (transaction) => transaction.objectStore('todos').put({ id: 1 }));
    same(successes(), 1, 'and may stop listening');
    db.close();
  }),

  scenario('hidden transactions leave no notes and tell no one', async (environment) => {
    const { db, connection, written } = await openTodos(environment);
    const transaction = connection.transaction(['todos', sideStoreName('todos')], 'readwrite');
    transaction.objectStore('todos').put({ id: 1 });
    transaction.objectStore(sideStoreName('todos')).put('cells', ['cells', 1]);
    await done(transaction);
    same(written, []);
    const side = connection.transaction([sideStoreName('todos')], 'readonly').objectStore(sideStoreName('todos'));
    same(await result(side.getAllKeys()), [['cells', 1]]);
    db.close();
  }),

  scenario('closing is told once', async (environment) => {
    const { db, connection, closed, factory } = await openTodos(environment);
    same([connection.closed, connection.name], [false, environment.name]);
    db.close();
    db.close();
    same([connection.closed, closed.length, closed[0] === connection], [true, 1, true]);
    same(
      thrownBy(() => connection.transaction(['todos'], 'readonly')),
      'InvalidStateError',
    );

    const error = await rejectionOf(open(factory, environment.name, 2, (db) => db.close()));
    same(error.name, 'AbortError');
    same(closed.length, 1, 'a connection that never opened is not told');
  }),

  scenario('connections captured twice in one page work side by side', async (environment) => {
    const recorder = record(environment);
    const [first, second] = await Promise.all([
      open(recorder.factory, environment.name, 1, (db) => db.createObjectStore('todos')),
      open(recorder.factory, environment.name, 1),
    ]);
    const other = record(environment);
    const third = await open(other.factory, environment.name);
    for (const [index, db] of [first, second, third].entries()) {
      await write(db, 'todos', (transaction) => transaction.objectStore('todos').put(index, index));
    }
    const side = latest(other)
      .transaction([sideStoreName('todos')], 'readonly')
      .objectStore(sideStoreName('todos'));
    same(await result(side.count()), 3);
    same([recorder.written.length, other.written.length], [2, 1]);
    for (const db of [first, second, third]) db.close();
    await pause();
  }),
];
