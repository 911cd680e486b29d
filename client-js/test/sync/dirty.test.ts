import { beforeEach, describe, expect, it } from 'vitest';
import type { Collection } from '../../src/sync/collection.ts';
import { transact } from '../../src/sync/database/transaction.ts';
import { type Dirty, takeDirty } from '../../src/sync/merging/dirty.ts';
import { type Fixture, open } from './harness.ts';

const IDS = Array.from({ length: 400 }, (_, i) => `item ${String((i * 7) % 400).padStart(3, '0')}`);
const SORTED = [...IDS].sort();

let fixture: Fixture;

const put = (ids: readonly string[]) =>
  fixture.write((store) => {
    for (const id of ids) store.put({ id });
  });

function take(most: number): Promise<{ taken: Dirty[]; more: boolean }> {
  const { connection, replica } = fixture;
  const items = replica.collections.get('items') as Collection;
  return transact(connection, ['items'], replica.leadership.token, (transaction) =>
    takeDirty(transaction, items, most),
  );
}

async function takeAll(most: number): Promise<Dirty[]> {
  const { taken, more } = await take(most);
  return more ? [...taken, ...(await takeAll(most))] : taken;
}

const keysOf = (taken: readonly Dirty[]) => taken.map(({ key }) => key);

beforeEach(async () => {
  fixture = await open();
});

describe('documents that notes name', () => {
  it('are taken part by part, in the order of their keys, each once', async () => {
    await put(IDS);
    const first = await take(125);
    expect(keysOf(first.taken)).toEqual(SORTED.slice(0, 125));
    expect(keysOf((await take(250)).taken)).toEqual(SORTED.slice(125, 375));
    expect(keysOf(await takeAll(125))).toEqual(SORTED.slice(375));
    expect(await take(125)).toEqual({ taken: [], more: false });
  });

  it('are taken with the notes that came after the first part had been taken', async () => {
    await put(IDS);
    const { taken } = await take(125);
    await put([SORTED[130] as string, SORTED[0] as string]);
    const rest = await takeAll(125);
    expect(keysOf(rest).sort()).toEqual([SORTED[0], ...SORTED.slice(125)]);
    const [before, after] = [taken[0] as Dirty, rest.find(({ key }) => key === SORTED[130]) as Dirty];
    expect(after.at).not.toEqual(before.at);
  });

  it('wait for those that were named before them', async () => {
    await put(IDS.slice(0, 300));
    await take(125);
    await put(['another']);
    expect(keysOf((await take(1000)).taken)).not.toContain('another');
    expect(keysOf(await takeAll(125))).toEqual(['another']);
  });

  it('are all that have cells once a store is cleared', async () => {
    await put(IDS);
    await fixture.replica.drain();
    await fixture.write((store) => void store.clear());
    expect(keysOf(await takeAll(125))).toEqual(SORTED);
  });
});
