import Dexie from 'dexie';
import { openDB } from 'idb';
import { type Environment, latest, notesOf, open, pause, record, same, scenario, todos } from '../harness.ts';

interface Todo {
  id: number;
  title: string;
  done?: boolean;
}

function openDexie(environment: Environment, factory: IDBFactory): Dexie {
  return new Dexie(environment.name, { indexedDB: factory, IDBKeyRange: environment.keyRange });
}

/** For `idb`, which opens through the global factory alone. */
async function withGlobalFactory(factory: IDBFactory, work: () => Promise<void>): Promise<void> {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB');
  Object.defineProperty(globalThis, 'indexedDB', { value: factory, configurable: true, writable: true });
  try {
    await work();
  } finally {
    if (before) Object.defineProperty(globalThis, 'indexedDB', before);
  }
}

export const libraries = [
  scenario('Dexie works, and its writes are noted', async (environment) => {
    const recorder = record(environment);
    const db = openDexie(environment, recorder.factory);
    db.version(1).stores({ todos: 'id, title', log: '++id' });
    const table = db.table<Todo, number>('todos');
    await table.bulkPut([1, 2, 3, 4, 5].map((id) => ({ id, title: `todo ${id}` })));
    await table.update(2, { done: true });
    await table.where('title').equals('todo 3').modify({ done: true });
    await table.where('id').above(4).delete();
    await table.delete(1);
    await db.table('log').add({ text: 'local' });
    const thrown = await db
      .transaction('rw', table, async () => {
        await table.put({ id: 9, title: 'void' });
        throw new RangeError('changed my mind');
      })
      .catch((error) => error.name);
    same(thrown, 'RangeError');
    await db.transaction('rw', table, async () => {
      const todo = await table.get(4);
      await table.put({ ...(todo as Todo), title: 'renamed' });
    });
    same(
      (await table.toArray()).map(({ id, title, done }) => [id, title, done]),
      [
        [2, 'todo 2', true],
        [3, 'todo 3', true],
        [4, 'renamed', undefined],
      ],
    );
    const noted = (await notesOf(latest(recorder), 'todos')).map(([kind, key]) => `${kind} ${key ?? ''}`);
    for (const expected of ['put 2', 'put 3', 'put 4', 'delete 1']) same(noted.includes(expected), true, expected);
    same(noted.includes('put 9'), false, 'the void write');
    same(recorder.untracked, ['log: generated-keys']);
    same(db.tables.map((table) => table.name).sort(), ['log', 'todos']);
    db.close();
  }),

  scenario('Dexie upgrades, and reopens what it does not know', async (environment) => {
    const recorder = record(environment);
    const first = openDexie(environment, recorder.factory);
    first.version(1).stores({ todos: 'id' });
    await first.table('todos').put({ id: 1, title: 'one' });
    first.close();

    const second = openDexie(environment, recorder.factory);
    second.version(1).stores({ todos: 'id' });
    second
      .version(2)
      .stores({ todos: 'id, done', more: 'key' })
      .upgrade((transaction) => transaction.table('todos').toCollection().modify({ done: false }));
    await second.open();
    same(await second.table('todos').toArray(), [{ id: 1, title: 'one', done: false }]);
    same(await notesOf(latest(recorder), 'todos'), [
      ['put', 1],
      ['put', 1],
    ]);
    same(recorder.opened.at(-1)?.database.version, 20);
    second.close();

    const dynamic = openDexie(environment, recorder.factory);
    await dynamic.open();
    same([dynamic.verno, dynamic.tables.map((table) => table.name).sort()], [2, ['more', 'todos']]);
    await dynamic.delete();
    same(
      (await recorder.factory.databases()).some((info) => info.name === environment.name),
      false,
    );
  }),

  scenario('Dexie adopts its own database', async (environment) => {
    const plain = openDexie(environment, environment.native);
    plain.version(1).stores({ todos: 'id' });
    await plain.table('todos').put({ id: 1, title: 'before' });
    plain.close();
    const recorder = record(environment);
    const db = openDexie(environment, recorder.factory);
    db.version(1).stores({ todos: 'id' });
    same(await db.table('todos').get(1), { id: 1, title: 'before' });
    same(await notesOf(latest(recorder), 'todos'), [['adopt']]);
    db.close();
  }),

  scenario(
    'idb works, and its writes are noted',
    async (environment) => {
      const recorder = record(environment);
      await withGlobalFactory(recorder.factory, async () => {
        const db = await openDB(environment.name, 1, {
          upgrade(db) {
            db.createObjectStore('todos', { keyPath: 'id' }).createIndex('byTitle', 'title');
          },
        });
        await db.put('todos', { id: 1, title: 'c' });
        const transaction = db.transaction('todos', 'readwrite');
        await Promise.all([
          transaction.store.add({ id: 2, title: 'b' }),
          transaction.store.add({ id: 3, title: 'a' }),
          transaction.done,
        ]);
        const walk = db.transaction('todos', 'readwrite');
        for await (const cursor of walk.store.index('byTitle')) {
          if (cursor.primaryKey === 2) await cursor.delete();
          else await cursor.update({ ...cursor.value, done: true });
        }
        await walk.done;
        await db.clear('todos');
        same([...db.objectStoreNames], ['todos']);
        same(await notesOf(latest(recorder), 'todos'), [
          ['put', 1],
          ['put', 2],
          ['put', 3],
          ['put', 3],
          ['delete', 2],
          ['put', 1],
          ['clear'],
        ]);
        db.close();
        await pause();
      });
    },
    { globals: true },
  ),

  scenario(
    'idb reports what blocks it, in versions of the application',
    async (environment) => {
      const recorder = record(environment);
      await withGlobalFactory(recorder.factory, async () => {
        const seen: unknown[] = [];
        const first = await openDB(environment.name, 1, {
          blocking: (current, blocked) => {
            seen.push(['blocking', current, blocked]);
            first.close();
          },
        });
        const second = await openDB(environment.name, 2, {
          upgrade: (db, from, to) => {
            seen.push(['upgrade', from, to]);
            db.createObjectStore('todos');
          },
        });
        same(seen, [
          ['blocking', 1, 2],
          ['upgrade', 1, 2],
        ]);
        second.close();
        const raw = await open(recorder.factory, environment.name, 3, (db, transaction, event) => {
          db.deleteObjectStore('todos');
          todos(db, transaction, event);
        });
        raw.close();
      });
    },
    { globals: true },
  ),
];
