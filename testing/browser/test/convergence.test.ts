import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Flavour } from '../src/browser.ts';
import { editAndMerge, SITUATIONS } from '../src/edits.ts';
import { live, type Replicas, startReplicas } from '../src/replicas.ts';

const pairs: readonly (readonly [Flavour, Flavour])[] = [
  ['dexie', 'idb'],
  ['idb', 'raw'],
  ['raw', 'dexie'],
];

describe.each(pairs)('%s and %s and Java', (first, second) => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas([first, second]);
    await live(replicas.ada);
    await live(replicas.bob);
  });
  afterAll(() => replicas.close());

  it.each(SITUATIONS)('merges what all three edit, %s', (situation) => editAndMerge(replicas, situation));

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
