import { watersmeet } from '@watersmeet/client';
import Dexie, { type EntityTable } from 'dexie';

export interface Item {
  id: string;
  name: string;
  tags: string[];
  quantity: number;
}

export const sync = watersmeet<{ items: Item }>({
  url: '/v1',
  space: 'shop',
  token: () => 'token-of-ada',
  collections: { items: { tags: 'set', quantity: 'counter' } },
});

export const db = new Dexie('shop', { indexedDB: sync.indexedDB, IDBKeyRange }) as Dexie & {
  items: EntityTable<Item, 'id'>;
};
db.version(1).stores({ items: 'id, name' });
