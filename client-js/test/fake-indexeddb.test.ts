import { IDBFactory } from 'fake-indexeddb';
import { expect, it } from 'vitest';

it('starts a transaction that waits for one whose abort nobody is told of', async () => {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = new IDBFactory().open('queue', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('rows');
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  db.addEventListener('abort', (event) => event.stopImmediatePropagation(), true);

  const first = db.transaction('rows', 'readwrite');
  first.objectStore('rows').put('first', 1);
  const second = db.transaction('rows', 'readwrite');
  second.objectStore('rows').put('second', 1);
  const complete = new Promise((resolve) => second.addEventListener('complete', resolve));
  await new Promise<void>((resolve) => {
    first.objectStore('rows').get(1).onsuccess = () => {
      first.abort();
      resolve();
    };
  });
  await complete;

  const read = db.transaction('rows').objectStore('rows').get(1);
  await new Promise((resolve) => read.addEventListener('success', resolve));
  expect(read.result).toBe('second');
});
