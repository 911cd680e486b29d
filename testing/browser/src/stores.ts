import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { JAVA_OPTIONS } from './java.ts';

const REPOSITORY = resolve(import.meta.dirname, '../../..');
const START_MILLIS = 240_000;
const GEODE_FUNCTIONS = resolve(REPOSITORY, 'stores/geode-function/target/classes');

/**
 * How each store that several servers may use is started: a module below `testing/` with a main class that takes a folder, and perhaps more, starts the store on it, prints on one line where it is, and ends it when its standard input ends;
 * and what a server is then told.
 */
const KINDS = {
  cassandra: {
    module: 'cassandra-server',
    main: 'dev.watersmeet.testing.cassandra.DemoMain',
    more: [],
    serverOptions: (contactPoints: string) => [
      '--store=cassandra',
      `--cassandra-contact-points=${contactPoints}`,
      '--cassandra-copies=1',
    ],
  },
  geode: {
    module: 'geode-server',
    main: 'dev.watersmeet.testing.geode.DemoMain',
    more: [GEODE_FUNCTIONS],
    serverOptions: (locator: string) => ['--store=geode', `--geode-locators=${locator}`],
  },
  zookeeper: {
    module: 'zookeeper-server',
    main: 'dev.watersmeet.testing.zookeeper.DemoMain',
    more: [],
    serverOptions: (connectString: string) => [
      '--store=zookeeper',
      `--zookeeper=${connectString}`,
      '--zookeeper-world-writable',
    ],
  },
  drill: {
    module: 'drill-server',
    main: 'dev.watersmeet.testing.drill.DemoMain',
    more: [],
    serverOptions: (drillbit: string, folder: string) => [
      '--store=drill',
      `--data=${folder}`,
      `--drill-url=${drillbit}`,
    ],
  },
};

export type StoreKind = keyof typeof KINDS;

export const STORE_KINDS = Object.keys(KINDS) as StoreKind[];

/** A store that runs for the tests, and that any number of servers may use. */
export interface SharedStore {
  /** What a server is started with to use it. */
  readonly serverOptions: readonly string[];
  /** Where it is, as it has said itself. */
  readonly place: string;
  stop(): Promise<void>;
}

export async function startStore(kind: StoreKind, folder: string): Promise<SharedStore> {
  const { module, main, more, serverOptions } = KINDS[kind];
  const classes = [module, 'forked-server'].map((name) => resolve(REPOSITORY, 'testing', name, 'target/classes'));
  const missing = classes.find((path) => !existsSync(path));
  if (missing) throw new Error(`${missing} is missing: run mvn package -pl testing/${module} -am first`);
  const child = spawn('java', [...JAVA_OPTIONS, '-Xmx64m', '-cp', classes.join(delimiter), main, folder, ...more], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MILLIS);
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const [place] = await Promise.race([
    line,
    exit.then(([code]) => {
      throw new Error(`${kind} did not start within ${START_MILLIS} ms: ended with code ${code}`);
    }),
  ]).finally(() => clearTimeout(timer));
  return {
    serverOptions: serverOptions(place as string, folder),
    place: place as string,
    async stop() {
      child.stdin.end();
      await exit;
    },
  };
}
