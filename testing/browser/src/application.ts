import { resolve } from 'node:path';
import { build } from 'esbuild';

/** Where the test application is served, on the origin of the server. */
export const PAGE = '/test/page';
export const SCRIPT = '/test/main.js';
export const PAGE_HTML = `<!doctype html><title>test</title><script src="${SCRIPT}"></script>`;

let script: Promise<string> | undefined;

/** The test application's script, bundled once. */
export function applicationScript(): Promise<string> {
  script ??= bundled('../pages/main.ts');
  return script;
}

/** A script for browsers. @param entry its module, from this folder */
export async function bundled(entry: string, format: 'iife' | 'esm' = 'iife'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [resolve(import.meta.dirname, entry)],
    bundle: true,
    format,
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.text as string;
}
