import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { JAVA_OPTIONS } from './java.ts';

const REPOSITORY = resolve(import.meta.dirname, '../../..');
const REPLICA = resolve(REPOSITORY, 'testing/replica/target/watersmeet-testing-replica.jar');

/** A Java replica, as a process of its own that is driven by lines. */
export interface JavaReplica {
  put(id: string, record: object): Promise<void>;
  /** Changes fields; null takes one away. */
  edit(id: string, fields: Record<string, unknown>): Promise<void>;
  remove(id: string): Promise<void>;
  get(id: string): Promise<Record<string, unknown> | null>;
  all(): Promise<Record<string, Record<string, unknown>>>;
  sync(): Promise<{ problem?: { code: string; detail: string } }>;
  stop(): Promise<void>;
}

const ITEMS = { tags: 'set', quantity: 'counter' };

export function startReplica(
  url: string,
  space: string,
  token: string,
  collection = 'items',
  fields: Readonly<Record<string, string>> = ITEMS,
): JavaReplica {
  const schema = JSON.stringify({ [collection]: fields });
  const child = spawn('java', [...JAVA_OPTIONS, '-Xmx128m', '-jar', REPLICA, `${url}/v1`, space, token, schema], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  const ended = new Promise<never>((_, reject) => {
    child.on('exit', (code) => reject(new Error(`the Java replica ended with code ${code}`)));
  });
  ended.catch(() => {}); // whoever waits for an answer hears of it

  function ask<T>(message: object): Promise<T> {
    const answer = new Promise<string>((resolve) => waiting.push(resolve));
    child.stdin.write(`${JSON.stringify({ collection, ...message })}\n`);
    return Promise.race([answer, ended]).then((line) => JSON.parse(line) as T);
  }

  return {
    put: (id, record) => ask({ op: 'put', id, record }),
    edit: (id, fields) => ask({ op: 'edit', id, fields }),
    remove: (id) => ask({ op: 'delete', id }),
    get: async (id) => (await ask<{ record: Record<string, unknown> | null }>({ op: 'get', id })).record,
    all: async () => (await ask<{ records: Record<string, Record<string, unknown>> }>({ op: 'all' })).records,
    sync: () => ask({ op: 'sync' }),
    async stop() {
      child.stdin.end(`${JSON.stringify({ op: 'quit' })}\n`);
      await ended.catch(() => {});
    },
  };
}
