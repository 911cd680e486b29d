import { IDBObjectStore as FDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { behaviour, failing, feedsOpened, type Item, openTab, pushed, setUp, tearDown } from './clients.ts';
import { eventually } from './stub-server.ts';

beforeEach(setUp);
afterEach(tearDown);

describe('a client that is closed', () => {
  it('ends iterations, tells nothing more, and says so to whoever calls', async () => {
    const { sync, put } = await openTab({ connect: false });
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
    const next = await openTab();
    await next.sync.now();
    expect(pushed).toEqual(['a']);
  });
});

describe('changes', () => {
  it('say whether this tab wrote, another one, or somebody else', async () => {
    const first = await openTab({ connect: false });
    const second = await openTab({ connect: false });
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
    const other = await openTab();
    await feedsOpened(1);
    const leader = await openTab();
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
