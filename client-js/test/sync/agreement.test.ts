import { beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, open } from './harness.ts';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await open();
  await fixture.write((store) => void store.put({ id: 'a', name: 'box', tags: [], quantity: 1 }));
  await fixture.replica.drain();
});

/** Writes without leaving a note. */
function behind(work: (store: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve) => {
    const transaction = fixture.connection.transaction(['items'], 'readwrite');
    transaction.oncomplete = () => resolve();
    work(transaction.objectStore('items'));
  });
}

describe('a drain that verifies names what does not agree', () => {
  it.each([
    [
      'a field',
      (store: IDBObjectStore) => store.put({ id: 'a', name: 'crate', tags: [], quantity: 1 }),
      'items, key "a", field "name": the record holds "crate", the cells say "box"',
    ],
    [
      'a field that is missing',
      (store: IDBObjectStore) => store.put({ id: 'a', tags: [], quantity: 1 }),
      'items, key "a", field "name": the record holds nothing, the cells say "box"',
    ],
    ['a record that is gone', (store: IDBObjectStore) => store.delete('a'), 'items, key "a", there is no record'],
    [
      'a record without cells',
      (store: IDBObjectStore) => store.put({ id: 'b', name: 'new' }),
      'items, key "b", the record has no cells',
    ],
  ])('%s', async (_, work, message) => {
    await behind((store) => void work(store));
    await expect(fixture.replica.drain()).rejects.toThrow(message);
  });

  it('but not what stays local', async () => {
    await fixture.write((store) => void store.put({ id: 'a', name: 'box', tags: 'not an array', quantity: 1 }));
    await fixture.replica.drain();
    expect(fixture.local).toHaveLength(1);
  });
});
