import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { behaviour, failing, openTab, pushed, setUp, type Tab, tearDown } from './clients.ts';
import { eventually } from './stub-server.ts';

beforeEach(setUp);
afterEach(tearDown);

describe('a refused edit', () => {
  /** An item as all know it, and a refused edit of its name. */
  async function refused(): Promise<Tab> {
    const tab = await openTab();
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
    const again = await openTab();
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
    const stopped = await openTab({ space: 'another' });
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
    await openTab();
    const [letter] = await first.sync.deadLetters.list();
    if (letter === undefined) throw new Error('there is no letter');
    await first.sync.deadLetters.retry(letter);
    await first.sync.now().catch(() => {}); // it may have been refused before that was asked
    const [another] = await first.sync.deadLetters.list();
    expect(another).toMatchObject({ key: 'a', record: { name: 'crate' } });
    expect(another?.id).not.toBe(letter.id);
  });

  it('that was a deletion is one again', async () => {
    const { sync, put, remove, all } = await openTab();
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
