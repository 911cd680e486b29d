import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordAcknowledgements } from '../src/acknowledgements.ts';
import type { Flavour } from '../src/browser.ts';
import { editAndMerge } from '../src/edits.ts';
import { createFolder, type Folder } from '../src/folder.ts';
import { live, type Replicas, startReplicas } from '../src/replicas.ts';
import { type Server, startServer } from '../src/server.ts';
import { type SharedStore, STORE_KINDS, startStore } from '../src/stores.ts';
import { eventually } from '../src/waiting.ts';

const pairs: readonly (readonly [Flavour, Flavour])[] = [
  ['dexie', 'idb'],
  ['raw', 'dexie'],
];

describe.each(STORE_KINDS)('two servers on one store, %s', (kind) => {
  let folder: Folder;
  let store: SharedStore;

  beforeAll(async () => {
    folder = createFolder();
    store = await startStore(kind, folder.in('store'));
  }, 300_000);
  afterAll(async () => {
    await store.stop();
    folder.delete();
  });

  describe.each(pairs)('%s at the one, %s and Java at the other', (first, second) => {
    let replicas: Replicas;

    beforeAll(async () => {
      replicas = await startReplicas([first, second], `${first}-${second}`, store);
      await live(replicas.ada);
      await live(replicas.bob);
    });
    afterAll(() => replicas.close());

    it.each(['online', 'one offline'] as const)('merges what all three edit, %s', (situation) =>
      editAndMerge(replicas, situation),
    );

    it('has what a server acknowledged before it was killed, and goes on when it is back', async () => {
      const { ada, bob, java, servers } = replicas;
      const acknowledged = recordAcknowledgements(ada.page);
      const writing = ada.run(async ({ app }) => {
        const stopped = window as unknown as { stopped?: boolean };
        let written = 0;
        while (!stopped.stopped) {
          await app.put({ id: `item ${written % 50}`, name: `name ${written}`, tags: [], quantity: written });
          written++;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return written;
      });
      await eventually('some pushes are acknowledged', async () => acknowledged.pushes >= 10 || undefined);

      const killed = servers[0] as Server;
      await killed.stop('SIGKILL');
      const known = new Map(acknowledged.ids().map((id) => [id, numberOf(acknowledged.value(id, 'name'))]));
      expect((await java.sync()).problem).toBeUndefined();
      const held = await java.all();
      expect([...known].filter(([id, number]) => !(numberOf(held[id]?.name) >= number))).toEqual([]);
      await bob.run(({ app }) => app.put({ id: 'meanwhile', name: 'at the other', tags: [], quantity: 1 }));

      servers[0] = await startServer({ data: store.serverOptions, port: killed.port });
      await ada.run(() => {
        (window as unknown as { stopped?: boolean }).stopped = true;
      });
      const written = await writing;
      const records = await replicas.converged();
      expect(records.meanwhile?.name).toBe('at the other');
      const last = written - 1;
      expect(records[`item ${last % 50}`]?.name).toBe(`name ${last}`);
    });
  });
});

/** The number of the write that a name carries. */
function numberOf(name: unknown): number {
  return Number(String(name).split(' ')[1]);
}
