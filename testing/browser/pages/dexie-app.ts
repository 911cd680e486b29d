import Dexie, { type EntityTable } from 'dexie';
import type { App, Item } from './app.ts';

export async function open(indexedDB: IDBFactory): Promise<App> {
  const db = new Dexie('shop', { indexedDB, IDBKeyRange }) as Dexie & { items: EntityTable<Item, 'id'> };
  db.version(1).stores({ items: 'id, name, *tags' });
  await db.open();
  return {
    put: async (item) => {
      await db.items.put(item);
    },
    edit: async (id, fields) => {
      await db.items.update(id, fields);
    },
    addTag: async (id, tag) => {
      await db.items.where({ id }).modify((item) => {
        item.tags.push(tag);
      });
    },
    removeTag: async (id, tag) => {
      await db.items.where({ id }).modify((item) => {
        item.tags = item.tags.filter((other) => other !== tag);
      });
    },
    count: async (id, difference) => {
      await db.items.where({ id }).modify((item) => {
        item.quantity += difference;
      });
    },
    remove: (id) => db.items.delete(id),
    all: () => db.items.toArray(),
  };
}
