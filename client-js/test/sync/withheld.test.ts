import { beforeEach, describe, expect, it } from 'vitest';
import { type Cells, type Json, makeStamp, remove, type WireDocument } from '../../src/model/index.ts';
import { collectionsOf, declaredBy } from '../../src/sync/collection.ts';
import { countWithheld, readWithheld } from '../../src/sync/merging/withheld.ts';
import { settleBy } from '../../src/sync/outgoing/outbox.ts';
import type { PushMessage } from '../../src/sync/server/messages.ts';
import { type Fixture, open, pushFrom } from './harness.ts';

const OTHER = '0000000000B0B';
const NOW = 1_790_000_000_000;

let now: number;
let ada: Fixture;
let bob: Fixture;

beforeEach(async () => {
  now = NOW;
  ada = await open(() => now++, { unique: 'email' });
  bob = await open(() => now++, { unique: 'email', seed: 100 });
});

const put = (device: Fixture, record: object) => device.write((store) => store.put(record));
const shown = async (device: Fixture) =>
  ((await device.all()) as { id: string; email: string }[]).map(({ id, email }) => `${id} ${email}`);
const count = (device: Fixture) => countWithheld(device.connection, ['items']);
const listed = (device: Fixture) =>
  readWithheld(device.connection, collectionsOf(device.connection, declaredBy({ items: {} })));

const pageOf = (documents: readonly WireDocument[]) => ({
  documents: documents.map((document) => ({ ...document })),
  dropped: [],
  withdrawn: [],
  cursor: 'c1',
  more: false,
});

/** Pushes all that is pending on one device to a server that accepts it and tells the other one. */
async function deliver(from: Fixture, to: Fixture): Promise<void> {
  const push = (await pushFrom(from.replica, from.random)) as PushMessage;
  await settleBy(from.replica, { number: push.number, nonce: push.nonce, rejected: [] });
  const documents = push.documents.map(({ collection, id, cells }) => ({
    collection,
    id,
    cells: Object.fromEntries(cells.map(([path, ...cell]) => [JSON.stringify(path), cell])) as unknown as Cells,
  }));
  await to.replica.applyPage(pageOf(documents as unknown as WireDocument[]));
}

const emailed = (id: string, email: string, millis: number): WireDocument => {
  const stamp = makeStamp(millis, 0, OTHER);
  const cells: Cells = { [`["e","${OTHER}"]`]: [stamp, 0], '["r","email"]': [stamp, 0, email] };
  return { collection: 'items', id, cells } as WireDocument;
};

describe('two records to which two devices gave the same unique value', () => {
  beforeEach(async () => {
    await put(ada, { id: 'a', email: 'x' });
    await put(bob, { id: 'b', email: 'x' });
    await deliver(ada, bob);
    await deliver(bob, ada);
  });

  it('are both held, and the later comer is withheld on each, visibly', async () => {
    expect(await shown(ada)).toEqual(['a x']);
    expect(await shown(bob)).toEqual(['b x']);
    expect([await count(ada), await count(bob)]).toEqual([1, 1]);
    expect(await listed(ada)).toMatchObject([{ collection: 'items', key: 'b', record: { email: 'x' } }]);
    expect([await ada.replica.pending(), await bob.replica.pending()]).toEqual([0, 0]);
  });

  it('are both shown on both once one of them gets another value', async () => {
    await put(ada, { id: 'a', email: 'y' });
    await ada.replica.drain();
    expect(await shown(ada)).toEqual(['a y', 'b x']);
    expect(ada.shown).toEqual([{ collection: 'items', keys: ['b'] }]);
    await deliver(ada, bob);
    expect(await shown(bob)).toEqual(['a y', 'b x']);
    expect([await count(ada), await count(bob)]).toEqual([0, 0]);
  });

  it('are no edits of anybody who does not touch them', async () => {
    await put(ada, { id: 'c', email: 'z' });
    await ada.write((store) => store.delete('c'));
    await ada.replica.drain();
    expect(await ada.replica.pending()).toBe(0);
    expect(await count(ada)).toBe(1);
  });

  it('leave the one that is shown when the other is deleted where it is shown', async () => {
    await bob.write((store) => store.delete('b'));
    await deliver(bob, ada);
    expect(await shown(ada)).toEqual(['a x']);
    expect(await count(ada)).toBe(0);
    expect(await shown(bob)).toEqual(['a x']);
  });
});

describe('a record that stands while a change of it is withheld', () => {
  beforeEach(async () => {
    await ada.replica.applyPage(pageOf([emailed('a', 'x', NOW), emailed('b', 'y', NOW)]));
    await ada.replica.applyPage(pageOf([emailed('b', 'x', NOW + 1)]));
    expect(await shown(ada)).toEqual(['a x', 'b y']);
    expect(await count(ada)).toBe(1);
  });

  it('takes the change in once it can', async () => {
    await ada.replica.applyPage(pageOf([emailed('a', 'z', NOW + 2)]));
    expect(await shown(ada)).toEqual(['a z', 'b x']);
    expect(await count(ada)).toBe(0);
  });

  it('can be deleted here', async () => {
    await ada.write((store) => store.delete('b'));
    await ada.replica.drain();
    expect(await ada.replica.pending()).toBe(1);
    expect(await count(ada)).toBe(0);
  });

  it('goes when it is deleted elsewhere', async () => {
    const { cells } = emailed('b', 'x', NOW + 1);
    const gone = remove({ schema: { fields: {} }, stamp: makeStamp(NOW + 3, 0, OTHER), stands: cells });
    await ada.replica.applyPage(pageOf([{ collection: 'items', id: 'b', cells: gone } as WireDocument]));
    expect(await shown(ada)).toEqual(['a x']);
    expect(await count(ada)).toBe(0);
  });
});

it('records whose values go round in a circle are all shown once one of them gives way', async () => {
  await ada.replica.applyPage(pageOf([emailed('a', '1', NOW), emailed('b', '2', NOW), emailed('c', '3', NOW)]));
  await ada.replica.applyPage(pageOf([emailed('a', '2', NOW + 1)]));
  await ada.replica.applyPage(pageOf([emailed('b', '3', NOW + 1)]));
  expect(await count(ada)).toBe(2);
  await ada.replica.applyPage(pageOf([emailed('c', '4', NOW + 1)]));
  expect(await shown(ada)).toEqual(['a 2', 'b 3', 'c 4']);
  expect(await count(ada)).toBe(0);
});

const titled = (id: string, fields: Record<string, string>, millis: number): WireDocument => {
  const stamp = makeStamp(millis, 0, OTHER);
  const cells: Cells = { [`["e","${OTHER}"]`]: [stamp, 0] };
  for (const field in fields) cells[`["r","${field}"]`] = [stamp, 0, fields[field] as string];
  return { collection: 'items', id, cells } as WireDocument;
};

describe('a record of which a change is withheld', () => {
  const read = (key: string) =>
    new Promise<object>((resolve) => {
      const request = ada.database.transaction('items').objectStore('items').get(key);
      request.onsuccess = () => resolve(request.result);
    });
  const sent = async () =>
    ((await pushFrom(ada.replica, ada.random)) as PushMessage).documents.map(({ cells }) =>
      cells.map(([path]) => path as readonly Json[]),
    );

  beforeEach(async () => {
    ada = await open(() => now++, { unique: 'email', follow: true });
    const first = [titled('a', { email: 'x' }, NOW), titled('b', { email: 'y', title: 'old' }, NOW)];
    await ada.replica.applyPage(pageOf(first));
    await ada.replica.applyPage(pageOf([titled('b', { email: 'x', title: "Bob's" }, NOW + 1)]));
    now += 100;
  });

  it("undoes nothing of others' when it is read, changed in one field and saved, twice", async () => {
    await put(ada, { ...(await read('b')), note: 'mine' });
    await ada.replica.drain();
    await put(ada, { ...(await read('b')), more: 'yours' });
    expect((await sent()).map((paths) => paths.filter(([kind]) => kind === 'r'))).toEqual([
      [
        ['r', 'note'],
        ['r', 'more'],
      ],
    ]);
    expect(await count(ada)).toBe(1);

    await ada.write((store) => store.delete('a'));
    await ada.replica.drain();
    expect(await ada.all()).toMatchObject([{ id: 'b', email: 'x', title: "Bob's", note: 'mine', more: 'yours' }]);
  });

  it("undoes nothing of others' when it was read before it is shown and is saved after", async () => {
    const before = await read('b');
    await ada.write((store) => store.delete('a'));
    await ada.replica.drain();
    await put(ada, { ...before, note: 'mine' });
    await ada.replica.drain();
    expect(await ada.all()).toMatchObject([{ id: 'b', email: 'x', title: "Bob's", note: 'mine' }]);
  });

  it('is shown once its own edit makes it acceptable', async () => {
    await put(ada, { ...(await read('b')), email: 'z' });
    await ada.replica.drain();
    expect(await count(ada)).toBe(0);
    expect(await read('b')).toMatchObject({ id: 'b', email: 'z', title: "Bob's" });
  });
});
