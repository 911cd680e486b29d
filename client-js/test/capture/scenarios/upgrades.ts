import { type CapturedConnection, META_STORE, sideStoreName } from '../../../src/capture/index.ts';
import { latest, notesOf, open, record, rejectionOf, result, same, scenario, thrownBy, write } from '../harness.ts';

/** Whether the hidden store beside the store exists. */
const hasSideStore = (connection: CapturedConnection, store: string) =>
  thrownBy(() => connection.transaction([sideStoreName(store)], 'readonly')) === undefined;

export const upgrades = [
  scenario('writes in an upgrade are noted', async (environment) => {
    const recorder = record(environment);
    const db = await open(recorder.factory, environment.name, 1, (db) => {
      const store = db.createObjectStore('todos', { keyPath: 'id' });
      store.put({ id: 1 });
      store.put({ id: 2 }).onsuccess = () => store.delete(1);
    });
    same(await notesOf(latest(recorder), 'todos'), [
      ['put', 1],
      ['put', 2],
      ['delete', 1],
    ]);
    same(recorder.written, [], 'opening speaks for the upgrade');
    db.close();
  }),

  scenario('a deleted store takes its notes along', async (environment) => {
    const recorder = record(environment);
    const first = await open(recorder.factory, environment.name, 1, (db) => db.createObjectStore('todos').put(1, 1));
    first.close();
    const second = await open(recorder.factory, environment.name, 2, (db, transaction) => {
      transaction.objectStore('todos').put(2, 2);
      db.deleteObjectStore('todos');
    });
    same([[...second.objectStoreNames], hasSideStore(latest(recorder), 'todos')], [[], false]);
    second.close();
    const third = await open(recorder.factory, environment.name, 3, (db) => db.createObjectStore('todos').put(3, 3));
    same(await notesOf(latest(recorder), 'todos'), [['put', 3]]);
    third.close();
  }),

  scenario('a renamed store keeps its notes', async (environment) => {
    const recorder = record(environment);
    const first = await open(recorder.factory, environment.name, 1, (db) => {
      db.createObjectStore('a').put(1, 'in a');
      db.createObjectStore('b').put(1, 'in b');
    });
    first.close();
    const second = await open(recorder.factory, environment.name, 2, (_, transaction) => {
      const [a, b] = [transaction.objectStore('a'), transaction.objectStore('b')];
      a.put(2, 'before');
      a.name = 'swap';
      b.name = 'a';
      a.name = 'b';
      a.put(2, 'after');
      same([a.name, b.name], ['b', 'a']);
    });
    same([...second.objectStoreNames], ['a', 'b']);
    same(await notesOf(latest(recorder), 'a'), [['put', 'in b']]);
    same(await notesOf(latest(recorder), 'b'), [
      ['put', 'in a'],
      ['put', 'before'],
      ['put', 'after'],
    ]);
    second.close();
  }),

  scenario('a store that is renamed into a tracked name is taken up', async (environment) => {
    const recorder = record(environment, { stores: ['todos'] });
    const first = await open(recorder.factory, environment.name, 1, (db) => db.createObjectStore('tasks').put(1, 1));
    first.close();
    const second = await open(recorder.factory, environment.name, 2, (_, transaction) => {
      const store = transaction.objectStore('tasks');
      store.put(2, 2);
      store.name = 'todos';
      store.put(3, 3);
    });
    same(await notesOf(latest(recorder), 'todos'), [['adopt'], ['put', 3]]);
    second.close();
  }),

  scenario('an aborted upgrade leaves everything as it was', async (environment) => {
    const recorder = record(environment);
    const first = await open(recorder.factory, environment.name, 1, (db) => {
      db.createObjectStore('a').put(1, 'in a');
      db.createObjectStore('b').put(1, 'in b');
    });
    first.close();
    const error = await rejectionOf(
      open(recorder.factory, environment.name, 2, (db, transaction) => {
        transaction.objectStore('a').put(2, 'void');
        transaction.objectStore('a').name = 'renamed';
        db.deleteObjectStore('b');
        db.createObjectStore('c').put(1, 1);
        transaction.abort();
        same([...db.objectStoreNames], ['a', 'b']);
        same(db.version, 1);
      }),
    );
    same(error.name, 'AbortError');
    const second = await open(recorder.factory, environment.name, 1);
    same([second.version, [...second.objectStoreNames]], [1, ['a', 'b']]);
    same(await notesOf(latest(recorder), 'a'), [['put', 'in a']]);
    same(await notesOf(latest(recorder), 'b'), [['put', 'in b']]);
    same(hasSideStore(latest(recorder), 'c'), false);
    second.close();
  }),

  scenario('an upgrade that fails by itself leaves everything as it was', async (environment) => {
    const recorder = record(environment);
    const first = await open(recorder.factory, environment.name, 1, (db) => db.createObjectStore('a').put(1, 1));
    first.close();
    const error = await rejectionOf(
      open(recorder.factory, environment.name, 2, (db, transaction) => {
        db.createObjectStore('b');
        db.deleteObjectStore('a');
        const store = db.createObjectStore('c');
        store.add(1, 1);
        store.add(1, 1);
        same([...transaction.objectStoreNames], ['b', 'c']);
      }),
    );
    same(error.name, 'AbortError');
    const second = await open(recorder.factory, environment.name, 2, (db) => {
      same([...db.objectStoreNames], ['a']);
      db.createObjectStore('b');
    });
    same([...second.objectStoreNames], ['a', 'b']);
    await write(second, ['a', 'b'], (transaction) => {
      for (const name of ['a', 'b']) transaction.objectStore(name).put(2, 2);
    });
    same(await notesOf(latest(recorder), 'a'), [
      ['put', 1],
      ['put', 2],
    ]);
    same(await notesOf(latest(recorder), 'b'), [['put', 2]]);
    second.close();
  }),

  scenario('a new database whose upgrade is aborted does not exist', async (environment) => {
    const recorder = record(environment);
    const error = await rejectionOf(
      open(recorder.factory, environment.name, 3, (db, transaction) => {
        db.createObjectStore('todos');
        transaction.abort();
      }),
    );
    same([error.name, recorder.opened.length], ['AbortError', 0]);
    const db = await open(recorder.factory, environment.name, 1, (_, __, event) => same(event.oldVersion, 0));
    same([db.version, [...db.objectStoreNames]], [1, []]);
    db.close();
  }),

  scenario('indexes and key generators of the application are untouched', async (environment) => {
    const recorder = record(environment);
    const db = await open(recorder.factory, environment.name, 1, (db) => {
      const store = db.createObjectStore('log', { keyPath: 'id', autoIncrement: true });
      store.createIndex('byText', 'text', { unique: true });
      store.deleteIndex('byText');
      store.createIndex('byText', 'text');
      db.createObjectStore('todos', { keyPath: 'id' });
    });
    await write(db, ['log', 'todos'], (transaction) => {
      transaction.objectStore('log').add({ text: 'x' });
      transaction.objectStore('log').add({ text: 'x' });
      transaction.objectStore('todos').put({ id: 1 });
    });
    same(await result(db.transaction('log').objectStore('log').index('byText').getAllKeys('x')), [1, 2]);
    same(recorder.untracked, ['log: generated-keys']);
    same(hasSideStore(latest(recorder), 'log'), false);
    const meta = latest(recorder).transaction([META_STORE], 'readonly').objectStore(META_STORE);
    same(await result(meta.getAllKeys()), []);
    db.close();
  }),
];
