import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Flavour } from '../src/browser.ts';
import { live, type Replicas, startReplicas } from '../src/replicas.ts';

const pairs: readonly (readonly [Flavour, Flavour])[] = [
  ['dexie', 'idb'],
  ['idb', 'raw'],
  ['raw', 'dexie'],
];

const away = {
  online: [],
  'one offline': ['ada'],
  'both offline': ['ada', 'bob'],
} as const;

/** The documents of one round: each for a case of its own. */
const cases = ['same-field', 'fields', 'tags', 'count', 'unseen', 'reborn', 'gone'] as const;

describe.each(pairs)('%s and %s and Java', (first, second) => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas([first, second]);
    await live(replicas.ada);
    await live(replicas.bob);
  });
  afterAll(() => replicas.close());

  describe.each(Object.entries(away))('%s', (situation, offline) => {
    const id = (name: (typeof cases)[number]) => `${situation} ${name}`;

    it('merges what all three edit', async () => {
      const { ada, bob, java } = replicas;
      const ids = Object.fromEntries(cases.map((name) => [name, id(name)])) as Record<(typeof cases)[number], string>;
      await ada.run(async ({ app }, names) => {
        for (const id of names) await app.put({ id, name: 'box', shelf: 'A1', tags: ['old'], quantity: 10 });
      }, Object.values(ids));
      await replicas.converged();

      const gone = offline.map((name) => replicas[name]);
      for (const browser of gone) await browser.run(({ sync }) => sync.disconnect());

      await ada.run(async ({ app }, id) => {
        await app.edit(id['same-field'], { name: 'first' });
        await app.edit(id.fields, { name: 'crate' });
        await app.addTag(id.tags, 'blue');
        await app.removeTag(id.tags, 'old');
        await app.count(id.count, 5);
        await app.edit(id.unseen, { name: 'kept' });
        await app.remove(id.reborn);
        await new Promise((resolve) => setTimeout(resolve, 50)); // else the two would be one edit
        await app.put({ id: id.reborn, name: 'again', tags: ['new'], quantity: 1 });
        await app.remove(id.gone);
      }, ids);
      await tick();
      await bob.run(async ({ app }, id) => {
        await app.edit(id['same-field'], { name: 'second' });
        await app.edit(id.fields, { shelf: 'B2' });
        await app.addTag(id.tags, 'red');
        await app.removeTag(id.tags, 'old');
        await new Promise((resolve) => setTimeout(resolve, 50)); // else the two would be no edit
        await app.addTag(id.tags, 'old'); // an addition that the removal has not seen
        await app.count(id.count, -3);
      }, ids);
      if (situation !== 'online') await bob.run(({ app }, id) => app.remove(id), ids.unseen);
      await java.edit(ids.count, { quantity: await javaCount(ids.count, 100) });
      await java.edit(ids.fields, { note: 'from Java' });
      await tick();

      for (const browser of gone) await browser.run(({ sync }) => sync.connect());
      const records = await replicas.converged();

      expect(records[ids['same-field']]?.name).toBe('second');
      expect(records[ids.fields]).toEqual({
        name: 'crate',
        shelf: 'B2',
        note: 'from Java',
        tags: ['old'],
        quantity: 10,
      });
      expect(records[ids.tags]?.tags.toSorted()).toEqual(['blue', 'old', 'red']);
      expect(records[ids.count]?.quantity).toBe(112);
      expect(records[ids.unseen]?.name).toBe('kept');
      expect(records[ids.reborn]).toEqual({ name: 'again', tags: ['new'], quantity: 1 });
      expect(records[ids.gone]).toBeUndefined();
    });

    async function javaCount(id: string, difference: number): Promise<number> {
      const record = await replicas.java.get(id);
      return (record?.quantity as number) + difference;
    }
  });

  it('keeps the edit that a deletion had not seen, and forgets the one that it had', async () => {
    const { ada, bob } = replicas;
    await ada.run(async ({ app }) => {
      await app.put({ id: 'seen', name: 'box', tags: [], quantity: 0 });
      await app.edit('seen', { name: 'edited' });
    });
    await replicas.converged();
    await bob.run(({ app }) => app.remove('seen'));
    expect((await replicas.converged()).seen).toBeUndefined();
  });
});

/** Stamps of later edits are later, also within a millisecond of two clocks. */
function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
