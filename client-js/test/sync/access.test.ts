import { beforeEach, describe, expect, it } from 'vitest';
import { type Cells, makeStamp } from '../../src/model/index.ts';
import { countDeadLetters, readDeadLetters } from '../../src/sync/lists/dead-letters.ts';
import { settleBy } from '../../src/sync/outgoing/outbox.ts';
import type { Replica } from '../../src/sync/replica.ts';
import type { Page, PushMessage, PushOutcome } from '../../src/sync/server/messages.ts';
import { type Fixture, open, pushFrom } from './harness.ts';

const OTHER = '0000000000B0B';
const NOW = 1_790_000_000_000;

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
const NOTHING: Page = { documents: [], dropped: [], withdrawn: [], cursor: 'c1', more: false };
const brings = (id: string, cells: Cells, complete = false): Page => ({
  ...NOTHING,
  documents: [{ collection: 'items', id, cells, whole: false, ...(complete && { complete }) }],
});
const withdraws = (id: string): Page => ({ ...NOTHING, withdrawn: [{ collection: 'items', id }] });

/** Fields that somebody else wrote. */
function theirs(fields: Record<string, string>, millis: number): Cells {
  const stamp = makeStamp(millis, 0, OTHER);
  const cells: Cells = { [`["e","${OTHER}"]`]: [stamp, 0] };
  for (const [field, value] of Object.entries(fields)) cells[`["r","${field}"]`] = [stamp, 0, value];
  return cells;
}

async function snapshot(...documents: Page['documents']): Promise<void> {
  const page = { time: NOW, documents, position: null, cursor: 'c9', total: documents.length, last: null };
  await replica.applySnapshot(page, { id: 'again', position: null, done: 0 });
}

describe('a document that is withdrawn (P-22)', () => {
  it('disappears from the store of the application, which is told', async () => {
    await replica.applyPage(brings('a', theirs({ name: 'box' }, NOW)));
    expect(await replica.applyPage(withdraws('a'))).toEqual([{ collection: 'items', keys: ['a'] }]);
    expect(await fixture.all()).toEqual([]);
    await replica.drain();
    expect(await replica.pending()).toBe(0); // it was not the application that deleted it
    expect((await replica.cursor()).cursor).toBe('c1');
  });

  it('is nothing where it was never held', async () => {
    expect(await replica.applyPage(withdraws('a'))).toEqual([]);
    expect(await replica.applyPage({ ...NOTHING, withdrawn: [{ collection: 'others', id: 'a' }] })).toEqual([]);
  });

  it('keeps what is pending, which is pushed and judged, and is then gone', async () => {
    await replica.applyPage(brings('a', theirs({ name: 'box', shelf: 'B2' }, NOW)));
    await put({ id: 'a', name: 'mine', shelf: 'B2', tags: [], quantity: 0 });
    await replica.applyPage(withdraws('a'));
    expect(await replica.pending()).toBe(1);

    const sent = await push();
    expect(sent.documents[0]?.whole).toBeUndefined();
    expect(JSON.stringify(sent.documents)).not.toContain('B2');
    await settleBy(replica, accepted(sent, 'a'));

    expect(await fixture.all()).toEqual([]);
    expect(await countDeadLetters(fixture.connection)).toBe(1);
    expect((await readDeadLetters(fixture.connection))[0]).toMatchObject({ key: 'a', code: 'forbidden' });
  });

  it('is not uploaded whole after a snapshot that does not show it', async () => {
    await replica.applyPage(brings('a', theirs({ name: 'box' }, NOW)));
    await put({ id: 'a', name: 'mine', tags: [], quantity: 0 });
    await replica.applyPage(withdraws('a'));
    await snapshot();
    expect((await push()).documents[0]?.whole).toBeUndefined();
  });

  it('leaves nothing behind where that comes before the answer to the push that gave it away', async () => {
    await replica.applyPage(brings('a', theirs({ name: 'box', team: 'red' }, NOW)));
    await put({ id: 'a', name: 'box', team: 'blue', tags: [], quantity: 0 });
    const sent = await push();
    await replica.applyPage(withdraws('a'));
    expect((await settleBy(replica, accepted(sent))).changed).toEqual([{ collection: 'items', keys: ['a'] }]);
    expect(await fixture.all()).toEqual([]);
    expect(await replica.pending()).toBe(0);
  });

  it('comes back whole', async () => {
    await replica.applyPage(brings('a', theirs({ name: 'box' }, NOW)));
    await replica.applyPage(withdraws('a'));
    await replica.applyPage(brings('a', theirs({ name: 'crate' }, NOW + 5), true));
    expect(await fixture.all()).toEqual([{ id: 'a', name: 'crate', tags: [], quantity: 0 }]);
  });

  it('stays where it came back before the answer to a push of it', async () => {
    await replica.applyPage(brings('a', theirs({ name: 'box' }, NOW)));
    await put({ id: 'a', name: 'mine', tags: [], quantity: 0 });
    const sent = await push();
    await replica.applyPage(withdraws('a'));
    await replica.applyPage(brings('a', theirs({ name: 'box' }, NOW), true));
    await settleBy(replica, accepted(sent));
    expect(await fixture.all()).toEqual([{ id: 'a', name: 'mine', tags: [], quantity: 0 }]);
  });
});

describe('what is counted of a document that is withdrawn (M-40)', () => {
  const counted = ({ documents }: PushMessage) =>
    documents[0]?.cells.find(([path]) => (path as string[])[0] === 'c') as [string[], string, number, number];
  let former: PushMessage;

  beforeEach(async () => {
    await put({ id: 'a', name: 'box', tags: [], quantity: 5 });
    former = await push();
    await settleBy(replica, accepted(former));
    await put({ id: 'a', name: 'box', tags: [], quantity: 6 });
    await replica.drain();
  });

  it('is counted in a new life, so that it does not write over a total that is held no longer', async () => {
    await replica.applyPage(withdraws('a'));
    const [path, , , value] = counted(await push());
    expect(value).toBe(1);
    expect(path).not.toEqual(counted(former)[0]);
  });

  it('is so, too, where it was on its way and is refused', async () => {
    expect(counted(await push())[3]).toBe(6);
    await replica.applyPage(withdraws('a'));
    await settleBy(replica, accepted(former));
    const [path, , , value] = counted(await push());
    expect(value).toBe(1);
    expect(path).not.toEqual(counted(former)[0]);
  });

  it('goes on where it was if the document comes back in time', async () => {
    expect(counted(await push())[3]).toBe(6);
    await replica.applyPage(withdraws('a'));
    const [path, stamp, , value] = counted(former);
    const told = { [JSON.stringify(path)]: [stamp, 0, value] as const };
    await replica.applyPage(brings('a', { ...theirs({ name: 'box' }, NOW), ...told }, true));
    await settleBy(replica, accepted(former));
    expect(counted(await push())).toEqual([path, expect.any(String), 0, 6]);
  });
});

describe('a document that arrives whole (P-22)', () => {
  it('keeps what was acknowledged while the page was on its way', async () => {
    await replica.applyPage(brings('a', theirs({ name: 'box' }, NOW)));
    await put({ id: 'a', name: 'box', tags: [], quantity: 5 });
    const sent = await push();
    await settleBy(replica, accepted(sent));
    await replica.applyPage(brings('a', theirs({ name: 'box' }, NOW), true)); // read before the push was taken
    await put({ id: 'a', name: 'box', tags: [], quantity: 6 });
    const counter = (await push()).documents[0]?.cells.find(([path]) => (path as string[])[0] === 'c');
    expect(counter?.[3]).toBe(6);
  });

  it('takes the place of what was held of one that the server was thought to have lost', async () => {
    await replica.applyPage(brings('a', theirs({ name: 'box', shelf: 'B2' }, NOW)));
    await put({ id: 'a', name: 'mine', shelf: 'B2', tags: [], quantity: 0 });
    await replica.drain();
    await snapshot();
    await replica.applyPage(brings('a', theirs({ name: 'box' }, NOW), true));
    expect(await fixture.all()).toEqual([{ id: 'a', name: 'mine', tags: [], quantity: 0 }]);
    expect((await push()).documents[0]?.whole).toBeUndefined();
  });
});
