import Dexie, { type EntityTable, liveQuery, type Observable } from 'dexie';

/** A kind of thing on a shelf. */
export interface Item {
  id: string;
  name: string;
  shelf: string;
  note: string;
  /** Without repetitions. */
  tags: string[];
  /** Pieces; below zero where more was taken than had been counted. */
  quantity: number;
}

/** The stock of a warehouse, in a database of the browser. Every method settles when its transaction is complete. */
export interface Stockroom {
  /** All items, again after each change. */
  readonly items: Observable<Item[]>;
  add(item: Omit<Item, 'id'>): Promise<string>;
  /** Puts an item back as it was when it was removed. */
  restore(item: Item): Promise<void>;
  fill(items: readonly Omit<Item, 'id'>[]): Promise<void>;
  /** Takes everything away and puts these in its place. */
  refill(items: readonly Omit<Item, 'id'>[]): Promise<void>;
  edit(id: string, changes: Partial<Pick<Item, 'name' | 'shelf' | 'note'>>): Promise<void>;
  /** Adds to the quantity, or takes from it where `pieces` is negative. */
  count(id: string, pieces: number): Promise<void>;
  tag(id: string, tag: string): Promise<void>;
  untag(id: string, tag: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Opens the database of that name. */
export const openStockroom = (name: string, indexedDB: IDBFactory): Stockroom => {
  const db = new Dexie(name, { indexedDB, IDBKeyRange }) as Dexie & { items: EntityTable<Item, 'id'> };
  db.version(1).stores({ items: 'id, name, shelf' });

  return {
    items: liveQuery(() => db.items.toArray()),
    add: (item) => db.items.add({ ...item, id: crypto.randomUUID() }),
    restore: async (item) => {
      await db.items.put(item);
    },
    fill: async (items) => {
      await db.items.bulkAdd(items.map((item) => ({ ...item, id: crypto.randomUUID() })));
    },
    refill: (items) =>
      db.transaction('rw', db.items, async () => {
        await db.items.clear();
        await db.items.bulkAdd(items.map((item) => ({ ...item, id: crypto.randomUUID() })));
      }),
    edit: async (id, changes) => {
      await db.items.update(id, changes);
    },
    count: async (id, pieces) => {
      await db.items.update(id, (item) => {
        item.quantity += pieces;
      });
    },
    tag: async (id, tag) => {
      await db.items.update(id, (item) => {
        if (!item.tags.includes(tag)) item.tags = [...item.tags, tag];
      });
    },
    untag: async (id, tag) => {
      await db.items.update(id, (item) => {
        item.tags = item.tags.filter((other) => other !== tag);
      });
    },
    remove: (id) => db.items.delete(id),
  };
};
