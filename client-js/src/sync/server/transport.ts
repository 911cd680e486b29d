import type { Schema } from '../../model/index.ts';
import {
  type Page,
  readSchema,
  readSnapshotPage,
  readSyncAnswer,
  type SnapshotPage,
  type SyncAnswer,
  type SyncRequest,
} from './messages.ts';
import { bearerFrom, reached, request, type Server } from './request.ts';
import type { Patience } from './server-sent-events.ts';
import { createSharedFeeds } from './shared-feeds.ts';
import { checkVersion, createVersions, SPOKEN } from './versions.ts';

export interface Transport {
  sync(request: SyncRequest, signal: AbortSignal): Promise<SyncAnswer>;
  snapshot(replica: string, position: string | null, signal: AbortSignal): Promise<SnapshotPage>;
  /** The schema by which the server reads the space. */
  schema(signal: AbortSignal): Promise<Schema>;
  /** The live feed: pages as they come, from a cursor on. Ends when the server ends it. */
  feed(cursor: string, signal: AbortSignal): AsyncIterable<Page>;
}

export interface TransportOptions {
  readonly url: string;
  readonly space: string;
  readonly token: () => string | Promise<string>;
  readonly fetch: typeof fetch;
  /** How long a live feed may be silent, in milliseconds. */
  readonly patience?: Patience;
  /** The versions to speak; all that this client knows, if not given. */
  readonly versions?: readonly number[];
  /** Called with the server's time and how long the answer took, in milliseconds. */
  readonly onTime: (server: number, roundTrip: number) => void;
  /** Called with the fingerprint of the server's schema, where an answer bears one (P-25). */
  readonly onSchema?: (fingerprint: string) => void;
}

/** A feed begins at once, and a silent one is a dead one: the server sends something at least every 20 s (P-13). */
export const PATIENCE: Patience = { begin: 15_000, silence: 45_000 };

const REQUEST_MILLIS = 60_000;

/** All transports of a page share its live feeds. */
const feeds = createSharedFeeds();

/** Speaks the merge format over HTTP. What the server refuses is a {@link ProblemError}; what does not reach it is a {@link NetworkError}; without a token it is a {@link TokenError}. */
export function createTransport(options: TransportOptions): Transport {
  const { space, token, fetch, patience = PATIENCE, onTime, onSchema } = options;
  const url = options.url.replace(/\/+$/, '');
  const versions = createVersions(options.versions ?? SPOKEN);

  async function server(signal: AbortSignal): Promise<Server> {
    return {
      url,
      fetch,
      bearer: await bearerFrom(token, AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MILLIS)])),
    };
  }

  async function answer<T>(
    path: string,
    init: RequestInit,
    version: number,
    signal: AbortSignal,
    read: (data: unknown) => T,
  ): Promise<{ readonly read: T; readonly roundTrip: number }> {
    const start = performance.now();
    const limited = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MILLIS)]);
    const whole = `/spaces/${encodeURIComponent(space)}${path}`;
    const response = await request(await server(limited), whole, init, limited);
    const data: unknown = await reached(signal, response.json());
    checkVersion(data, version);
    return { read: read(data), roundTrip: performance.now() - start };
  }

  async function timed<T extends { readonly time: number; readonly schema?: string | null }>(
    path: string,
    init: RequestInit,
    version: number,
    signal: AbortSignal,
    read: (data: unknown) => T,
  ): Promise<T> {
    const { read: message, roundTrip } = await answer(path, init, version, signal, read);
    onTime(message.time, roundTrip);
    if (typeof message.schema === 'string') onSchema?.(message.schema);
    return message;
  }

  return {
    sync: (message, signal) =>
      versions.agreed((protocol) => {
        const body = JSON.stringify({ protocol, ...message });
        const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
        return timed('/sync', init, protocol, signal, readSyncAnswer);
      }),
    snapshot: (replica, position, signal) =>
      versions.agreed((protocol) => {
        const query = new URLSearchParams({ protocol: `${protocol}`, replica, ...(position !== null && { position }) });
        return timed(`/snapshot?${query}`, {}, protocol, signal, readSnapshotPage);
      }),
    schema: (signal) =>
      versions.agreed(async (protocol) => {
        return (await answer(`/schema?protocol=${protocol}`, {}, protocol, signal, readSchema)).read;
      }),
    async *feed(cursor, signal) {
      yield* feeds.follow(await server(signal), { space, cursor }, patience, signal);
    },
  };
}
