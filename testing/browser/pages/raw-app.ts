import type { App, Item } from './app.ts';

export function open(indexedDB: IDBFactory, name = 'shop'): Promise<App> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('items', { keyPath: 'id' }).createIndex('name', 'name');
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(appOn(request.result));
  });
}

export function appOn(db: IDBDatabase): App {
  /** @param work may set what is answered once the transaction is complete */
  function write<T = void>(work: (store: IDBObjectStore, answer: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      let answer: T | undefined;
      const transaction = db.transaction('items', 'readwrite');
      transaction.oncomplete = () => resolve(answer as T);
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore('items'), (value) => {
        answer = value;
      });
    });
  }

  const at = (id: string, work: (cursor: IDBCursorWithValue) => void) =>
    write<Item | undefined>((store, answer) => {
      store.openCursor(id).onsuccess = (event) => {
        const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result;
        if (cursor === null) return;
        answer(structuredClone(cursor.value as Item));
        work(cursor);
      };
    });

  const modify = (id: string, change: (item: Item) => void) =>
    at(id, (cursor) => {
      const item = cursor.value as Item;
      change(item);
      cursor.update(item);
    });

  return {
    put: (item) =>
      write((store) => {
        store.put(item);
      }),
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
    remove: (id) =>
      at(id, (cursor) => {
        cursor.delete();
      }),
    all: () =>
      new Promise((resolve, reject) => {
        const request = db.transaction('items').objectStore('items').getAll();
        request.onsuccess = () => resolve(request.result as Item[]);
        request.onerror = () => reject(request.error);
      }),
  };
}
