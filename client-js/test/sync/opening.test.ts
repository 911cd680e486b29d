import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, expect, it, vi } from 'vitest';
import type { Watersmeet } from '../../src/index.ts';
import { watersmeet } from '../../src/index.ts';

const clients: Watersmeet[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  vi.unstubAllGlobals();
});

function start(persist?: boolean): Watersmeet {
  const sync = watersmeet({
    url: 'http://127.0.0.1:9',
    space: 'shop-7',
    token: () => 'token',
    connect: false,
    indexedDB: new IDBFactory(),
    ...(persist !== undefined && { persist }),
  });
  clients.push(sync);
  return sync;
}

function opened(factory: IDBFactory, version: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open('shop', version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

it('a database that cannot be opened is told in the status, until one can', async () => {
  const sync = start();
  (await opened(sync.indexedDB, 2)).close();
  await expect(opened(sync.indexedDB, 1)).rejects.toThrow();
  expect(sync.status.value).toMatchObject({
    phase: 'failed',
    problem: { code: 'database', detail: expect.stringMatching(/^the database shop cannot be opened: .*version/) },
  });
  await opened(sync.indexedDB, 2);
  expect(sync.status.value.problem).toBeUndefined();
});

it.each([true, false])(
  'the browser is asked to keep the data where that is wanted, and its answer shown: %s',
  async (answer) => {
    const persist = vi.fn(async () => answer);
    vi.stubGlobal('navigator', { storage: { persist } });
    const silent = start();
    await opened(silent.indexedDB, 1);
    expect(persist).not.toHaveBeenCalled();
    const sync = start(true);
    await opened(sync.indexedDB, 1);
    await vi.waitFor(() => expect(sync.status.value.persisted).toBe(answer));
    expect(silent.status.value).not.toHaveProperty('persisted');
  },
);
