import Dexie, { type EntityTable, liveQuery } from 'dexie';
import type { App, Item } from './app.ts';

export async function open(indexedDB: IDBFactory): Promise<App> {
  const db = new Dexie('shop', { indexedDB, IDBKeyRange }) as Dexie & { items: EntityTable<Item, 'id'> };
  db.version(1).stores({ items: 'id, name, *tags' });
  await db.open();

  async function modify(id: string, change: (item: Item) => void): Promise<Item | undefined> {
    let before: Item | undefined;
    await db.items.where({ id }).modify((item) => {
      before = structuredClone(item);
      change(item);
    });
    return before;
  }

  return {
    put: async (item) => {
      await db.items.put(item);
    },
    edit: (id, fields) =>
      db.transaction('rw', db.items, async () => {
        const before = await db.items.get(id);
        await db.items.update(id, fields);
        return before;
      }),
    addTag: (id, tag) =>
      modify(id, (item) => {
        item.tags.push(tag);
      }),
    removeTag: (id, tag) =>
      modify(id, (item) => {
        item.tags = item.tags.filter((other) => other !== tag);
      }),
    count: (id, difference) =>
      modify(id, (item) => {
        item.quantity += difference;
      }),
    remove: (id) =>
      db.transaction('rw', db.items, async () => {
        const before = await db.items.get(id);
        await db.items.delete(id);
        return before;
      }),
    all: () => db.items.toArray(),
    live: () => ({
      a: watch(() => db.items.get('a')),
      z: watch(() => db.items.get('z')),
      named: watch(() => db.items.where('name').startsWith('n').primaryKeys()),
      count: watch(() => db.items.count()),
      all: watch(() => db.items.toArray()),
    }),
  };
}

function watch(query: () => Promise<unknown>): { last: unknown; runs: number } {
  const watched: { last: unknown; runs: number } = { last: undefined, runs: 0 };
  liveQuery(query).subscribe((result) => {
    watched.last = result;
    watched.runs++;
  });
  return watched;
}
