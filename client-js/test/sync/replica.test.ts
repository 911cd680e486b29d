import { beforeEach, describe, expect, it } from 'vitest';
import { sideStoreName } from '../../src/capture/index.ts';
import { beginningOf, type Cells, counter, makeStamp, millisOf, sinceOf } from '../../src/model/index.ts';
import { type StoredRow, unpackRow } from '../../src/sync/database/packing.ts';
import { documentKey } from '../../src/sync/database/rows.ts';
import { DeposedError, inspectStores, resultOf } from '../../src/sync/database/transaction.ts';
import { countDeadLetters, readDeadLetters } from '../../src/sync/lists/dead-letters.ts';
import { nextPush, settleBy } from '../../src/sync/outgoing/outbox.ts';
import { type Replica, UNDRAINED } from '../../src/sync/replica.ts';
import type { PushMessage, PushOutcome } from '../../src/sync/server/messages.ts';
import { type Fixture, open, pushFrom } from './harness.ts';

const OTHER = '0000000000B0B';
const NOW = 1_790_000_000_000;
const SINCE = sinceOf(makeStamp(NOW, 0, OTHER));

let now: number;
let fixture: Fixture;
let replica: Replica;

beforeEach(async () => {
  now = NOW;
  fixture = await open(() => now++);
  replica = fixture.replica;
});

const put = (record: object) => fixture.write((store) => store.put(record));
const push = async () => (await pushFrom(replica, fixture.random)) as PushMessage;
const accepted = ({ number, nonce }: PushMessage, ...rejected: string[]): PushOutcome => ({
  number,
  nonce,
  rejected: rejected.map((id) => ({ collection: 'items', id, code: 'forbidden', detail: 'not yours' })),
});
const row = (key: string) =>
  inspectStores(fixture.connection, [sideStoreName('items')], async (store) => {
    const stored = await resultOf<StoredRow | undefined>(store(sideStoreName('items')).get(documentKey(key)));
    return stored && unpackRow(stored);
  });
const paths = (message: PushMessage | undefined) =>
  (message?.documents ?? []).flatMap(({ cells }) => cells.map(([path]) => JSON.stringify(path)));
const page = (id: string, cells: Cells) => ({
  documents: [{ collection: 'items', id, cells, whole: false }],
  dropped: [],
  withdrawn: [],
  cursor: 'c1',
  more: false,
});

/** A name that somebody else wrote. */
function renamed(name: string, millis: number): Cells {
  const stamp = makeStamp(millis, 0, OTHER);
  return { [`["e","${OTHER}"]`]: [stamp, 0], '["r","name"]': [stamp, 0, name] };
}

describe('a push of much that was just written', () => {
  it('is not made before that is drained, a slice at a time', async () => {
    await fixture.write((store) => {
      for (let i = 0; i < 3000; i++) store.put({ id: `n${i}` });
    });
    expect(await nextPush(replica, fixture.random)).toBe(UNDRAINED);
    expect(await replica.pending()).toBeGreaterThan(0);
    expect(await replica.pending()).toBeLessThan(3000);
    expect((await push()).documents).toHaveLength(500);
    expect(await replica.pending()).toBe(3000);
  });
});

describe('draining', () => {
  it('makes cells of what differs, and nothing of what does not', async () => {
    await put({ id: 'a', name: 'box', tags: ['red'], quantity: 2 });
    await replica.drain();
    expect(fixture.edited).toEqual([{ collection: 'items', keys: ['a'] }]);
    expect(paths(await push()).map((path) => path.slice(0, 4))).toEqual(
      expect.arrayContaining(['["e"', '["r"', '["s"', '["c"']),
    );
    await put({ id: 'a', name: 'box', tags: ['red'], quantity: 2 });
    await replica.drain();
    expect(fixture.edited).toHaveLength(1);
  });

  it('shows sets in order and counters that start at 0 to the writer, too', async () => {
    await put({ id: 'a', name: 'box', tags: ['b', 'a', 'b'] });
    await replica.drain();
    expect(await fixture.all()).toEqual([{ id: 'a', name: 'box', tags: ['a', 'b'], quantity: 0 }]);
  });

  it('takes a record that cannot travel as it is, and says so', async () => {
    await put({ id: 'a', name: 'box', tags: 'not an array', quantity: 0 });
    await replica.drain();
    expect(fixture.local).toEqual([expect.stringContaining('items/a')]);
    expect(await fixture.all()).toEqual([{ id: 'a', name: 'box', tags: 'not an array', quantity: 0 }]);
    await put({ id: 'a', name: 'box', tags: [], quantity: 0 });
    await replica.drain();
    expect((await push()).documents).toHaveLength(1);
  });

  it('takes up more documents than fit one transaction', async () => {
    await fixture.write((store) => {
      for (let i = 0; i < 1200; i++) store.put({ id: `i${i}`, name: `n${i}`, tags: [], quantity: 0 });
    });
    await replica.drain();
    expect(await replica.pending()).toBe(1200);
    await fixture.write((store) => store.clear());
    await replica.drain();
    expect(await fixture.all()).toEqual([]);
    expect(await replica.pending()).toBe(1200); // 1200 deletions
  });

  it('issues stamps above those of the document, whatever the clock says', async () => {
    await replica.applyPage(page('a', renamed('theirs', NOW + 30_000)));
    await put({ id: 'a', name: 'mine', tags: [], quantity: 0 });
    await replica.drain();
    await replica.applyPage(page('a', renamed('theirs', NOW + 30_000)));
    expect(await fixture.all()).toMatchObject([{ name: 'mine' }]);
  });
});

describe('a record that stays local', () => {
  it('is not overwritten by what another device has under its key', async () => {
    await put({ id: 'a', name: 'mine', tags: 'not an array', quantity: 0 });
    await replica.drain();
    await replica.applyPage(page('a', renamed('theirs', NOW)));
    expect(await fixture.all()).toMatchObject([{ name: 'mine' }]);
  });
});

describe('pages', () => {
  it('bring records, and do not come back as edits', async () => {
    await replica.applyPage(page('a', renamed('box', NOW)));
    expect(await fixture.all()).toEqual([{ id: 'a', name: 'box', tags: [], quantity: 0 }]);
    await replica.drain();
    expect(fixture.edited).toEqual([]);
    expect(await replica.pending()).toBe(0);
  });

  it('find what was written and not yet drained', async () => {
    await replica.applyPage(page('a', renamed('box', NOW)));
    await put({ id: 'a', name: 'box', shelf: 'B2', tags: [], quantity: 0 });
    await replica.applyPage(page('a', renamed('crate', NOW + 1000)));
    expect(await fixture.all()).toEqual([{ id: 'a', name: 'crate', shelf: 'B2', tags: [], quantity: 0 }]);
    expect(fixture.edited).toEqual([{ collection: 'items', keys: ['a'] }]); // else nobody would push it
  });

  it('of unknown collections are passed by', async () => {
    const changes = { ...page('a', renamed('box', NOW)) };
    await replica.applyPage({ ...changes, documents: [{ ...changes.documents[0], collection: 'others' } as never] });
    expect(await fixture.all()).toEqual([]);
    expect((await replica.cursor()).cursor).toBe('c1');
  });
});

describe('a push', () => {
  it('is the same until it is settled, and then goes on from there', async () => {
    await put({ id: 'a', name: 'box', tags: [], quantity: 1 });
    const first = await push();
    await put({ id: 'a', name: 'crate', tags: [], quantity: 1 });
    await replica.drain();
    expect(await push()).toEqual(first);
    await settleBy(replica, accepted(first));
    const second = await push();
    expect(second).toMatchObject({ number: 2, after: first.nonce });
    expect(paths(second)).toContain('["r","name"]');
    await settleBy(replica, accepted(second));
    expect(await nextPush(replica, fixture.random)).toBeUndefined();
  });

  it('counts nothing twice when its echo comes before its answer', async () => {
    await put({ id: 'a', name: 'box', tags: [], quantity: 5 });
    const first = await push();
    await put({ id: 'a', name: 'box', tags: [], quantity: 7 });
    await replica.drain();
    const { cells } = first.documents[0] as PushMessage['documents'][0];
    const echo = Object.fromEntries(cells.map(([path, ...cell]) => [JSON.stringify(path), cell])) as unknown as Cells;
    await replica.applyPage(page('a', echo));
    await settleBy(replica, accepted(first));
    expect(await fixture.all()).toMatchObject([{ quantity: 7 }]);
    await settleBy(replica, accepted(await push()));
    expect(await fixture.all()).toMatchObject([{ quantity: 7 }]);
  });

  it('that is refused in part goes back to what the server holds, there only, and keeps the edit', async () => {
    await replica.applyPage(page('a', renamed('theirs', NOW)));
    await put({ id: 'a', name: 'mine', tags: [], quantity: 0 });
    await put({ id: 'b', name: 'good', tags: [], quantity: 0 });
    const first = await push();
    await put({ id: 'a', name: 'mine again', tags: [], quantity: 0 }); // in flight
    await settleBy(replica, accepted(first, 'a'));
    expect(await fixture.all()).toMatchObject([{ name: 'theirs' }, { name: 'good' }]);
    expect(await countDeadLetters(fixture.connection)).toBe(1);
    expect(await replica.pending()).toBe(0);
  });

  it('that was not accepted goes out again under a new nonce', async () => {
    await put({ id: 'a', name: 'box', tags: [], quantity: 3 });
    const first = await push();
    await settleBy(replica, null);
    const again = await push();
    expect(again.number).toBe(1);
    expect(again.nonce).not.toBe(first.nonce);
    expect(again.documents).toEqual(first.documents);
    await settleBy(replica, accepted(first)); // it arrived late after all: that is known by its nonce
    expect(await replica.pending()).toBe(0);
  });

  it('leaves a document that fits into none where it is, and sends the others', async () => {
    const parts = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`part${i}`, 'z'.repeat(1_000_000)]));
    await put({ id: 'a', name: 'large', tags: [], quantity: 0, ...parts });
    await put({ id: 'b', name: 'good', tags: [], quantity: 0 });
    expect((await push()).documents.map(({ id }) => id)).toEqual(['b']);
    expect(fixture.local).toEqual([expect.stringContaining('items/a')]);
    expect(await fixture.all()).toMatchObject([{ id: 'a', name: 'large' }, { id: 'b' }]);
    expect(await replica.pending()).toBe(1);
  });

  it('is not held up by a key that is too long to travel', async () => {
    await put({ id: 'k'.repeat(2000), name: 'long', tags: [], quantity: 0 });
    await put({ id: 'b', name: 'good', tags: [], quantity: 0 });
    expect((await push()).documents.map(({ id }) => id)).toEqual(['b']);
    expect(fixture.local).toHaveLength(1);
  });

  it('that names a store which is gone is settled all the same', async () => {
    await put({ id: 'a', name: 'box', tags: [], quantity: 0 });
    const first = await push();
    replica = await fixture.lead([]);
    expect(await push()).toEqual({ ...first, documents: [] });
    await settleBy(replica, accepted(first));
    expect(await nextPush(replica, fixture.random)).toBeUndefined();
  });

  it('whose echo came first leaves nothing behind', async () => {
    await put({ id: 'a', name: 'box', tags: [], quantity: 0 });
    const first = await push();
    const { cells } = first.documents[0] as PushMessage['documents'][0];
    const echo = Object.fromEntries(cells.map(([path, ...cell]) => [JSON.stringify(path), cell])) as unknown as Cells;
    await replica.applyPage(page('a', echo));
    await settleBy(replica, accepted(first));
    expect(await row('a')).toEqual({ delivered: expect.anything(), pending: {} });
  });

  it('that is refused for stamps from the future is sent again once, corrected', async () => {
    await put({ id: 'a', name: 'box', tags: [], quantity: 0 });
    const early = (message: PushMessage) => ({
      ...accepted(message, 'a'),
      rejected: [{ collection: 'items', id: 'a', code: 'stamp-from-future', detail: 'too far ahead' }],
    });
    const settled = await settleBy(replica, early(await push()));
    expect(settled.fromFuture).toBe(true);
    expect(await fixture.all()).toMatchObject([{ name: 'box' }]);
    await settleBy(replica, early(await push()));
    expect(await fixture.all()).toEqual([]);
    expect(await countDeadLetters(fixture.connection)).toBe(1);
    expect(await readDeadLetters(fixture.connection)).toMatchObject([
      { code: 'stamp-from-future', key: 'a', record: { name: 'box' } },
    ]);
  });

  it('of somebody else under the same id settles nothing, and nothing more is pushed under that', async () => {
    await put({ id: 'a', name: 'box', tags: [] });
    const foreign = { number: 4, nonce: 'SOMEBODY', rejected: [] };
    await settleBy(replica, foreign);
    expect(await nextPush(replica, fixture.random)).toBeUndefined();
    expect(await replica.pending()).toBe(1);
  });
});

describe('a snapshot', () => {
  const snapshot = (cells: Record<string, Cells>) => ({
    time: NOW,
    documents: Object.entries(cells).map(([id, own]) => ({ collection: 'items', id, cells: own, whole: false })),
    position: null,
    cursor: 'c2',
    total: 1,
    last: null,
  });

  it('replaces what was delivered, and keeps what is pending', async () => {
    await replica.applyPage(page('gone', renamed('gone', NOW)));
    await replica.applyPage(page('a', renamed('a', NOW)));
    await put({ id: 'b', name: 'pending', tags: [], quantity: 0 });
    await replica.applySnapshot(snapshot({ a: renamed('newer', NOW + 5) }), { id: 's1', position: null, done: 0 });
    expect(await fixture.all()).toMatchObject([
      { id: 'a', name: 'newer' },
      { id: 'b', name: 'pending' },
    ]);
    expect((await replica.cursor()).cursor).toBe('c2');
  });

  it('without a document that is being deleted lets it go', async () => {
    await replica.applyPage(page('a', renamed('box', NOW)));
    await fixture.write((store) => store.delete('a'));
    await replica.applySnapshot(snapshot({}), { id: 's1', position: null, done: 0 });
    expect(await replica.pending()).toBe(0);
    expect(await fixture.all()).toEqual([]);
  });

  it('without a document that two replicas upload counts nothing twice', async () => {
    const counted = {
      ...renamed('box', NOW),
      [counter('quantity', SINCE, OTHER)]: [makeStamp(NOW, 0, OTHER), 0, 10] as const,
    };
    await replica.applyPage(page('a', counted));
    await put({ id: 'a', name: 'box', tags: [], quantity: 18 });
    await replica.applySnapshot(snapshot({}), { id: 's1', position: null, done: 0 });
    await replica.applyPage(page('a', counted)); // the other one was first
    await settleBy(replica, accepted(await push()));
    expect(await fixture.all()).toMatchObject([{ quantity: 18 }]);
  });

  it('without a document that is being edited has it uploaded whole', async () => {
    await replica.applyPage(page('a', renamed('box', NOW)));
    await put({ id: 'a', name: 'box', shelf: 'B2', tags: [], quantity: 0 });
    await replica.applySnapshot(snapshot({}), { id: 's1', position: null, done: 0 });
    const [document] = (await push()).documents;
    expect(document).toMatchObject({ id: 'a', whole: true });
    expect(document?.cells.map(([path]) => path)).toEqual(
      expect.arrayContaining([
        ['e', OTHER],
        ['r', 'name'],
        ['r', 'shelf'],
      ]),
    );
    expect(await fixture.all()).toMatchObject([{ name: 'box', shelf: 'B2' }]);
  });
});

it('stops at once when another tab has taken the lead', async () => {
  await fixture.lead();
  await put({ id: 'a', name: 'box', tags: [], quantity: 0 });
  await expect(replica.drain()).rejects.toThrow(DeposedError);
});

it('goes on above its old stamps after a restart with a clock that ran back', async () => {
  await put({ id: 'a', name: 'box', tags: [], quantity: 0 });
  const [before] = (await push()).documents;
  now = NOW - 3_600_000;
  replica = await fixture.lead();
  await put({ id: 'b', name: 'box', tags: [], quantity: 0 });
  await settleBy(replica, null);
  const [, after] = (await push()).documents;
  const stamp = (cells: readonly (readonly unknown[])[]) => String(cells[0]?.[1]);
  expect(stamp(after?.cells ?? []) > stamp(before?.cells ?? [])).toBe(true);
});

describe('a clock that ran ahead', () => {
  const HOUR = 3_600_000;

  it('is taken back before the first push, in order, wherever its stamps stand', async () => {
    now = NOW + HOUR;
    await put({ id: 'a', name: 'first', tags: ['x'], quantity: 2 });
    await replica.drain();
    await put({ id: 'a', name: 'second', tags: [], quantity: 3 });
    await fixture.write((store) => store.put({ id: 'b', name: 'gone', tags: [], quantity: 0 }));
    await replica.drain();
    await fixture.write((store) => store.delete('b'));
    await replica.drain();

    await replica.saveOffset(-HOUR);
    await replica.correctStamps(NOW);
    const { documents } = await push();
    const stamps = documents.flatMap(({ cells }) => cells.map(([, stamp]) => millisOf(stamp)));
    expect(Math.max(...stamps)).toBeLessThan(NOW + 30_000);
    expect(await fixture.all()).toEqual([{ id: 'a', name: 'second', tags: [], quantity: 3 }]);

    await put({ id: 'a', name: 'third', tags: [], quantity: 3 });
    await settleBy(replica, null);
    const again = (await push()).documents.find(({ id }) => id === 'a');
    expect(again?.cells.find(([path]) => JSON.stringify(path) === '["r","name"]')).toMatchObject({ 3: 'third' });
  });

  it('is taken back where lives of counters are named, too (M-40)', async () => {
    now = NOW + HOUR;
    await put({ id: 'a', name: 'box', tags: [], quantity: 2 });
    await replica.drain();
    await put({ id: 'a', name: 'box', tags: [], quantity: 3 });
    await replica.drain();
    await fixture.write((store) => store.delete('a'));
    await replica.drain();
    await put({ id: 'a', name: 'box', tags: [], quantity: 5 });
    await replica.drain();
    await replica.saveOffset(-HOUR);
    await replica.correctStamps(NOW);
    const lives = paths(await push()).filter((path) => /^\["[bc]"/.test(path));
    expect(lives.map((path) => path.slice(2, 3))).toEqual(['c']); // what was counted and reset, and nobody has seen, never was
    for (const path of lives) expect(millisOf(beginningOf(path))).toBeLessThan(NOW + 30_000);
    expect(await fixture.all()).toMatchObject([{ id: 'a', quantity: 5 }]);
  });

  it('issues no stamp again that the server has accepted, though nothing is left of it', async () => {
    now = NOW + 40_000;
    await put({ id: 'a', name: 'box', tags: [], quantity: 2 });
    const sent = await push();
    await settleBy(replica, accepted(sent));
    await replica.applyPage({
      ...page('b', {}),
      documents: [],
      withdrawn: [{ collection: 'items', id: 'a' }],
    });
    await put({ id: 'b', name: 'crate', tags: [], quantity: 1 });
    await replica.drain();
    now = NOW;
    await replica.correctStamps(NOW);
    const [, again] = (await push()).documents[0]?.cells[0] ?? [];
    expect(String(again) > String(sent.documents[0]?.cells[0]?.[1])).toBe(true);
  });

  it('is taken back in order where only the later edits are too far ahead', async () => {
    now = NOW + 20_000;
    await put({ id: 'a', name: 'first', tags: [], quantity: 0 });
    await replica.drain();
    await fixture.write((store) => store.delete('a'));
    await replica.drain();
    now = NOW + HOUR;
    await put({ id: 'a', name: 'second', tags: [], quantity: 0 });
    await replica.drain();
    now = NOW;
    await replica.correctStamps(NOW);
    const cells = (await push()).documents[0]?.cells ?? [];
    const stampAt = (kind: string) =>
      String(cells.find(([path]) => JSON.stringify(path).startsWith(`["${kind}"`))?.[1]);
    expect(stampAt('e') > stampAt('d')).toBe(true);
    expect(millisOf(stampAt('e'))).toBeLessThan(NOW + 1000);
  });

  it('keeps the stamps that others may have seen', async () => {
    now = NOW + HOUR;
    await put({ id: 'a', name: 'box', tags: [], quantity: 2 });
    const sent = await push();
    await put({ id: 'b', name: 'crate', tags: [], quantity: 1 });
    await replica.drain();
    await replica.saveOffset(-HOUR);
    await replica.correctStamps(NOW);
    expect(await push()).toEqual(sent);
    await settleBy(replica, null);
    const { documents } = await push();
    const stamps = documents.map(({ cells }) => String(cells[0]?.[1]));
    expect(stamps[0]).toBe(sent.documents[0]?.cells[0]?.[1]);
    expect((stamps[1] as string) > (stamps[0] as string)).toBe(true);
  });
});

it('withholds a record that a unique index refuses, and applies the others', async () => {
  const unique = await open(() => now++, { unique: 'name' });
  await unique.replica.applyPage(page('a', renamed('box', NOW)));
  const clash = page('b', renamed('box', NOW));
  await unique.replica.applyPage({
    ...clash,
    documents: [...clash.documents, ...page('c', renamed('crate', NOW)).documents],
  });
  expect(await unique.all()).toMatchObject([{ id: 'a' }, { id: 'c' }]);
  await unique.replica.applyPage(page('b', renamed('barrel', NOW + 1)));
  expect(await unique.all()).toMatchObject([{ id: 'a' }, { id: 'b', name: 'barrel' }, { id: 'c' }]);
  expect(await unique.replica.pending()).toBe(0);
});

describe('a purge', () => {
  const dropped = (id: string, cells: Cells) => ({
    documents: [],
    dropped: [{ collection: 'items', id, cells, whole: false }],
    withdrawn: [],
    cursor: 'c9',
    more: false,
  });
  const dead = (millis: number): Cells => ({
    ...renamed('theirs', millis),
    [`["d","${OTHER}"]`]: [makeStamp(millis, 0, OTHER), 1],
  });

  it('waits until what was sent is settled: nothing is applied before, the cursor included', async () => {
    await put({ id: 'a', name: 'box', tags: [] });
    const sent = await push();
    expect(await replica.applyPage(dropped('b', dead(NOW)))).toBeUndefined();
    expect((await replica.cursor()).cursor).not.toBe('c9');
    await settleBy(replica, accepted(sent));
    expect(await replica.applyPage(dropped('b', dead(NOW)))).toEqual([]);
    expect((await replica.cursor()).cursor).toBe('c9');
  });

  it('drops the same cells, and leaves greater ones', async () => {
    await replica.applyPage(page('a', dead(NOW)));
    await replica.applyPage(page('b', renamed('younger', NOW + 5)));
    await replica.applyPage(dropped('a', dead(NOW)));
    await replica.applyPage(dropped('b', dead(NOW)));
    expect(await row('a')).toBeUndefined();
    expect(await fixture.all()).toEqual([expect.objectContaining({ id: 'b', name: 'younger' })]);
  });

  it('of a document that is being edited has it uploaded whole', async () => {
    await replica.applyPage(page('a', renamed('theirs', NOW)));
    await put({ id: 'a', name: 'mine', tags: [] });
    await replica.drain();
    await replica.applyPage(page('a', dead(NOW)));
    await replica.applyPage(dropped('a', dead(NOW)));
    const [document] = (await push()).documents;
    expect(document).toMatchObject({ id: 'a', whole: true });
    expect(document?.cells).toHaveLength(4);
  });
});

describe('a snapshot of a restored server', () => {
  const restored = (documents: Record<string, Cells>) =>
    replica.applySnapshot(
      {
        time: NOW,
        documents: Object.entries(documents).map(([id, cells]) => ({ collection: 'items', id, cells, whole: false })),
        position: null,
        cursor: 'c7',
        total: 1,
        last: null,
      },
      { id: 's1', position: null, done: 0, keeps: true },
    );

  it('leaves what the server has lost, and has it uploaded whole', async () => {
    await replica.applyPage(page('lost', renamed('lost', NOW)));
    await replica.applyPage(page('older', renamed('younger', NOW + 5)));
    await replica.applyPage(page('newer', renamed('older', NOW)));
    await restored({ older: renamed('older', NOW), newer: renamed('newer', NOW + 5) });
    const names = (await fixture.all()).map((record) => (record as { name: string }).name);
    expect(names.sort()).toEqual(['lost', 'newer', 'younger']);
    const { documents } = await push();
    expect(documents.map(({ id, whole }) => [id, whole])).toEqual([
      ['lost', true],
      ['older', true],
    ]);
  });

  it('loses nothing where a page comes again, or another snapshot after one that came to nothing', async () => {
    await replica.applyPage(page('older', renamed('younger', NOW + 5)));
    for (let time = 0; time < 2; time++) {
      await restored({ older: renamed('older', NOW) });
      expect(await fixture.all()).toEqual([expect.objectContaining({ name: 'younger' })]);
    }
    expect((await push()).documents).toMatchObject([{ id: 'older', whole: true }]);
  });

  it('stands where the server refuses what it has lost, which is nobody’s dead letter', async () => {
    await replica.applyPage(page('lost', renamed('lost', NOW)));
    await replica.applyPage(page('older', renamed('younger', NOW + 5)));
    await restored({ older: renamed('older', NOW) });
    await settleBy(replica, accepted(await push(), 'lost', 'older'));
    expect(await fixture.all()).toEqual([expect.objectContaining({ id: 'older', name: 'older' })]);
    expect(await countDeadLetters(fixture.connection)).toBe(0);
    expect(await replica.pending()).toBe(0);
  });

  it('is asked again by who has not begun to read what it has lost, and may come late', async () => {
    await replica.applyPage(page('lost', renamed('lost', NOW)));
    const { cursor } = await replica.cursor();
    await replica.keepWhatIsLost('one');
    expect((await replica.cursor()).snapshot).toBeDefined();
    const later = await fixture.lead();
    expect(await later.cursor()).toMatchObject({ cursor, snapshot: undefined });
  });

  it('may know of an older push than this replica does, which is no twin’s', async () => {
    for (const name of ['one', 'two']) {
      await put({ id: name, name, tags: [] });
      await settleBy(replica, accepted(await push()));
    }
    const forgotten = { number: 1, nonce: 'FORGOTTEN', rejected: [] };
    await settleBy(replica, forgotten, true);
    await put({ id: 'three', name: 'three', tags: [] });
    expect(await push()).toMatchObject({ number: 2, after: 'FORGOTTEN' });
    const other = { number: 2, nonce: 'SOMEBODY', rejected: [] };
    await settleBy(replica, other, true);
    expect(await nextPush(replica, fixture.random)).toBeUndefined();
  });
});
