import { IDBFactory } from 'fake-indexeddb';
import { expect, it } from 'vitest';
import { completion, resultOf } from '../src/sync/database/transaction.ts';

it('starts a transaction that waits for one whose abort nobody is told of', async () => {
  const opening = new IDBFactory().open('queue', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('rows');
  const db = await resultOf(opening);
  db.addEventListener('abort', (event) => event.stopImmediatePropagation(), true);

  const first = db.transaction('rows', 'readwrite');
  first.objectStore('rows').put('first', 1);
  const second = db.transaction('rows', 'readwrite');
  second.objectStore('rows').put('second', 1);
  const complete = completion(second);
  await resultOf(first.objectStore('rows').get(1));
  first.abort();
  await complete;

  expect(await resultOf(db.transaction('rows').objectStore('rows').get(1))).toBe('second');
});
