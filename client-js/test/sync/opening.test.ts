import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, expect, it } from 'vitest';
import type { Watersmeet } from '../../src/index.ts';
import { watersmeet } from '../../src/index.ts';

const clients: Watersmeet[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

function opened(factory: IDBFactory, version: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open('shop', version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

it('a database that cannot be opened is told in the status, until one can', async () => {
  const sync = watersmeet({
    url: 'http://127.0.0.1:9',
    space: 'shop-7',
    token: () => 'token',
    connect: false,
    indexedDB: new IDBFactory(),
  });
  clients.push(sync);
  (await opened(sync.indexedDB, 2)).close();
  await expect(opened(sync.indexedDB, 1)).rejects.toThrow();
  expect(sync.status.value).toMatchObject({
    phase: 'failed',
    problem: { code: 'database', detail: expect.stringMatching(/^the database shop cannot be opened: .*version/) },
  });
  await opened(sync.indexedDB, 2);
  expect(sync.status.value.problem).toBeUndefined();
});
