import { beforeEach, describe, expect, it } from 'vitest';
import { type Cells, joined, read } from '../../src/model/index.ts';
import { META, REPLICA, type ReplicaRow, sideStoreName } from '../../src/sync/database/rows.ts';
import { resultOf } from '../../src/sync/database/transaction.ts';
import { settleBy } from '../../src/sync/outgoing/outbox.ts';
import { takeNewId } from '../../src/sync/outgoing/twin.ts';
import type { Replica } from '../../src/sync/replica.ts';
import type { PushMessage, PushOutcome } from '../../src/sync/server/messages.ts';
import { FIELDS, type Fixture, open, pushFrom } from './harness.ts';

const STORES = [META, 'items', sideStoreName('items')];

/** What a server holds of the one document, and the last push that it accepted. */
interface Server {
  cells: Cells;
  last: PushOutcome | null;
}

let server: Server;
let one: Fixture;

beforeEach(async () => {
  server = { cells: {}, last: null };
  one = await open();
  await one.replica.applyPage({ ...page(), documents: [] });
});

/** Copies all rows of a profile, as its folder would be copied, into another browser. */
async function copyOf(fixture: Fixture): Promise<{ fixture: Fixture; replica: Replica }> {
  let seed = 100; // other randomness than its twin's
  const copy = { ...(await open()), random: { bytes: (length: number) => new Uint8Array(length).fill(++seed) } };
  for (const name of STORES) {
    const source = fixture.connection.transaction([name], 'readonly').objectStore(name);
    const [keys, values] = await Promise.all([resultOf(source.getAllKeys()), resultOf(source.getAll())]);
    const target = copy.connection.transaction([name], 'readwrite').objectStore(name);
    await resultOf(target.clear());
    for (const [i, value] of values.entries()) {
      await resultOf(target.keyPath === null ? target.put(value, keys[i]) : target.put(value));
    }
  }
  return { fixture: copy, replica: await copy.lead() };
}

function page() {
  const document = { collection: 'items', id: 'a', cells: server.cells, whole: false };
  return { documents: [document], dropped: [], withdrawn: [], cursor: 'c1', more: false };
}

async function pushOf({ replica, random }: { replica: Replica; random: Fixture['random'] }): Promise<PushMessage> {
  return (await pushFrom(replica, random)) as PushMessage;
}

/** The server takes a push. */
function accept(push: PushMessage): PushOutcome {
  for (const { cells } of push.documents) {
    server.cells = joined(
      server.cells,
      Object.fromEntries(cells.map(([path, stamp, ...rest]) => [JSON.stringify(path), [stamp, ...rest]])) as Cells,
    ) as Cells;
  }
  server.last = { number: push.number, nonce: push.nonce, rejected: [] };
  return server.last;
}

const rowOf = (fixture: Fixture) =>
  resultOf<ReplicaRow>(fixture.connection.transaction([META], 'readonly').objectStore(META).get(REPLICA));

const recordAtServer = () => read(server.cells, { fields: FIELDS.items, deletion: 'add-wins' });

async function edit(fixture: Fixture, change: (item: Record<string, unknown>) => void): Promise<void> {
  const [item = { id: 'a', tags: [], quantity: 0 }] = (await fixture.all()) as Record<string, unknown>[];
  change(item);
  await fixture.write((store) => store.put(item));
}

const count = (fixture: Fixture, by: number) =>
  edit(fixture, (item) => {
    item['quantity'] = (item['quantity'] as number) + by;
  });

describe('a copied profile', () => {
  it('takes a new id when it finds its twin, and what either has counted counts once', async () => {
    await count(one, 2);
    await settleBy(one.replica, accept(await pushOf(one)));
    const { fixture, replica: two } = await copyOf(one);
    await count(one, 3);
    await settleBy(one.replica, accept(await pushOf(one)));
    await count(fixture, 4);
    const before = await rowOf(fixture);
    await pushOf({ replica: two, random: fixture.random }); // refused: its number is taken
    await settleBy(two, server.last);
    await two.applyPage(page());
    await count(fixture, 1); // the application does not notice
    await takeNewId(two, fixture.random);
    const push = await pushOf({ replica: two, random: fixture.random });
    const after = await rowOf(fixture);
    expect(after.id).not.toBe(before.id);
    expect(two.leadership.replica).toBe(after.id);
    expect(push).toMatchObject({ number: 1, after: null });
    accept(push);
    expect(recordAtServer()).toMatchObject({ quantity: 10 });
    expect(JSON.stringify(push.documents)).not.toContain(before.id);
    await settleBy(two, server.last);
    expect(await two.pending()).toBe(0);
    expect(await fixture.all()).toMatchObject([{ quantity: 10 }]);
  });

  it('makes nothing twice that had arrived before it was copied, though the twin has gone on since', async () => {
    await edit(one, (item) => Object.assign(item, { quantity: 5, tags: ['red'] }));
    const push = await pushOf(one);
    const { fixture, replica: two } = await copyOf(one); // with the push on its way
    await settleBy(one.replica, accept(push));
    await count(one, 1);
    await settleBy(one.replica, accept(await pushOf(one)));
    await count(fixture, 2);
    await settleBy(two, server.last);
    await two.applyPage(page());
    await takeNewId(two, fixture.random);
    accept(await pushOf({ replica: two, random: fixture.random }));
    expect(recordAtServer()).toMatchObject({ quantity: 8, tags: ['red'] });
  });

  it('loses nothing that its twin has written the like of', async () => {
    await edit(one, (item) => Object.assign(item, { tags: ['red'] }));
    await settleBy(one.replica, accept(await pushOf(one)));
    const { fixture, replica: two } = await copyOf(one);
    await edit(fixture, (item) => Object.assign(item, { tags: ['red', 'blue'] }));
    await two.drain();
    await edit(one, (item) => Object.assign(item, { tags: ['red', 'blue'] }));
    await settleBy(one.replica, accept(await pushOf(one)));
    await edit(one, (item) => Object.assign(item, { tags: ['red'] }));
    await settleBy(one.replica, accept(await pushOf(one)));
    await two.applyPage(page());
    await settleBy(two, server.last);
    await takeNewId(two, fixture.random);
    accept(await pushOf({ replica: two, random: fixture.random }));
    expect(recordAtServer()).toMatchObject({ tags: ['red', 'blue'] });
  });

  it('has taken its new id in all rows or in none, wherever it is interrupted', async () => {
    await count(one, 2);
    await settleBy(one.replica, { number: 7, nonce: 'SOMEBODY', rejected: [] });
    const before = await rowOf(one);
    const broken = {
      bytes: () => {
        throw new Error('the browser crashed');
      },
    };
    await expect(takeNewId(one.replica, broken)).rejects.toThrow('crashed');
    expect(await rowOf(one)).toEqual(before);
    expect(one.replica.leadership.replica).toBe(before.id);
    await takeNewId(one.replica, one.random);
    const replica = await one.lead(); // after a restart
    const push = await pushOf({ replica, random: one.random });
    expect(JSON.stringify(push.documents)).toContain(replica.leadership.replica);
    expect(JSON.stringify(push.documents)).not.toContain(before.id);
  });

  it('goes on as it is while it has no twin', async () => {
    const before = await rowOf(one);
    expect(await takeNewId(one.replica, one.random)).toEqual([]);
    expect(await rowOf(one)).toEqual(before);
  });
});
