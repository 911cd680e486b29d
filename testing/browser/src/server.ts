import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { JAVA_OPTIONS } from './java.ts';

const REPOSITORY = resolve(import.meta.dirname, '../../..');
const SERVER = resolve(REPOSITORY, 'server/target/watersmeet-server.jar');
const START_MILLIS = 60_000;

/** The stand-alone server, as a process of its own. */
export interface Server {
  readonly url: string;
  readonly port: number;
  /** What the server has logged so far. */
  log(): string;
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export interface ServerOptions {
  /** The folder of the embedded store, or what else the server is started with to have a store. */
  readonly data: string | readonly string[];
  readonly port?: number;
}

/** The tokens that every server of the tests knows. */
export const TOKENS = { ada: 'token-of-ada', bob: 'token-of-bob', java: 'token-of-java' };

export async function startServer({ data, port = 0 }: ServerOptions): Promise<Server> {
  if (!existsSync(SERVER)) throw new Error(`${SERVER} is missing: run mvn package -pl server -am first`);
  const tokens = Object.entries(TOKENS).flatMap(([name, token]) => ['--token', `${name}=${token}`]);
  const store = typeof data === 'string' ? ['--data', data] : data;
  return start('java', [...JAVA_OPTIONS, '-Xmx256m', '-jar', SERVER, '--port', String(port), ...store, ...tokens]);
}

/** The command that visitors start. */
export function startDemo(data: string): Promise<Server> {
  return start(resolve(REPOSITORY, 'bin/demo'), ['--port', '0', '--data', data]);
}

async function start(command: string, args: readonly string[]): Promise<Server> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk;
  });
  const url = await ready(child, () => log);
  return {
    url,
    port: Number(new URL(url).port),
    log: () => log,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill(signal);
      await once(child, 'exit');
      return child.exitCode;
    },
  };
}

async function ready(child: ChildProcess, log: () => string): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the server was not ready after ${START_MILLIS} ms:\n${log()}`));
    }, START_MILLIS);
    lines.on('line', (line) => {
      const match = /^Watersmeet is ready at (http:\/\/\S+?)\/?$/.exec(line);
      if (match === null) return;
      clearTimeout(timer);
      resolve(match[1] as string);
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with code ${code}:\n${log()}`));
    });
  });
}
