import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { CHROMIUM } from '../../../testing/browser/src/chromium.mjs';

const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

/** A page in a real browser. */
export interface BrowserPage {
  /** Evaluates an expression, which may yield a promise of JSON data. */
  evaluate<T>(expression: string): Promise<T>;
  close(): Promise<void>;
}

export interface BrowserKind {
  readonly name: string;
  readonly installed: boolean;
  open(url: string): Promise<BrowserPage>;
}

export const browsers: readonly BrowserKind[] = [
  { name: 'Chromium', installed: existsSync(CHROMIUM.executablePath), open: (url) => openChromium(url) },
  { name: 'Firefox', installed: existsSync(FIREFOX), open: (url) => openFirefox(url) },
];

/** The same browsers in the mode that keeps nothing on disk. */
export const privateBrowsers: readonly BrowserKind[] = [
  { name: 'Chromium', installed: existsSync(CHROMIUM.executablePath), open: openIncognito },
  {
    name: 'Firefox',
    installed: existsSync(FIREFOX),
    open: (url) => openFirefox(url, { 'browser.privatebrowsing.autostart': true }),
  },
];

async function openChromium(url: string): Promise<BrowserPage> {
  const profile = await mkdtemp(join(tmpdir(), 'capture-'));
  // Persistent: the default context does not keep IndexedDB on disk.
  const context = await chromium.launchPersistentContext(profile, CHROMIUM);
  const page = await context.newPage();
  await page.goto(url);
  return {
    evaluate: (expression) => page.evaluate(expression),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

async function openIncognito(url: string): Promise<BrowserPage> {
  const browser = await chromium.launch(CHROMIUM);
  const page = await browser.newPage();
  await page.goto(url);
  return { evaluate: (expression) => page.evaluate(expression), close: () => browser.close() };
}

async function openFirefox(url: string, preferences: Record<string, unknown> = {}): Promise<BrowserPage> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: true,
    protocolTimeout: 300_000,
    extraPrefsFirefox: preferences,
  });
  const page = await browser.newPage();
  await page.goto(url);
  return {
    evaluate: (expression) => page.evaluate(expression) as Promise<never>,
    close: () => browser.close(),
  };
}

/** Serves a page whose script is the bundle of the module, also as `/script.js` to workers. */
export async function servePage(entry: string, resolveDir: string): Promise<{ url: string; server: Server }> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir, loader: 'ts' },
    bundle: true,
    format: 'iife',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"development"' },
    write: false,
  });
  const script = outputFiles[0]?.text ?? '';
  const server = createServer((request, response) => {
    const [type, body] =
      request.url === '/script.js'
        ? ['text/javascript', script]
        : ['text/html', '<!doctype html><title>capture</title><script src="/script.js"></script>'];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}
