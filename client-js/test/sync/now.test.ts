import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SyncError, watersmeet } from '../../src/index.ts';
import { behaviour, factory, failing, feedsOpened, openTab, pushed, server, setUp, tearDown } from './clients.ts';
import { eventually } from './stub-server.ts';

beforeEach(setUp);
afterEach(tearDown);

describe('an exchange that is waited for', () => {
  it('is over when what was written is confirmed, and what the server has is here', async () => {
    const { sync, put, all } = await openTab();
    await sync.now();
    behaviour.names = [{ b: 'from afar' }];
    await put({ id: 'a', name: 'mine' });
    await sync.now();
    expect(pushed).toEqual(['a']);
    expect(await sync.pending.list()).toEqual([]);
    expect(await all()).toEqual([
      { id: 'a', name: 'mine' },
      { id: 'b', name: 'from afar' },
    ]);
  });

  it('is asked for in a tab that does not lead, and done by the one that does', async () => {
    const first = await openTab();
    await feedsOpened(1);
    await openTab();
    await feedsOpened(2); // the second one leads from now on: there are no locks here
    behaviour.names = [{ b: 'from afar' }];
    await first.put({ id: 'a', name: 'mine' });
    await first.sync.now();
    expect(new Set(pushed)).toEqual(new Set(['a'])); // twice, if it was on its way as the lead changed
    expect((await first.all()).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('goes on with the next tab when the one that leads is closed', async () => {
    const first = await openTab({ connect: false });
    const second = await openTab({ connect: false });
    second.sync.connect();
    await first.put({ id: 'a', name: 'mine' });
    const done = first.sync.now();
    await second.sync.close();
    await openTab();
    await done;
    expect(pushed).toContain('a');
  });

  it('fails in all tabs while the one whose turn it is has no storage to begin with, and is done once it has', async () => {
    const before = await openTab();
    await before.sync.now();
    await before.sync.close();
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const tabs = [await openTab(), await openTab()] as const;
    for (const { sync } of tabs) await expect(sync.now()).rejects.toEqual(failing('quota'));
    await eventually(() => expect(tabs[0].sync.status.value.problem?.code).toBe('quota'));
    vi.restoreAllMocks();
    await eventually(() => expect(tabs[1].sync.status.value.problem).toBeUndefined());
    await eventually(() => tabs[0].sync.now());
  });

  it('fails with what it cannot do', async () => {
    const unopened = watersmeet({ url: server.url, space: 'shop-7', token: () => 'token', indexedDB: factory });
    await expect(unopened.now()).rejects.toEqual(failing('not-open'));
    await unopened.close();

    const { sync, put } = await openTab({ connect: false });
    await expect(sync.now()).rejects.toEqual(failing('disconnected'));
    behaviour.problem = {
      status: 401,
      json: { code: 'unauthenticated', retry: 'token', detail: 'the token is not known' },
    };
    sync.connect();
    await expect(sync.now()).rejects.toEqual(failing('unauthenticated'));
    await expect(sync.now()).rejects.toBeInstanceOf(SyncError);

    delete behaviour.problem;
    behaviour.refuses = ['a'];
    await put({ id: 'a', name: 'mine' });
    await expect(sync.now()).rejects.toEqual(failing('refused'));
    await server.close();
    await expect(sync.now()).rejects.toEqual(failing('unreachable'));
    await sync.close();
    await expect(sync.now()).rejects.toEqual(failing('closed'));
  });

  it('is given up by a signal, and when the client is closed', async () => {
    let asked = false;
    const { sync } = await openTab({
      token: () => {
        asked = true;
        return new Promise<string>(() => {});
      },
    });
    const giving = new AbortController();
    const given = sync.now({ signal: giving.signal });
    const closed = sync.now();
    await eventually(() => expect(asked).toBe(true));
    giving.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    const ending = sync.close();
    await expect(closed).rejects.toEqual(failing('closed'));
    await ending;
  });

  it('leaves nothing on the signal that it is given', async () => {
    const { sync } = await openTab();
    const { signal } = new AbortController();
    const listened = vi.spyOn(signal, 'addEventListener');
    const ended = vi.spyOn(signal, 'removeEventListener');
    await sync.now({ signal });
    expect(listened.mock.calls.length).toBeGreaterThan(0);
    expect(ended.mock.calls).toEqual(listened.mock.calls);
  });
});

describe('a token', () => {
  it.each([
    ['cannot be fetched', new TypeError('Failed to fetch')],
    ['takes too long to fetch', new DOMException('signal timed out', 'TimeoutError')],
  ])('that %s leaves the client offline until it can be had', async (_, error) => {
    let away = true;
    const { sync } = await openTab({ token: () => (away ? Promise.reject(error) : 'token') });
    await expect(sync.now()).rejects.toEqual(failing('unreachable'));
    expect(sync.status.value).toMatchObject({ phase: 'offline' });
    expect(sync.status.value.problem).toBeUndefined();
    away = false;
    await sync.now();
  });

  it('that the application cannot give is told with a code of its own, and asked for again', async () => {
    let signedIn = false;
    const { sync } = await openTab({
      token: () => {
        if (!signedIn) throw new Error('nobody is signed in');
        return 'token';
      },
    });
    await expect(sync.now()).rejects.toEqual(failing('token'));
    expect(sync.status.value).toMatchObject({
      phase: 'failed',
      problem: { code: 'token', detail: 'token() has failed: Error: nobody is signed in' },
    });
    signedIn = true;
    await eventually(() => expect(server.feeds.length).toBeGreaterThan(0));
    await sync.now();
    expect(sync.status.value.problem).toBeUndefined();
  });
});
