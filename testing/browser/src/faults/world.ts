import { writeFileSync } from 'node:fs';
import type { Item } from '../../pages/app.ts';
import type { Flavour } from '../browser.ts';
import type { Engine } from '../engines.ts';
import { createFolder } from '../folder.ts';
import { type Gateway, startGateway } from '../gateway.ts';
import { type JavaReplica, startReplica } from '../replica.ts';
import { canonical, difference } from '../replicas.ts';
import { startServer, TOKENS } from '../server.ts';
import { eventually } from '../waiting.ts';
import { expiredToken } from './faults.ts';
import { type AppProfile, type AppTab, openProfile } from './profile.ts';

const TABS = 2;
/** What the server declares: `shelf` otherwise than the application does, whose edits of it are refused. */
const FIELDS = { tags: 'set', quantity: 'counter', shelf: 'flag' };

export type Records = Record<string, Omit<Item, 'id'>>;

/** Two browser profiles with two tabs each and a Java replica on one space of a server, of which all but the replica may fail. */
export interface World {
  readonly gateway: Gateway;
  readonly profiles: readonly AppProfile[];
  /** Ends the server abruptly and starts it again on its data. */
  restartServer(): Promise<void>;
  /** Everything works again: nothing is in the way, everybody has a good token and is connected. */
  heal(): Promise<void>;
  /** Waits until all tabs are live, nothing is pending, and all hold what the server does; answers that, and the documents whose edits are kept as refused. */
  converged(): Promise<{ readonly records: Records; readonly letters: readonly string[] }>;
  close(): Promise<void>;
}

export interface Setting {
  readonly engines: readonly [Engine, Engine];
  readonly flavours: readonly [Flavour, Flavour];
}

export async function startWorld({ engines, flavours }: Setting): Promise<World> {
  const space = 'shop';
  const folder = createFolder();
  const schema = folder.in('schema.json');
  writeFileSync(schema, JSON.stringify({ collections: { items: { fields: FIELDS } } }));
  const start = () => startServer({ data: ['--data', folder.in('data'), '--schema', schema] });
  let server = await start();
  const names = new Map(Object.entries(TOKENS).map(([name, token]) => [token, name]));
  for (const name of names.values()) names.set(expiredToken(name), name);
  const gateway = await startGateway(server.port, names);
  const java: JavaReplica = startReplica(gateway.url, space, TOKENS.java);
  const open = (name: 'ada' | 'bob', engine: Engine, flavour: Flavour) =>
    openProfile({
      name,
      engine,
      flavour,
      folder: folder.in(name),
      url: gateway.url,
      space,
      token: TOKENS[name],
      tabs: TABS,
    });
  const profiles = [await open('ada', engines[0], flavours[0]), await open('bob', engines[1], flavours[1])];
  const allTabs = () => profiles.flatMap(({ tabs }) => tabs);

  return {
    gateway,
    profiles,
    async restartServer() {
      await server.stop('SIGKILL');
      server = await start();
      gateway.port = server.port;
    },
    async heal() {
      gateway.heal();
      for (const profile of profiles) await profile.setToken(TOKENS[profile.name as 'ada' | 'bob']);
      for (const tab of allTabs()) {
        await tab.run(({ sync }) => {
          sync.connect();
          window.dispatchEvent(new Event('online')); // so that nobody waits for the end of a back-off
        });
      }
    },
    converged: () =>
      eventually(
        'all tabs and the server hold the same',
        async () => {
          const { problem } = await java.sync();
          if (problem !== undefined) throw new Error(`${problem.code}: ${problem.detail}`);
          const held: Record<string, Records> = { java: (await java.all()) as Records };
          for (const { name, tabs } of profiles) {
            for (const [i, tab] of tabs.entries()) held[`${name} ${i}`] = await recordsIn(tab);
          }
          const statuses = await Promise.all(allTabs().map((tab) => tab.run(({ sync }) => sync.status.value)));
          const letters = await Promise.all(allTabs().map(lettersIn));
          const settled = statuses.every(
            ({ phase, pending, rejected }, i) => phase === 'live' && pending === 0 && rejected === letters[i]?.length,
          );
          const same = new Set(Object.values(held).map(canonical)).size === 1;
          if (!settled || !same) throw new Error(`${JSON.stringify(statuses)}; ${difference(held)}`);
          return { records: held.java as Records, letters: letters.filter((_, i) => i % TABS === 0).flat() };
        },
        60_000,
      ),
    async close() {
      await Promise.allSettled([...profiles.map((profile) => profile.close()), java.stop()]);
      await gateway.close();
      await server.stop();
      folder.delete();
    },
  };
}

async function lettersIn(tab: AppTab): Promise<string[]> {
  const letters = await tab.run(({ sync }) => sync.deadLetters.list());
  return letters.map(({ key }) => key as string);
}

async function recordsIn(tab: AppTab): Promise<Records> {
  const items = await tab.run(({ app }) => app.all());
  return Object.fromEntries(items.map(({ id, ...rest }) => [id, rest]));
}
