import type { Item } from '../pages/app.ts';
import { type Browser, type Driven, type Flavour, type LaunchOptions, launch } from './browser.ts';
import { createFolder, type Folder } from './folder.ts';
import { type JavaReplica, startReplica } from './replica.ts';
import { type Server, startServer, TOKENS } from './server.ts';
import type { SharedStore } from './stores.ts';
import { eventually } from './waiting.ts';

/** Two browser profiles and a Java replica on one space of a server, or of two servers that share a store. */
export interface Replicas<B extends Driven = Driven> {
  /** The one, or that of Ada and that of Bob and the Java replica. */
  readonly servers: Server[];
  readonly ada: B;
  readonly bob: B;
  readonly java: JavaReplica;
  /** Waits until all three hold the same records and nothing is pending; answers them. */
  converged(): Promise<Record<string, Omit<Item, 'id'>>>;
  close(): Promise<void>;
}

type Launcher<B extends Driven> = (options: LaunchOptions) => Promise<B>;

/** Both browsers are Chromium. */
export function startReplicas(
  flavours: readonly [Flavour, Flavour],
  space: string,
  shared?: SharedStore,
): Promise<Replicas<Browser>> {
  return startReplicasIn([launch, launch], flavours, space, shared);
}

/** @param launchers start Ada's browser and Bob's */
export async function startReplicasIn<B extends Driven>(
  launchers: readonly [Launcher<B>, Launcher<B>],
  flavours: readonly [Flavour, Flavour],
  space: string,
  shared?: SharedStore,
): Promise<Replicas<B>> {
  const folder: Folder = createFolder();
  const first = await startServer({ data: shared?.serverOptions ?? folder.in('data') });
  const servers = [first];
  if (shared !== undefined) servers.push(await startServer({ data: shared.serverOptions }));
  const other = servers.at(-1) as Server;
  const java = startReplica(other.url, space, TOKENS.java);
  const open = (name: 'ada' | 'bob', { url }: Server) => {
    const i = name === 'ada' ? 0 : 1;
    return launchers[i]({ profile: folder.in(name), url, flavour: flavours[i], space, token: TOKENS[name] });
  };
  const ada = await open('ada', first);
  const bob = await open('bob', other);

  return {
    servers,
    ada,
    bob,
    java,
    async converged() {
      return eventually('three replicas hold the same', async () => {
        const problem = (await java.sync()).problem;
        if (problem !== undefined) throw new Error(`${problem.code}: ${problem.detail}`);
        const [one, other, third] = [await recordsOf(ada), await recordsOf(bob), await java.all()];
        const [pending, more] = [await pendingOf(ada), await pendingOf(bob)];
        if (pending + more > 0 || canonical(one) !== canonical(other) || canonical(one) !== canonical(third)) {
          throw new Error(`pending ${pending} and ${more}; ${difference({ ada: one, bob: other, java: third })}`);
        }
        return one;
      });
    },
    async close() {
      await Promise.allSettled([ada.close(), bob.close(), java.stop()]);
      await Promise.all(servers.map((server) => server.stop()));
      folder.delete();
    },
  };
}

/** The records of a browser by their ids, without these, as a Java replica shows them. */
export async function recordsOf(browser: Driven): Promise<Record<string, Omit<Item, 'id'>>> {
  const items = await browser.run(({ app }) => app.all());
  return Object.fromEntries(items.map(({ id, ...rest }) => [id, rest]));
}

export function pendingOf(browser: Driven): Promise<number> {
  return browser.run(({ sync }) => sync.status.value.pending);
}

/** Waits until a browser is in step, with nothing pending. */
export function live(browser: Driven): Promise<true> {
  return eventually('the browser is live', async () => {
    const status = await browser.run(({ sync }) => sync.status.value);
    if (status.phase !== 'live' || status.pending > 0) throw new Error(JSON.stringify(status));
    return true as const;
  });
}

/** The first document that the replicas hold differently. */
export function difference(held: Readonly<Record<string, Record<string, unknown>>>): string {
  const ids = new Set(Object.values(held).flatMap(Object.keys));
  for (const id of ids) {
    const records = Object.entries(held).map(([name, records]) => `${name}: ${canonical(records[id] ?? null)}`);
    if (new Set(records.map((record) => record.slice(record.indexOf(':')))).size > 1)
      return `${id}: ${records.join(', ')}`;
  }
  return 'all records are the same';
}

export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
