import type { App, Item } from './app.ts';

export function open(indexedDB: IDBFactory): Promise<App> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('shop', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('items', { keyPath: 'id' }).createIndex('name', 'name');
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(appOn(request.result));
  });
}

function appOn(db: IDBDatabase): App {
  function write(work: (store: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = db.transaction('items', 'readwrite');
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore('items'));
    });
  }

  const modify = (id: string, change: (item: Item) => void) =>
    write((store) => {
      store.openCursor(id).onsuccess = (event) => {
        const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result;
        if (cursor === null) return;
        const item = cursor.value as Item;
        change(item);
        cursor.update(item);
      };
    });

  return {
    put: (item) => write((store) => store.put(item)),
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
    remove: (id) => write((store) => store.delete(id)),
    all: () =>
      new Promise((resolve, reject) => {
        const request = db.transaction('items').objectStore('items').getAll();
        request.onsuccess = () => resolve(request.result as Item[]);
        request.onerror = () => reject(request.error);
      }),
  };
}
