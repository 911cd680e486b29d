import {
  type Page,
  readOutcome,
  readPage,
  readSnapshotPage,
  readSyncAnswer,
  type SnapshotPage,
  type SyncAnswer,
  type SyncRequest,
} from './messages.ts';
import { NetworkError, type ProblemError, problemOf } from './problem.ts';
import { eventsOf } from './server-sent-events.ts';

export interface Transport {
  sync(request: SyncRequest, signal: AbortSignal): Promise<SyncAnswer>;
  snapshot(replica: string, position: string | null, signal: AbortSignal): Promise<SnapshotPage>;
  /** The live feed: pages as they come, from a cursor on. Ends when the server ends it. */
  feed(cursor: string, signal: AbortSignal): AsyncIterable<Page>;
}

export interface TransportOptions {
  readonly url: string;
  readonly space: string;
  readonly token: () => string | Promise<string>;
  readonly fetch: typeof fetch;
  /** Called with the server's time and how long the answer took, in milliseconds. */
  readonly onTime: (server: number, roundTrip: number) => void;
}

/** A silent feed is a dead one: the server sends something at least every 20 s (P-13). */
const SILENCE_MILLIS = 45_000;
const REQUEST_MILLIS = 60_000;

/** Speaks the merge format over HTTP. What the server refuses is a {@link ProblemError}; what does not reach it fails as fetch does. */
export function createTransport({ url, space, token, fetch, onTime }: TransportOptions): Transport {
  const base = `${url.replace(/\/+$/, '')}/spaces/${encodeURIComponent(space)}`;

  async function request(path: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${await unlessAborted(signal, Promise.resolve(token()))}`);
    const response = await reached(signal, fetch(base + path, { ...init, headers, signal, cache: 'no-store' }));
    if (!response.ok) throw await refusal(response);
    return response;
  }

  async function timed<T extends { readonly time: number }>(
    path: string,
    init: RequestInit,
    signal: AbortSignal,
    read: (data: unknown) => T,
  ): Promise<T> {
    const start = performance.now();
    const limited = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MILLIS)]);
    const response = await request(path, init, limited);
    const answer = read(await reached(signal, response.json()));
    onTime(answer.time, performance.now() - start);
    return answer;
  }

  return {
    sync: (message, signal) =>
      timed(
        '/sync',
        { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(message) },
        signal,
        readSyncAnswer,
      ),
    snapshot(replica, position, signal) {
      const query = new URLSearchParams({ replica, ...(position !== null && { position }) });
      return timed(`/snapshot?${query}`, {}, signal, readSnapshotPage);
    },
    async *feed(cursor, signal) {
      const query = new URLSearchParams({ cursor });
      const silence = new AbortController();
      const timer = setTimeout(() => silence.abort(new NetworkError('the live feed does not begin')), SILENCE_MILLIS);
      const open = AbortSignal.any([signal, silence.signal]);
      const response = await request(`/changes?${query}`, { headers: { Accept: 'text/event-stream' } }, open).finally(
        () => clearTimeout(timer),
      );
      if (response.body === null) return;
      for await (const { event, data } of eventsOf(response.body, SILENCE_MILLIS)) {
        if (event === 'changes') yield readPage(JSON.parse(data));
        if (event === 'problem') throw problem(200, JSON.parse(data));
      }
    },
  };
}

/** Waits for something that does not know the signal. */
function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}

/** What fails on the way to the server or back is a {@link NetworkError}, unless it was given up on purpose. */
async function reached<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (signal.aborted && !(error instanceof DOMException && error.name === 'TimeoutError')) throw signal.reason;
    throw new NetworkError(String(error));
  }
}

async function refusal(response: Response): Promise<ProblemError> {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const body: unknown = await response.json().catch(() => undefined);
  return problem(response.status, body, Number.isFinite(seconds) ? seconds * 1000 : undefined);
}

function problem(status: number, body: unknown, retryAfter?: number): ProblemError {
  const last = typeof body === 'object' && body !== null && 'last' in body ? readOutcome(body.last) : undefined;
  return problemOf(status, body, last, retryAfter);
}
