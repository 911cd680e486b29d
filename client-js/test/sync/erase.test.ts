import 'fake-indexeddb/auto';
import { IDBObjectStore as FDBObjectStore, IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Watersmeet, type WatersmeetOptions, watersmeet } from '../../src/index.ts';
import { ERASED } from '../../src/sync/database/rows.ts';
import { eventually, type Stub, startStub } from './stub-server.ts';

let server: Stub;
let native: IDBFactory;
let refuses: string[];
const clients: Watersmeet[] = [];

beforeEach(async () => {
  native = new IDBFactory();
  refuses = [];
  server = await startStub(({ path, body }) => {
    const head = { protocol: 1, time: Date.now() };
    if (path.endsWith('/snapshot')) {
      return { json: { ...head, documents: [], position: null, cursor: 'c0', total: 0, last: null } };
    }
    if (!path.endsWith('/sync')) return 'feed';
    const { pull, push } = body as { pull: boolean; push?: { number: number; nonce: string } };
    const rejected = refuses.map((id) => ({ collection: 'items', id, code: 'forbidden', detail: 'not yours' }));
    return {
      json: {
        ...head,
        ...(push && { push: { number: push.number, nonce: push.nonce, rejected } }),
        ...(pull && { changes: { documents: [], cursor: 'c1', more: false } }),
      },
    };
  });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.close();
});

interface Tab {
  readonly sync: Watersmeet;
  readonly database: IDBDatabase;
}

async function openTab(options: Partial<WatersmeetOptions> = {}) {
  const sync = watersmeet({ url: server.url, space: 'shop-7', token: () => 'token', indexedDB: native, ...options });
  clients.push(sync);
  return { sync, database: await open(sync) };
}

function open(sync: Watersmeet): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = sync.indexedDB.open('shop', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('items', { keyPath: 'id' });
      request.result.createObjectStore('drafts', { autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function put({ database }: Pick<Tab, 'database'>, record: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction('items', 'readwrite');
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.objectStore('items').put(record);
  });
}

function all(database: IDBDatabase): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const request = database.transaction('items').objectStore('items').getAll();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** A feed that has told something is live. */
const live = ({ sync }: Tab) =>
  eventually(() => {
    server.feeds.at(-1)?.event('changes', { documents: [], cursor: 'c1', more: false });
    expect(sync.status.value).toMatchObject({ phase: 'live' });
  });
const sent = () =>
  eventually(() => expect(server.asked.some(({ body }) => (body as { push?: object })?.push)).toBe(true));
const problem = ({ sync }: Tab, code: string) =>
  eventually(() => expect(sync.status.value).toMatchObject({ phase: 'failed', problem: { code } }));

describe('a database of somebody else', () => {
  it.each([
    ['other-user', { user: 'bob' }],
    ['other-space', { user: 'ada', space: 'shop-8' }],
  ])('is neither sent nor read (%s)', async (code, other) => {
    const ada = await openTab({ user: 'ada', connect: false });
    await put(ada, { id: 'a', name: "ada's" });
    await eventually(() => expect(ada.sync.status.value.pending).toBe(1));
    await ada.sync.close();
    ada.database.close();

    const bob = await openTab(other);
    await problem(bob, code);
    await expect(bob.sync.now()).rejects.toMatchObject({ code });
    expect(server.asked).toEqual([]);
    await expect(bob.sync.erase()).rejects.toMatchObject({ code: 'unsent' });
    await bob.sync.erase({ unsent: 'wipe' });
    const database = await open(bob.sync);
    expect(await all(database)).toEqual([]);
    await live({ sync: bob.sync, database });
  });

  it('takes no edits and hears nothing while a tab of the other one is open, which sends and hears nothing of them', async () => {
    const ada = await openTab({ user: 'ada', token: () => 'of-ada' });
    await live(ada);
    const bob = await openTab({ user: 'bob', token: () => 'of-bob' });
    const early = put(bob, { id: 'early', name: "bob's" }); // before anybody can know
    await expect(early).rejects.toBeNull(); // aborted, by no failed request
    bob.sync.status.subscribe(({ phase }) => expect(phase).not.toBe('live'));
    await problem(bob, 'other-user');
    await expect(put(bob, { id: 'late', name: "bob's" })).rejects.toMatchObject({ code: 'other-user' });
    bob.sync.disconnect();

    await put(ada, { id: 'a', name: "ada's" });
    await ada.sync.now();
    expect(ada.sync.status.value).toMatchObject({ phase: 'live', pending: 0 });
    expect(bob.sync.status.value).toMatchObject({ phase: 'failed', problem: { code: 'other-user' } });
    expect(await all(ada.database)).toMatchObject([{ id: 'a', name: "ada's" }]);
    const pushed = server.asked.flatMap(
      ({ body }) => (body as { push?: { documents: { id: string }[] } })?.push?.documents ?? [],
    );
    expect(pushed.map(({ id }) => id)).toEqual(['a']);
    expect(new Set(server.asked.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer of-ada']));
  });

  it('is nobody else’s where no user was named before', async () => {
    const anybody = await openTab({ connect: false });
    await put(anybody, { id: 'a', name: 'not sent' });
    await eventually(() => expect(anybody.sync.status.value.pending).toBe(1));
    await anybody.sync.close();
    anybody.database.close();
    const ada = await openTab({ user: 'ada' });
    await live(ada);
    await sent();
    await ada.sync.close();
    ada.database.close();
    await problem(await openTab({ user: 'bob' }), 'other-user');
  });
});

describe('erasing', () => {
  it('is refused while something is not sent, which can be exported, and wipes it on demand', async () => {
    const tab = await openTab({ connect: false });
    await put(tab, { id: 'a', name: 'not sent' });
    await expect(tab.sync.erase()).rejects.toMatchObject({
      code: 'unsent',
      message: expect.stringMatching(/^1 edits/),
    });
    expect(await all(tab.database)).toHaveLength(1);
    const { format, space, edits } = await tab.sync.pending.export();
    expect([format, space]).toEqual(['watersmeet-pending', 'shop-7']);
    expect(edits).toMatchObject([{ collection: 'items', id: 'a', record: { name: 'not sent' } }]);
    expect(Object.keys(edits[0]?.cells ?? {})).toContain('["r","name"]');

    await tab.sync.erase({ unsent: 'wipe' });
    expect(await native.databases()).toEqual([]);
    await problem(tab, 'erased');
  });

  it('is refused while a refused edit is kept', async () => {
    refuses = ['a'];
    const tab = await openTab();
    await put(tab, { id: 'a', name: 'refused' });
    await eventually(() => expect(tab.sync.status.value).toMatchObject({ pending: 0, rejected: 1 }));
    await expect(tab.sync.erase()).rejects.toMatchObject({ code: 'unsent' });
  });

  it('is refused while a record cannot travel, also one whose edits have waited before, and while a store that is not tracked now has edits', async () => {
    const tab = await openTab({ connect: false });
    await put(tab, { id: 'a', name: 'not sent' });
    await eventually(() => expect(tab.sync.status.value.pending).toBe(1));
    const cyclic: Record<string, unknown> = { id: 'a', name: 'not sent either' };
    cyclic['self'] = cyclic;
    await put(tab, cyclic);
    await put(tab, { ...cyclic, id: 'b' });
    await eventually(() => expect(tab.sync.status.value.pending).toBe(0));
    await expect(tab.sync.erase()).rejects.toMatchObject({
      code: 'unsent',
      message: expect.stringMatching(/^2 edits/),
    });

    await put(tab, { id: 'a', name: 'travels again' });
    await put(tab, { id: 'b', name: 'travels now' });
    await eventually(() => expect(tab.sync.status.value.pending).toBe(2));
    await tab.sync.close();
    tab.database.close();
    const without = await openTab({ connect: false, stores: ['drafts'] });
    await expect(without.sync.erase()).rejects.toMatchObject({
      code: 'unsent',
      message: expect.stringMatching(/^2 edits/),
    });
    expect(await all(without.database)).toHaveLength(2);
    await without.sync.erase({ unsent: 'wipe' });
    expect(await native.databases()).toEqual([]);
  });

  it('closes the database in all tabs, leaves nothing, and lets it begin anew', async () => {
    const other = await openTab();
    const tab = await openTab();
    await live(tab);
    await put(tab, { id: 'a', name: 'sent' });
    await tab.sync.now();
    await tab.sync.erase();
    expect(await native.databases()).toEqual([]);
    await problem(other, 'erased');
    expect(() => other.database.transaction('items')).toThrow();

    const database = await open(tab.sync);
    expect(await all(database)).toEqual([]);
    await live({ sync: tab.sync, database });
    const pushes = server.asked.map(({ body }) => (body as { push?: { documents: unknown[] } })?.push).filter(Boolean);
    expect(pushes).toHaveLength(1); // nothing of it is deleted on the server
    const replicas = new Set(server.asked.map(({ body }) => (body as { replica?: string })?.replica).filter(Boolean));
    expect(replicas.size).toBe(2);
  });

  it('takes no write with it that this tab begins while it goes on: it is aborted', async () => {
    const tab = await openTab();
    await live(tab);
    let late: Promise<unknown> | undefined;
    const original = FDBObjectStore.prototype.put as IDBObjectStore['put'];
    const spy = vi.spyOn(FDBObjectStore.prototype as IDBObjectStore, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...given
    ) {
      if (given[1] === ERASED) late ??= put(tab, { id: 'late' }).catch((error: unknown) => error);
      return original.apply(this, given);
    });
    await tab.sync.erase();
    spy.mockRestore();
    expect(await late).toBeNull(); // aborted, by no failed request
    expect(() => tab.database.transaction('items', 'readwrite')).toThrow();
    expect(await native.databases()).toEqual([]);
  });

  it('in several tabs at once is done for each of them', async () => {
    const tabs = [await openTab(), await openTab(), await openTab()] as const;
    await live(tabs[2]);
    await put(tabs[2], { id: 'a' });
    await tabs[0].sync.now();
    await Promise.all(tabs.map(({ sync }) => sync.erase()));
    expect(await native.databases()).toEqual([]);
    for (const tab of tabs) await problem(tab, 'erased');
  });

  it('that was interrupted is finished by the next one who opens the database, and leaves nothing behind', async () => {
    const tab = await openTab({ user: 'ada' });
    await live(tab);
    const goes = new Proxy(native, {
      get: (target, name) => (name === 'deleteDatabase' ? () => ({}) : Reflect.get(target, name).bind(target)), // the page is left before that
    });
    const leaving = await openTab({ user: 'ada', indexedDB: goes });
    void leaving.sync.erase();
    await problem(leaving, 'erased');
    await problem(tab, 'erased');
    const replicas = () =>
      new Set(server.asked.map(({ body }) => (body as { replica?: string })?.replica).filter(Boolean));
    expect(replicas().size).toBe(1);

    const bob = await openTab({ user: 'bob' });
    await live(bob);
    expect(replicas().size).toBe(2);
    await put(bob, { id: 'b', name: "bob's" });
    await bob.sync.now();
    expect(await all(bob.database)).toHaveLength(1);
  });

  it('needs a database that is open', async () => {
    const tab = await openTab();
    tab.database.close();
    await expect(tab.sync.erase()).rejects.toMatchObject({ code: 'not-open' });
  });
});
