import 'fake-indexeddb/auto';
import { IDBObjectStore as FDBObjectStore, IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Conflict, SyncError, type Watersmeet, type WatersmeetOptions, watersmeet } from '../../src/index.ts';
import { makeStamp } from '../../src/model/index.ts';
import { type Answer, type Asked, eventually, type Stub, startStub } from './stub-server.ts';

const OTHER = '0000000000B0B';

interface Item {
  id: string;
  name: string;
  price?: number;
  shelf?: string;
}

/** What the server under test says to what it is asked. */
interface Behaviour {
  /** Names that others give, each told with one pull. */
  names: Record<string, string>[];
  /** The documents whose pushes are refused. */
  refuses: string[];
  problem?: Answer;
}

let server: Stub;
let behaviour: Behaviour;
let factory: IDBFactory;
let pushed: string[];
const clients: Watersmeet[] = [];

beforeEach(async () => {
  behaviour = { names: [], refuses: [] };
  factory = new IDBFactory();
  pushed = [];
  let cursor = 0;
  server = await startStub(({ path, body }: Asked): Answer => {
    if (behaviour.problem !== undefined) return behaviour.problem;
    const head = { protocol: 1, time: Date.now() };
    if (path.endsWith('/snapshot')) {
      return { json: { ...head, documents: [], position: null, cursor: 'c0', total: 0, last: null } };
    }
    if (!path.endsWith('/sync')) return 'feed';
    const { pull, push } = body as {
      pull: boolean;
      push?: { number: number; nonce: string; documents: { collection: string; id: string }[] };
    };
    const documents = push?.documents ?? [];
    pushed.push(...documents.map(({ id }) => id));
    const rejected = documents
      .filter(({ id }) => behaviour.refuses.includes(id))
      .map(({ collection, id }) => ({ collection, id, code: 'forbidden', detail: `nobody changes ${id}` }));
    const changes = () => {
      const given = Object.entries(behaviour.names.shift() ?? {});
      return { documents: given.map(([id, name]) => named(id, name)), cursor: `c${++cursor}`, more: false };
    };
    return {
      json: {
        ...head,
        ...(push && { push: { number: push.number, nonce: push.nonce, rejected } }),
        ...(pull && { changes: changes() }),
      },
    };
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.close();
});

function named(id: string, name: string) {
  const stamp = makeStamp(Date.now() + 1000, 0, OTHER);
  const cells = [
    [['e', OTHER], stamp, 0],
    [['r', 'name'], stamp, 0, name],
  ];
  return { collection: 'items', id, cells };
}

interface Tab {
  readonly sync: Watersmeet<{ items: Item }>;
  put(item: Item): Promise<void>;
  remove(id: string): Promise<void>;
  all(): Promise<Item[]>;
}

async function open(options: Partial<WatersmeetOptions> = {}): Promise<Tab> {
  const sync = watersmeet<{ items: Item }>({
    url: server.url,
    space: 'shop-7',
    token: () => 'token',
    indexedDB: factory,
    ...(options as object),
  });
  clients.push(sync);
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = sync.indexedDB.open('shop', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('items', { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const write = (work: (store: IDBObjectStore) => void) =>
    new Promise<void>((resolve, reject) => {
      const transaction = database.transaction('items', 'readwrite');
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore('items'));
    });
  return {
    sync,
    put: (item) => write((store) => store.put(item)),
    remove: (id) => write((store) => store.delete(id)),
    all: () =>
      new Promise((resolve) => {
        const request = database.transaction('items').objectStore('items').getAll();
        request.onsuccess = () => resolve(structuredClone(request.result)); // without the marks of the read
      }),
  };
}

const feedsOpened = (number: number) => eventually(() => expect(server.feeds.length).toBe(number));

const failing = (code: string) => expect.objectContaining({ name: 'SyncError', code });

describe('an exchange that is waited for', () => {
  it('is over when what was written is confirmed, and what the server has is here', async () => {
    const { sync, put, all } = await open();
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
    const first = await open();
    await feedsOpened(1);
    await open();
    await feedsOpened(2); // the second one leads from now on: there are no locks here
    behaviour.names = [{ b: 'from afar' }];
    await first.put({ id: 'a', name: 'mine' });
    await first.sync.now();
    expect(new Set(pushed)).toEqual(new Set(['a'])); // twice, if it was on its way as the lead changed
    expect((await first.all()).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('goes on with the next tab when the one that leads is closed', async () => {
    const first = await open({ connect: false });
    const second = await open({ connect: false });
    second.sync.connect();
    await first.put({ id: 'a', name: 'mine' });
    const done = first.sync.now();
    await second.sync.close();
    await open();
    await done;
    expect(pushed).toContain('a');
  });

  it('fails in all tabs while the one whose turn it is has no storage to begin with, and is done once it has', async () => {
    const before = await open();
    await before.sync.now();
    await before.sync.close();
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const tabs = [await open(), await open()] as const;
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

    const { sync, put } = await open({ connect: false });
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
    const { sync } = await open({
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
    const { sync } = await open();
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
    const { sync } = await open({ token: () => (away ? Promise.reject(error) : 'token') });
    await expect(sync.now()).rejects.toEqual(failing('unreachable'));
    expect(sync.status.value).toMatchObject({ phase: 'offline' });
    expect(sync.status.value.problem).toBeUndefined();
    away = false;
    await sync.now();
  });

  it('that the application cannot give is told with a code of its own, and asked for again', async () => {
    let signedIn = false;
    const { sync } = await open({
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

describe('what is pending', () => {
  it('is listed with its age, and told to all tabs as it changes', async () => {
    const { sync, put } = await open({ connect: false });
    const other = await open({ connect: false });
    const seen: string[] = [];
    sync.pending.watch((items) => seen.push(items.map(({ key }) => key).join()));
    const before = Date.now();
    await put({ id: 'b', name: 'first' });
    await eventually(() => expect(seen.at(-1)).toBe('b'));
    await other.put({ id: 'a', name: 'second' });
    await eventually(() => expect(seen.at(-1)).toBe('b,a'));
    const [oldest, newest] = await sync.pending.list();
    expect(oldest).toMatchObject({ collection: 'items', key: 'b' });
    expect(oldest?.since).toBeGreaterThanOrEqual(before);
    expect(newest?.since).toBeGreaterThanOrEqual(oldest?.since as number);
    sync.connect();
    await sync.now();
    await eventually(() => expect(seen.at(-1)).toBe(''));
  });

  it('is listed up to a thousand documents, packed ones too', async () => {
    const { sync } = await open({ connect: false });
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = sync.indexedDB.open('shop');
      request.onsuccess = () => resolve(request.result);
    });
    await new Promise<void>((resolve) => {
      const transaction = database.transaction('items', 'readwrite');
      transaction.oncomplete = () => resolve();
      for (let i = 0; i < 1100; i++) transaction.objectStore('items').put({ id: `i${i}`, name: 'x' });
    });
    await eventually(() => expect(sync.status.value.pending).toBe(1100));
    expect(await sync.pending.list()).toHaveLength(1000);
  });
});

describe('a refused edit', () => {
  /** An item as all know it, and a refused edit of its name. */
  async function refused(): Promise<Tab> {
    const tab = await open();
    await tab.put({ id: 'a', name: 'box', price: 1 });
    await tab.sync.now();
    behaviour.refuses = ['a'];
    await tab.put({ id: 'a', name: 'crate', price: 1 });
    await expect(tab.sync.now()).rejects.toEqual(failing('refused'));
    expect(await tab.all()).toEqual([{ id: 'a', name: 'box', price: 1 }]);
    return tab;
  }

  it('is kept, with the record and its key, until the page is loaded again and longer', async () => {
    const { sync } = await refused();
    await sync.close();
    const again = await open();
    expect(await again.sync.deadLetters.list()).toEqual([
      {
        id: expect.any(String),
        collection: 'items',
        key: 'a',
        code: 'forbidden',
        detail: 'nobody changes a',
        at: expect.any(Number),
        record: { id: 'a', name: 'crate', price: 1 },
      },
    ]);
  });

  it('is listed no more once it is discarded, also where synchronisation has stopped', async () => {
    const { sync } = await refused();
    await sync.close();
    const stopped = await open({ space: 'another' });
    await eventually(() => expect(stopped.sync.status.value.problem?.code).toBe('other-space'));
    const told: number[] = [];
    stopped.sync.deadLetters.watch((letters) => told.push(letters.length));
    await eventually(() => expect(told).toEqual([1]));
    const [letter] = await stopped.sync.deadLetters.list();
    if (letter !== undefined) await stopped.sync.deadLetters.discard(letter);
    await eventually(() => expect(told).toEqual([1, 0]));
  });

  it('is made again against what stands now', async () => {
    const { sync, put, all } = await refused();
    behaviour.refuses = [];
    await put({ id: 'a', name: 'box', price: 2, shelf: 'B2' });
    await sync.now();
    const [letter] = await sync.deadLetters.list();
    if (letter === undefined) throw new Error('there is no letter');
    await sync.deadLetters.retry(letter);
    expect(await all()).toEqual([{ id: 'a', name: 'crate', price: 2, shelf: 'B2' }]);
    expect(await sync.deadLetters.list()).toEqual([]);
    await sync.now();
    expect(pushed).toEqual(['a', 'a', 'a', 'a']);
    expect(await sync.pending.list()).toEqual([]);
    await expect(sync.deadLetters.retry(letter)).rejects.toEqual(failing('gone'));
  });

  it('is made again in a tab that does not lead, and refused again into another letter', async () => {
    const first = await refused();
    await open();
    const [letter] = await first.sync.deadLetters.list();
    if (letter === undefined) throw new Error('there is no letter');
    await first.sync.deadLetters.retry(letter);
    await first.sync.now().catch(() => {}); // it may have been refused before that was asked
    const [another] = await first.sync.deadLetters.list();
    expect(another).toMatchObject({ key: 'a', record: { name: 'crate' } });
    expect(another?.id).not.toBe(letter.id);
  });

  it('that was a deletion is one again', async () => {
    const { sync, put, remove, all } = await open();
    await put({ id: 'a', name: 'box' });
    await sync.now();
    behaviour.refuses = ['a'];
    await remove('a');
    await expect(sync.now()).rejects.toEqual(failing('refused'));
    expect(await all()).toEqual([{ id: 'a', name: 'box' }]);
    const [letter] = await sync.deadLetters.list();
    expect(letter).toMatchObject({ key: 'a', record: undefined });
    behaviour.refuses = [];
    if (letter !== undefined) await sync.deadLetters.retry(letter);
    expect(await all()).toEqual([]);
  });

  it('is exported as plain JSON, and discarded', async () => {
    const { sync } = await refused();
    const told: number[] = [];
    sync.deadLetters.watch((letters) => told.push(letters.length));
    const exported = await sync.deadLetters.export();
    expect(JSON.parse(JSON.stringify(exported))).toEqual(exported);
    expect(exported).toMatchObject({
      format: 'watersmeet-dead-letters',
      space: 'shop-7',
      letters: [{ collection: 'items', id: 'a', code: 'forbidden', record: { name: 'crate', price: 1 } }],
    });
    expect(Object.keys(exported.letters[0]?.cells ?? {})).toContain('["r","name"]');
    const [letter] = await sync.deadLetters.list();
    if (letter !== undefined) await sync.deadLetters.discard(letter);
    await eventually(() => expect(told.at(-1)).toBe(0));
    await eventually(() => expect(sync.status.value.rejected).toBe(0));
  });
});

describe('conflicts', () => {
  async function meet({ sync, put }: Tab, id: string): Promise<void> {
    sync.disconnect();
    await put({ id, name: 'mine' });
    behaviour.names = [{ [id]: 'theirs' }];
    sync.connect();
    await sync.now();
  }

  it('are kept, the newest first, told with their numbers, and dismissed', async () => {
    const tab = await open();
    const { sync } = tab;
    const told: Conflict[] = [];
    sync.conflicts.subscribe((conflict) => told.push(conflict));
    await meet(tab, 'a');
    await meet(tab, 'b');
    expect(told).toMatchObject([
      { id: 'a', number: 1 },
      { id: 'b', number: 2 },
    ]);
    const kept = await sync.conflicts.list();
    expect(kept).toEqual([...told].reverse());
    await sync.close();

    const again = await open();
    expect(await again.sync.conflicts.list()).toEqual(kept);
    const seen: number[] = [];
    again.sync.conflicts.watch((conflicts) => seen.push(conflicts.length));
    await again.sync.conflicts.dismiss(kept[0] as (typeof kept)[0]);
    await eventually(() => expect(seen.at(-1)).toBe(1));
    await again.sync.conflicts.dismissAll();
    await eventually(() => expect(seen.at(-1)).toBe(0));
    await meet(again, 'c');
    expect(await again.sync.conflicts.list()).toMatchObject([{ id: 'c', number: 3 }]);
  });

  it('are kept up to a number', async () => {
    const tab = await open({ keepConflicts: 2 });
    for (const id of ['a', 'b', 'c']) await meet(tab, id);
    expect((await tab.sync.conflicts.list()).map(({ id }) => id)).toEqual(['c', 'b']);
  });
});

describe('a client that is closed', () => {
  it('ends iterations, tells nothing more, and says so to whoever calls', async () => {
    const { sync, put } = await open({ connect: false });
    const phases = (async () => {
      const seen: string[] = [];
      for await (const { phase } of sync.status) seen.push(phase);
      return seen;
    })();
    const changes = (async () => {
      for await (const _ of sync.changes) throw new Error('nothing has changed');
    })();
    await sync.close();
    await sync.close();
    expect((await phases).at(-1)).toBe('offline');
    await changes;
    expect(() => sync.connect()).toThrow(failing('closed'));
    await expect(sync.pending.list()).rejects.toEqual(failing('closed'));
    await expect(sync.deadLetters.export()).rejects.toEqual(failing('closed'));
    await expect(sync.conflicts.dismissAll()).rejects.toEqual(failing('closed'));
    await expect(sync.inspect('items', 'a')).rejects.toEqual(failing('closed'));
    const told: string[] = [];
    sync.status.subscribe(({ phase }) => told.push(phase));
    expect(told).toEqual(['offline']);

    await put({ id: 'a', name: 'written later' });
    const next = await open();
    await next.sync.now();
    expect(pushed).toEqual(['a']);
  });
});

describe('changes', () => {
  it('say whether this tab wrote, another one, or somebody else', async () => {
    const first = await open({ connect: false });
    const second = await open({ connect: false });
    const told = [first, second].map(({ sync }) => {
      const origins: string[] = [];
      sync.changes.subscribe(({ ids, origin }) => origins.push(`${ids}: ${origin}`));
      return origins;
    });
    await first.put({ id: 'a', name: 'mine' });
    await eventually(() => expect(told).toEqual([['a: local'], ['a: other tab']]));
    await second.put({ id: 'b', name: 'mine' });
    await eventually(() =>
      expect(told).toEqual([
        ['a: local', 'b: other tab'],
        ['a: other tab', 'b: local'],
      ]),
    );
    behaviour.names = [{ c: 'theirs' }];
    second.sync.connect();
    await second.sync.now();
    await eventually(() => expect(told.map((origins) => origins.at(-1))).toEqual(['c: remote', 'c: remote']));
  });

  it('are told to the other tabs also where the one that leads is closed as it applies them', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    const other = await open();
    await feedsOpened(1);
    const leader = await open();
    await feedsOpened(2); // the last one leads
    const told: string[] = [];
    other.sync.changes.subscribe(({ ids, origin }) => told.push(`${ids}: ${origin}`));
    let ending: Promise<void> | undefined;
    const original = FDBObjectStore.prototype.put as IDBObjectStore['put'];
    const put = vi.spyOn(FDBObjectStore.prototype as IDBObjectStore, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...given
    ) {
      if ((given[0] as Item).id === 'c') ending ??= leader.sync.close();
      return original.apply(this, given);
    });
    behaviour.names = [{ c: 'theirs' }];
    await leader.sync.now().catch(() => {});
    await ending;
    put.mockRestore();
    expect(ending).toBeDefined();
    expect(await other.all()).toEqual([{ id: 'c', name: 'theirs' }]);
    await eventually(() => expect(told).toEqual(['c: remote']));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
