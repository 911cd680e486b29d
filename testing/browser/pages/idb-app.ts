import { openDB } from 'idb';
import type { App, Item } from './app.ts';

/** `openDB` opens with the global factory: it is that which is exchanged. */
export async function open(indexedDB: IDBFactory): Promise<App> {
  Object.defineProperty(globalThis, 'indexedDB', { value: indexedDB, configurable: true });
  const db = await openDB('shop', 1, {
    upgrade(database) {
      database.createObjectStore('items', { keyPath: 'id' }).createIndex('name', 'name');
    },
  });

  async function modify(id: string, change: (item: Item) => void): Promise<Item | undefined> {
    const tx = db.transaction('items', 'readwrite');
    const item = (await tx.store.get(id)) as Item | undefined;
    const before = structuredClone(item);
    if (item !== undefined) {
      change(item);
      await tx.store.put(item);
    }
    await tx.done;
    return before;
  }

  return {
    put: async (item) => {
      await db.put('items', item);
    },
    edit: (id, fields) => modify(id, (item) => Object.assign(item, fields)),
    addTag: (id, tag) => modify(id, (item) => item.tags.push(tag)),
    removeTag: (id, tag) =>
      modify(id, (item) => {
        item.tags = item.tags.filter((other) => other !== tag);
      }),
    count: (id, difference) =>
      modify(id, (item) => {
        item.quantity += difference;
      }),
    async remove(id) {
      const tx = db.transaction('items', 'readwrite');
      const before = (await tx.store.get(id)) as Item | undefined;
      await tx.store.delete(id);
      await tx.done;
      return before;
    },
    all: () => db.getAll('items'),
  };
}
