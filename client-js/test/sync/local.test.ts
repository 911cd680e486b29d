import { beforeEach, describe, expect, it } from 'vitest';
import { type Cells, makeStamp } from '../../src/model/index.ts';
import { settleBy } from '../../src/sync/outgoing/outbox.ts';
import type { PushMessage } from '../../src/sync/server/messages.ts';
import { type Fixture, open, pushFrom } from './harness.ts';

const OTHER = '0000000000B0B';
const NOW = 1_790_000_000_000;

let now: number;
let fixture: Fixture;

beforeEach(async () => {
  now = NOW;
  fixture = await open(() => now++, {
    fields: { items: { fields: { tags: 'set' }, local: ['draft', '__proto__'] } },
  });
});

const put = (record: object) => fixture.write((store) => store.put(record));
const push = async () => (await pushFrom(fixture.replica, fixture.random)) as PushMessage;
const page = (cells: Cells) => ({
  documents: [{ collection: 'items', id: 'a', cells, whole: false }],
  dropped: [],
  withdrawn: [],
  cursor: 'c1',
  more: false,
});

function renamed(name: string, millis: number): Cells {
  const stamp = makeStamp(millis, 0, OTHER);
  return { [`["e","${OTHER}"]`]: [stamp, 0], '["r","name"]': [stamp, 0, name] };
}

describe('a local field', () => {
  it('never becomes a cell', async () => {
    await put({ id: 'a', name: 'box', draft: 'mine', tags: [] });
    const { documents } = await push();
    expect(JSON.stringify(documents)).not.toContain('mine');
    expect(JSON.stringify(documents)).toContain('box');
    expect(await fixture.all()).toEqual([{ id: 'a', name: 'box', draft: 'mine', tags: [] }]);
  });

  it('that alone changes is no edit', async () => {
    await fixture.replica.applyPage(page(renamed('box', NOW)));
    await put({ id: 'a', name: 'box', tags: [], draft: 'mine' });
    await fixture.replica.drain();
    expect(fixture.edited).toEqual([]);
    expect(await fixture.replica.pending()).toBe(0);
  });

  it('is kept when changes arrive, with the order of a set put right, and after an answer', async () => {
    await put({ id: 'a', name: 'box', draft: { at: new Date(5) }, tags: ['b', 'a', 'b'] });
    const sent = await push();
    expect(await fixture.all()).toMatchObject([{ tags: ['a', 'b'], draft: { at: new Date(5) } }]);
    await settleBy(fixture.replica, { number: sent.number, nonce: sent.nonce, rejected: [] });
    await fixture.replica.applyPage(page(renamed('theirs', NOW + 5000)));
    expect(await fixture.all()).toEqual([{ id: 'a', name: 'theirs', draft: { at: new Date(5) }, tags: ['a', 'b'] }]);
    await put({ id: 'a', name: 'theirs', tags: ['a', 'b'] });
    await fixture.replica.applyPage(page(renamed('again', NOW + 9000)));
    expect(await fixture.all()).toEqual([{ id: 'a', name: 'again', tags: ['a', 'b'] }]);
  });

  it('may hold what cannot travel', async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    await put({ id: 'a', name: 'box', draft: cyclic });
    await fixture.replica.applyPage(page(renamed('theirs', NOW + 5000)));
    expect(fixture.local).toEqual([]);
    const [record] = (await fixture.all()) as { name: string; draft: { self: unknown } }[];
    expect(record?.name).toBe('theirs');
    expect(record?.draft.self).toBe(record?.draft);
  });

  it('stays when an edit is refused', async () => {
    await fixture.replica.applyPage(page(renamed('box', NOW)));
    await put({ id: 'a', name: 'mine', tags: [], draft: 'kept' });
    const { number, nonce } = await push();
    const rejected = [{ collection: 'items', id: 'a', code: 'forbidden', detail: 'not yours' }];
    await settleBy(fixture.replica, { number, nonce, rejected });
    expect(await fixture.all()).toEqual([{ id: 'a', name: 'box', tags: [], draft: 'kept' }]);
  });

  it('goes with the record that is deleted', async () => {
    await fixture.replica.applyPage(page(renamed('box', NOW)));
    await put({ id: 'a', name: 'box', tags: [], draft: 'mine' });
    await fixture.replica.applyPage(page({ [`["d","${OTHER}"]`]: [makeStamp(NOW, 0, OTHER), 1] }));
    expect(await fixture.all()).toEqual([]);
  });

  it('may be called __proto__', async () => {
    await put(JSON.parse('{"id":"a","name":"box","tags":[],"__proto__":"mine"}'));
    expect(JSON.stringify((await push()).documents)).not.toContain('mine');
    await fixture.replica.applyPage(page(renamed('theirs', NOW + 5000)));
    const [record] = (await fixture.all()) as object[];
    expect(Object.entries(record as object)).toContainEqual(['__proto__', 'mine']);
  });
});

describe('a record whose only field besides the key looks like a tag', () => {
  it('stays an object', async () => {
    await put({ id: 'a', $date: 5, tags: [] });
    await fixture.replica.drain();
    await put({ id: 'a', $date: 6 });
    await fixture.replica.drain();
    expect(await fixture.all()).toEqual([{ id: 'a', $date: 6, tags: [] }]);
    expect(JSON.stringify((await push()).documents)).toContain('["r","$date"]');
  });
});
