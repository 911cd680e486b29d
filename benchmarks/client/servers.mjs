import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const OURS = resolve(import.meta.dirname, '../../server/target/watersmeet-server.jar');
const POUCH = resolve(import.meta.dirname, '../rivals/node_modules/pouchdb-server/bin/pouchdb-server');
const START_MILLIS = 60_000;

/** The bearer token that our server knows. */
export const TOKEN = 'token-of-the-benchmark';

/**
 * A server in a process of its own.
 *
 * @typedef {object} Served
 * @property {number} port on this machine
 * @property {() => Promise<void>} stop
 */

/** The program as it is run, on the embedded store. @returns {Promise<Served>} */
export async function startOurs(folder) {
  if (!existsSync(OURS)) throw new Error(`${OURS} is missing: bin/bench client builds it`);
  const options = ['-Xmx512m', '-jar', OURS, '--port', '0', '--data', folder, '--token', `bench=${TOKEN}`];
  const { child, log, ended } = start('java', options, folder);
  for await (const line of createInterface({ input: child.stdout })) {
    const ready = /^Watersmeet is ready at http:\/\/[^:]*:(\d+)/.exec(line);
    if (ready === null) continue;
    child.stdout.resume();
    return { port: Number(ready[1]), stop: () => stop(child, ended) };
  }
  throw new Error(`the server ended before it was ready:\n${log()}`);
}

/** `pouchdb-server` on LevelDB, without its log, which makes it faster. @returns {Promise<Served>} */
export async function startPouch(folder) {
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'config.json'), '{"log":{"level":"none"}}');
  const port = await freePort();
  const options = [POUCH, '--port', String(port), '--dir', 'data', '--config', 'config.json', '--no-stdout-logs'];
  const { child, log, ended } = start('node', options, folder);
  child.stdout.resume();
  for (const until = Date.now() + START_MILLIS; Date.now() < until && child.exitCode === null; ) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer?.ok) return { port, stop: () => stop(child, ended) };
    await sleep(50);
  }
  await stop(child, ended);
  throw new Error(`pouchdb-server does not serve:\n${log()}`);
}

function start(command, options, folder) {
  mkdirSync(folder, { recursive: true });
  const child = spawn(command, options, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  return { child, log: () => log, ended };
}

async function stop(child, ended) {
  child.kill('SIGKILL');
  await ended;
}

async function freePort() {
  const socket = createServer();
  await new Promise((listening) => socket.listen(0, '127.0.0.1', listening));
  const { port } = socket.address();
  await new Promise((closed) => socket.close(closed));
  return port;
}
