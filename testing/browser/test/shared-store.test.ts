import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordAcknowledgements } from '../src/acknowledgements.ts';
import { type Browser, type Flavour, openContext } from '../src/browser.ts';
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

  it.runIf(kind === 'drill')('shows in a SELECT, and on the demo page, what a browser has written', async () => {
    const server = await startServer({ data: [...store.serverOptions, '--demo'] });
    const context = await openContext(folder.in('profile'));
    try {
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(server.url);
      const left = page.frameLocator('[data-testid=pane-left]');
      await left.getByTestId('fill').click();
      const name = left.getByTestId('item').first().getByTestId('item-name');
      await name.fill("O'Hara's `nails`; --");
      await name.press('Enter');
      await page.getByTestId('sql-toggle').click();
      await page.getByTestId('sql-rows').getByText("O'Hara's `nails`; --").waitFor({ timeout: 60_000 });

      const rows = await select(
        store.place,
        "SELECT name, quantity FROM dfs.watersmeet.items WHERE name LIKE 'O''Hara%' AND `_space` = 'stockroom'",
      );
      expect(rows).toHaveLength(1);

      for (const query of ['none', "stock'; SELECT 1", 'SELECT * FROM sys.version']) {
        const refused = await fetch(`${server.url}/demo/sql?query=${encodeURIComponent(query)}`);
        expect(refused.status).toBe(404);
      }
    } finally {
      await context.close();
      await server.stop();
    }
  });

  describe.each(pairs)('%s at the one, %s and Java at the other', (first, second) => {
    let replicas: Replicas<Browser>;

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

/** Has Drill run a statement by its REST interface, which answers with status 200 also when it has failed. */
async function select(drillbit: string, query: string): Promise<unknown[]> {
  const answer = await fetch(`${drillbit}/query.json`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ queryType: 'SQL', query }),
  });
  const { queryState, rows } = (await answer.json()) as { queryState: string; rows: unknown[] };
  expect(queryState).toBe('COMPLETED');
  return rows;
}

/** The number of the write that a name carries. */
function numberOf(name: unknown): number {
  return Number(String(name).split(' ')[1]);
}
