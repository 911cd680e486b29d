import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Driven, type Flavour, type LaunchOptions, launch } from '../src/browser.ts';
import { editAndMerge, SITUATIONS } from '../src/edits.ts';
import { launchFirefox } from '../src/firefox.ts';
import { live, type Replicas, startReplicasIn } from '../src/replicas.ts';

const launchers = { Chromium: launch, Firefox: launchFirefox } satisfies Record<
  string,
  (options: LaunchOptions) => Promise<Driven>
>;

const pairs: readonly (readonly [Flavour, keyof typeof launchers, Flavour, keyof typeof launchers])[] = [
  ['dexie', 'Chromium', 'idb', 'Chromium'],
  ['idb', 'Chromium', 'raw', 'Firefox'],
  ['raw', 'Chromium', 'dexie', 'Firefox'],
];

describe.each(pairs)('%s in %s and %s in %s and Java', (first, engine, second, other) => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicasIn<Driven>([launchers[engine], launchers[other]], [first, second], 'shop');
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
