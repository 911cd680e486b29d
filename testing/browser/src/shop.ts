import type { LaunchOptions } from './browser.ts';
import { createFolder, type Folder } from './folder.ts';
import { type JavaReplica, startReplica } from './replica.ts';
import { type Server, startServer, TOKENS } from './server.ts';
import { eventually } from './waiting.ts';

type Records = Awaited<ReturnType<JavaReplica['all']>>;

/** A server with one space, `shop`, a Java replica of that, and a folder for its data and for the profiles of browsers. */
export interface Shop {
  readonly folder: Folder;
  readonly server: Server;
  readonly java: JavaReplica;
  /** How to start a person's browser on it, with Dexie unless told otherwise. */
  browserOf(name: 'ada' | 'bob', others?: Partial<LaunchOptions>): LaunchOptions;
  /** What the server holds. */
  held(): Promise<Records>;
  /** Waits until the server holds a document; answers that. */
  arrived(id: string): Promise<Records[string]>;
  /** Ends the replica and the server, and deletes the folder: close the browsers before. */
  close(): Promise<void>;
}

export async function startShop(): Promise<Shop> {
  const space = 'shop';
  const folder = createFolder();
  const server = await startServer({ data: folder.in('data') });
  const java = startReplica(server.url, space, TOKENS.java);

  async function held(): Promise<Records> {
    await java.sync();
    return java.all();
  }

  return {
    folder,
    server,
    java,
    browserOf: (name, others) => ({
      profile: folder.in(name),
      url: server.url,
      flavour: 'dexie',
      space,
      token: TOKENS[name],
      ...others,
    }),
    held,
    arrived: (id) => eventually(`${id} has arrived`, async () => (await held())[id]),
    async close() {
      await java.stop();
      await server.stop();
      folder.delete();
    },
  };
}
