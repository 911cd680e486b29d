import { expect } from 'vitest';
import type { Replicas } from './replicas.ts';

/** Who edits without being connected. */
const OFFLINE = { online: [], 'one offline': ['ada'], 'both offline': ['ada', 'bob'] } as const;

export type Situation = keyof typeof OFFLINE;

export const SITUATIONS = Object.keys(OFFLINE) as Situation[];

/** The documents of one round: each for a case of its own. */
const CASES = ['same-field', 'fields', 'tags', 'count', 'unseen', 'reborn', 'gone'] as const;

/** Has three replicas edit the same documents, each its part of each case, waits until they hold the same, and expects that to be what merging makes of it. */
export async function editAndMerge({ converged, ...replicas }: Replicas, situation: Situation): Promise<void> {
  const { ada, bob, java } = replicas;
  const ids = Object.fromEntries(CASES.map((name) => [name, `${situation} ${name}`])) as Record<
    (typeof CASES)[number],
    string
  >;
  await ada.run(async ({ app }, names) => {
    for (const id of names) await app.put({ id, name: 'box', shelf: 'A1', tags: ['old'], quantity: 10 });
  }, Object.values(ids));
  await converged();

  const gone = OFFLINE[situation].map((name) => replicas[name]);
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
  const before = await java.get(ids.count);
  await java.edit(ids.count, { quantity: (before?.quantity as number) + 100 });
  await java.edit(ids.fields, { note: 'from Java' });
  await tick();

  for (const browser of gone) await browser.run(({ sync }) => sync.connect());
  const records = await converged();

  expect(records[ids['same-field']]?.name).toBe('second');
  expect(records[ids.fields]).toEqual({ name: 'crate', shelf: 'B2', note: 'from Java', tags: ['old'], quantity: 10 });
  expect(records[ids.tags]?.tags.toSorted()).toEqual(['blue', 'old', 'red']);
  expect(records[ids.count]?.quantity).toBe(112);
  expect(records[ids.unseen]?.name).toBe('kept');
  expect(records[ids.reborn]).toEqual({ name: 'again', tags: ['new'], quantity: 1 });
  expect(records[ids.gone]).toBeUndefined();
}

/** Stamps of later edits are later, also within a millisecond of two clocks. */
function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
