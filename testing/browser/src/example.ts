import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import type { Folder } from './folder.ts';
import { JAVA_OPTIONS } from './java.ts';
import { eventually } from './waiting.ts';

const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** The examples of a language as they stand in a document of the repository, in their order. */
export function examplesIn(document: string, language: string): string[] {
  const text = readFileSync(resolve(REPOSITORY, document), 'utf8');
  const found = [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))];
  if (found.length === 0) throw new Error(`${document} has no example in ${language}`);
  return found.map(([, code]) => code as string);
}

/** A server that an application has written in Java. */
export interface JavaExample {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Compiles and runs a server in Java.
 *
 * @param source of one class, whose arguments are the port, the folder of the store and what else is given
 */
export async function runJava(folder: Folder, source: string, ...others: readonly string[]): Promise<JavaExample> {
  const name = /public class (\w+)/.exec(source)?.[1];
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(folder.in(`${name}.java`), source);
  const classpath = [
    resolve(REPOSITORY, 'server/target/watersmeet-server.jar'),
    resolve(REPOSITORY, 'server/target/lib/*'),
  ];
  const child = spawn(
    'java',
    [
      ...JAVA_OPTIONS,
      '-Xmx256m',
      '-cp',
      classpath.join(':'),
      folder.in(`${name}.java`),
      String(port),
      folder.in('data'),
      ...others,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const example = {
    url,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
  try {
    await eventually(`${name} serves`, async () => ((await fetch(url)).status > 0 ? true : undefined), 60_000);
  } catch (error) {
    await example.stop();
    throw error;
  }
  return example;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** Runs an example in a page of a server's origin. */
export async function runPage(context: BrowserContext, url: string, code: string): Promise<Page> {
  const script = await build({
    stdin: { contents: code, loader: 'ts', resolveDir: resolve(import.meta.dirname, '..') },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  await page.route(`${url}/page`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><title>page</title><script type="module" src="/page.js"></script>',
    }),
  );
  await page.route(`${url}/page.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script.outputFiles[0]?.text as string }),
  );
  await page.goto(`${url}/page`);
  return page;
}
