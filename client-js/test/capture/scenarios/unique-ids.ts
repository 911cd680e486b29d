import Dexie from 'dexie';
import { moveToUniqueIds } from '../../../src/capture/index.ts';
import { latest, open, record, rejectionOf, result, same, scenario } from '../harness.ts';

interface List {
  id: number | string;
  name: string;
}

interface Todo {
  id: number | string;
  title: string;
  list?: number | string;
  after?: (number | string)[];
}

export const uniqueIds = [
  scenario('a Dexie table with generated keys moves to unique ids, with what refers to it', async (environment) => {
    const settings = { indexedDB: environment.native, IDBKeyRange: environment.keyRange };
    const before = new Dexie(environment.name, settings);
    before.version(1).stores({ lists: '++id, name', todos: '++id, list, *after' });
    const list = (await before.table('lists').add({ name: 'shop' })) as number;
    const milk = (await before.table('todos').add({ title: 'milk', list })) as number;
    await before.table('todos').bulkAdd([
      { title: 'bread', list, after: [milk] },
      { title: 'alone', after: [77] },
    ]);
    before.close();

    const recorder = record(environment);
    const db = new Dexie(environment.name, { ...settings, indexedDB: recorder.factory });
    db.version(1).stores({ lists: '++id, name', todos: '++id, list, *after' });
    db.version(2)
      .stores({ lists2: 'id, name', todos2: 'id, list, *after' })
      .upgrade(async ({ idbtrans }) => {
        await moveToUniqueIds(idbtrans, {
          from: 'lists',
          to: 'lists2',
          references: [{ store: 'todos', field: 'list' }],
        });
        await moveToUniqueIds(idbtrans, {
          from: 'todos',
          to: 'todos2',
          references: [{ store: 'todos2', field: 'after' }],
        });
      });
    db.version(3).stores({ lists: null, todos: null });
    await db.open();

    const [shop] = (await db.table<List>('lists2').toArray()) as [List];
    const todos = new Map((await db.table<Todo>('todos2').toArray()).map((todo) => [todo.title, todo]));
    same([shop.name, typeof shop.id, String(shop.id).length], ['shop', 'string', 36]);
    same([todos.get('milk')?.list, todos.get('bread')?.list, todos.get('alone')?.list], [shop.id, shop.id, undefined]);
    same(todos.get('bread')?.after, [todos.get('milk')?.id]);
    same(todos.get('alone')?.after, [77], 'what refers to nothing stays');
    same(await db.table('todos2').where('list').equals(shop.id).count(), 2);
    same(db.tables.map(({ name }) => name).sort(), ['lists2', 'todos2']);
    same(
      latest(recorder).trackedStores.map(({ name }) => name),
      ['lists2', 'todos2'],
    );
    same(recorder.untracked, []);
    db.close();
  }),

  scenario('without Dexie, an upgrade moves all records or, if it fails, none', async (environment) => {
    const { factory } = record(environment);
    const first = await open(factory, environment.name, 1, (db) => {
      const store = db.createObjectStore('lists', { keyPath: 'id', autoIncrement: true });
      for (const name of ['shop', 'garden']) store.add({ name });
    });
    first.close();

    let moved: Promise<ReadonlyMap<IDBValidKey, string>> | undefined;
    const move = (fails: boolean) => (db: IDBDatabase, transaction: IDBTransaction) => {
      db.createObjectStore('lists2', { keyPath: 'id' });
      let ids = 0;
      moved = moveToUniqueIds(transaction, { from: 'lists', to: 'lists2', createId: () => `list ${++ids}` });
      moved.then(() => fails && transaction.abort());
    };
    await rejectionOf(open(factory, environment.name, 2, move(true)));
    const kept = await open(factory, environment.name, 1);
    same(Array.from(kept.objectStoreNames), ['lists']);
    same(await result(kept.transaction('lists').objectStore('lists').getAllKeys()), [1, 2]);
    kept.close();

    const db = await open(factory, environment.name, 2, move(false));
    same(
      [...((await moved) ?? [])],
      [
        [1, 'list 1'],
        [2, 'list 2'],
      ],
    );
    const records = (store: string) => result(db.transaction(store).objectStore(store).getAll());
    same(await records('lists'), []);
    same(await records('lists2'), [
      { id: 'list 1', name: 'shop' },
      { id: 'list 2', name: 'garden' },
    ]);
    db.close();
  }),
];
