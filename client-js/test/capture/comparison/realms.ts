import { type CaptureOptions, capture } from '../../../src/capture/index.ts';
import { type Comparison, logOf } from './context.ts';
import { chapters } from './index.ts';

/** Runs comparisons in the window and in the workers that it starts; the same script runs in all of them. */
export type Realm = 'window' | 'dedicated' | 'shared' | 'service';

export interface Compared {
  readonly name: string;
  readonly native: readonly string[];
  readonly captured: readonly string[];
}

const native = indexedDB;

async function compareHere(chapter: string, options: CaptureOptions): Promise<Compared[]> {
  const compared: Compared[] = [];
  const isWindow = typeof window !== 'undefined';
  for (const comparison of chapters[chapter] ?? []) {
    if (comparison.window && !isWindow) continue;
    compared.push(await compareOne(comparison, options));
  }
  return compared;
}

/** How often a scenario is run again that came out differently: what the browser itself leaves to chance does not count. */
const RETRIES = 3;

async function compareOne(comparison: Comparison, options: CaptureOptions): Promise<Compared> {
  for (let tries = 0; ; tries++) {
    const expected = await logOf(comparison, native, native);
    const captured = await logOf(comparison, capture(native, options), native);
    if (options.follow || tries === RETRIES || expected.join('\n') === captured.join('\n')) {
      return { name: comparison.name, native: expected, captured };
    }
  }
}

interface Question {
  readonly chapter: string;
  readonly options: CaptureOptions;
}

interface Answering {
  postMessage(message: unknown): void;
}

async function answer({ data }: MessageEvent<Question>, to: Answering): Promise<void> {
  to.postMessage(await compareHere(data.chapter, data.options));
}

/** Lets this realm compare: a window by a function `compare`, a worker by messages. */
export function offerComparisons(): void {
  if (typeof window !== 'undefined') {
    Object.assign(window, { compare });
    return;
  }
  const scope = globalThis as unknown as EventTarget & { skipWaiting?(): void };
  scope.addEventListener('connect', (event) => {
    const port = (event as MessageEvent).ports[0] as MessagePort;
    port.onmessage = (message) => answer(message, port);
  });
  scope.addEventListener('install', () => scope.skipWaiting?.());
  scope.addEventListener('message', (event) => {
    const message = event as MessageEvent<Question> & { waitUntil?(promise: Promise<unknown>): void };
    const done = answer(message, (message.source ?? scope) as unknown as Answering);
    message.waitUntil?.(done);
  });
}

async function compare(realm: Realm, chapter: string, options: CaptureOptions): Promise<Compared[]> {
  if (realm === 'window') return compareHere(chapter, options);
  const { postMessage, target } = await start(realm);
  return new Promise((resolve, reject) => {
    target.addEventListener('message', (event) => resolve((event as MessageEvent).data), { once: true });
    target.addEventListener('error', (event) => reject(new Error((event as ErrorEvent).message)));
    postMessage({ chapter, options });
  });
}

async function start(realm: Realm): Promise<{ postMessage(message: unknown): void; target: EventTarget }> {
  switch (realm) {
    case 'shared': {
      const { port } = new SharedWorker('/script.js');
      port.start();
      return { postMessage: (message) => port.postMessage(message), target: port };
    }
    case 'service': {
      await navigator.serviceWorker.register('/script.js');
      const { active } = await navigator.serviceWorker.ready;
      navigator.serviceWorker.startMessages();
      return { postMessage: (message) => active?.postMessage(message), target: navigator.serviceWorker };
    }
    default: {
      const worker = new Worker('/script.js');
      return { postMessage: (message) => worker.postMessage(message), target: worker };
    }
  }
}
