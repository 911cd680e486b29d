import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conflict } from '../../src/index.ts';
import { behaviour, openTab, setUp, type Tab, tearDown } from './clients.ts';
import { eventually } from './stub-server.ts';

beforeEach(setUp);
afterEach(tearDown);

describe('what is pending', () => {
  it('is listed with its age, and told to all tabs as it changes', async () => {
    const { sync, put } = await openTab({ connect: false });
    const other = await openTab({ connect: false });
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
    const { sync } = await openTab({ connect: false });
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

describe('conflicts', () => {
  async function meet({ sync, put }: Tab, id: string): Promise<void> {
    sync.disconnect();
    await put({ id, name: 'mine' });
    behaviour.names = [{ [id]: 'theirs' }];
    sync.connect();
    await sync.now();
  }

  it('are kept, the newest first, told with their numbers, and dismissed', async () => {
    const tab = await openTab();
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

    const again = await openTab();
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
    const tab = await openTab({ keepConflicts: 2 });
    for (const id of ['a', 'b', 'c']) await meet(tab, id);
    expect((await tab.sync.conflicts.list()).map(({ id }) => id)).toEqual(['c', 'b']);
  });
});
