import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Conflict, type Watersmeet, watersmeet } from '../../src/index.ts';
import { type Cells, counter, makeStamp, sinceOf } from '../../src/model/index.ts';
import { settleBy } from '../../src/sync/outgoing/outbox.ts';
import type { PushMessage } from '../../src/sync/server/messages.ts';
import { type Fixture, open, pushFrom } from './harness.ts';

const OTHER = '0000000000B0B';
const NOW = 1_790_000_000_000;
const SINCE = sinceOf(makeStamp(NOW, 0, OTHER));

let now: number;
let fixture: Fixture;

beforeEach(async () => {
  now = NOW;
  fixture = await open(() => now++, {
    fields: { items: { fields: { tags: 'set', quantity: 'counter', place: 'map' }, deletion: 'last-writer-wins' } },
  });
});

const put = (record: object) => fixture.write((store) => store.put(record));
const page = (cells: Cells) => ({
  documents: [{ collection: 'items', id: 'a', cells, whole: false }],
  dropped: [],
  withdrawn: [],
  cursor: 'c1',
  more: false,
});
const stamp = (millis: number) => makeStamp(millis, 0, OTHER);
const theirs = (millis: number, cells: Cells): Cells => ({ [`["e","${OTHER}"]`]: [stamp(millis), 0], ...cells });
const renamed = (millis: number, name: string) => theirs(millis, { '["r","name"]': [stamp(millis), 0, name] });
const own = () => fixture.replica.leadership.replica;

describe('an edit that meets one from elsewhere', () => {
  it('and loses is told, with both, once', async () => {
    await put({ id: 'a', name: 'mine' });
    await fixture.replica.applyPage(page(renamed(NOW + 5000, 'theirs')));
    const conflict: Conflict = {
      collection: 'items',
      id: 'a',
      about: 'field',
      field: 'name',
      way: ['name'],
      mine: { value: 'mine', removed: false, replica: own(), millis: expect.any(Number) as never },
      theirs: { value: 'theirs', removed: false, replica: OTHER, millis: NOW + 5000 },
      winner: 'theirs',
      number: 1,
      at: expect.any(Number) as never,
    };
    expect(fixture.conflicts).toEqual([conflict]);
    await fixture.replica.applyPage(page(renamed(NOW + 5000, 'theirs')));
    expect(fixture.conflicts).toHaveLength(1);
    expect(await fixture.all()).toMatchObject([{ name: 'theirs' }]);
  });

  it('and wins is told, too', async () => {
    await put({ id: 'a', name: 'mine' });
    await fixture.replica.applyPage(page(renamed(NOW - 5000, 'theirs')));
    expect(fixture.conflicts).toMatchObject([{ way: ['name'], winner: 'mine', theirs: { value: 'theirs' } }]);
    expect(await fixture.all()).toMatchObject([{ name: 'mine' }]);
  });

  it('in another field, a set, a counter or another leaf loses nothing', async () => {
    await put({ id: 'a', name: 'mine', tags: ['x'], quantity: 1, place: { town: 'Ulm' } });
    const cells = theirs(NOW + 5000, {
      '["r","shelf"]': [stamp(NOW + 5000), 0, 'B2'],
      [`["s","tags","y","${OTHER}"]`]: [stamp(NOW + 5000), 0],
      [counter('quantity', SINCE, OTHER)]: [stamp(NOW + 5000), 0, 2],
      '["n","place","street"]': [stamp(NOW + 5000), 0, 'Hof'],
    });
    await fixture.replica.applyPage(page(cells));
    expect(fixture.conflicts).toEqual([]);
    expect(await fixture.all()).toMatchObject([{ quantity: 3, place: { town: 'Ulm', street: 'Hof' } }]);
  });

  it('names a leaf by its way', async () => {
    await put({ id: 'a', place: { home: { town: 'Ulm' } } });
    const cells = { '["n","place","home","town"]': [stamp(NOW + 5000), 0, 'Bern'] } as const;
    await fixture.replica.applyPage(page(theirs(NOW + 5000, cells)));
    expect(fixture.conflicts).toMatchObject([{ about: 'field', way: ['place', 'home', 'town'] }]);
  });

  it('in a snapshot is told as in a page', async () => {
    await put({ id: 'a', name: 'mine' });
    const { documents } = page(renamed(NOW + 5000, 'theirs'));
    await fixture.replica.applySnapshot(
      { documents, cursor: 'c1', position: 'p', total: 1, last: null, time: NOW },
      { id: 's', position: null, done: 0 },
    );
    expect(fixture.conflicts).toMatchObject([{ way: ['name'], winner: 'theirs' }]);
  });
});

describe('a deletion', () => {
  it('that kills a pending edit is told of the document', async () => {
    await fixture.replica.applyPage(page(renamed(NOW - 5000, 'box')));
    await put({ id: 'a', name: 'mine', tags: [], quantity: 0, place: {} });
    await fixture.replica.applyPage(
      page({ [`["d","${OTHER}"]`]: [stamp(NOW - 5000), 1], '["d","*"]': [stamp(NOW + 5000), 1] }),
    );
    expect(await fixture.all()).toEqual([]);
    expect(fixture.conflicts).toMatchObject([
      { about: 'document', way: [], winner: 'theirs', theirs: { removed: true, replica: OTHER, millis: NOW + 5000 } },
    ]);
  });
});

describe('an echo', () => {
  it('of an own edit is no conflict with a later one', async () => {
    await put({ id: 'a', name: 'first' });
    const push = (await pushFrom(fixture.replica, fixture.random)) as PushMessage;
    await put({ id: 'a', name: 'second', tags: [], quantity: 0, place: {} });
    const sent = Object.fromEntries(
      push.documents.flatMap(({ cells }) => cells.map(([path, ...cell]) => [JSON.stringify(path), cell])),
    );
    await fixture.replica.applyPage(page(sent as unknown as Cells));
    await settleBy(fixture.replica, { number: push.number, nonce: push.nonce, rejected: [] });
    expect(fixture.conflicts).toEqual([]);
    expect(await fixture.all()).toMatchObject([{ name: 'second' }]);
  });
});

// The examples of docs/conflicts.md are parts of what follows.

export function exampleOfListening(sync: Watersmeet, notify: (text: string) => void): () => void {
  return sync.conflicts.subscribe(({ collection, id, way, mine, theirs, winner }) => {
    if (winner === 'theirs') {
      notify(`${collection}/${id} ${way.join('.')}: ${mine.value} was replaced by ${theirs.value}`);
    }
  });
}

export function exampleOfDeclaring(token: () => string): Watersmeet {
  return watersmeet({
    url: '/v1',
    space: 'shop-7',
    token,
    collections: {
      notes: { tags: 'set', votes: 'counter', state: 'multi', place: 'map', done: 'flag' },
      drafts: { fields: {}, deletion: 'last-writer-wins', local: ['scrollPosition'] },
    },
  });
}

describe('the guide', () => {
  it('shows what is compiled here', () => {
    const spaced = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
    const source = spaced(readFileSync(new URL(import.meta.url), 'utf8'));
    const guide = readFileSync(new URL('../../../docs/conflicts.md', import.meta.url), 'utf8');
    const examples = [...guide.matchAll(/```ts\n(.*?)```/gs)].map(([, example]) => example as string);
    expect(examples).toHaveLength(2);
    for (const example of examples) expect(source).toContain(spaced(example));
  });
});
