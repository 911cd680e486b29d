import type { App } from './app.ts';
import { appOn } from './raw-app.ts';

/** The next version of the application: another store, and another index. (Dexie's version 1 is the browser's 10.) */
export function open(indexedDB: IDBFactory): Promise<App> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('shop', 20);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('orders', { keyPath: 'id' });
      request.transaction?.objectStore('items').createIndex('shelf', 'shelf');
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(appOn(request.result));
  });
}
