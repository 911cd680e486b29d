import { type Cells, decodeDocument, encodeDocument, joined, type WireDocument } from '../../src/model/index.ts';
import type { PushMessage, PushOutcome, SyncRequest } from '../../src/sync/server/messages.ts';

/** What befalls a request: it does not arrive, or arrives twice, its answer is lost, or it is refused for now. */
export type Mishap = 'lost' | 'twice' | 'unanswered' | 'refused';

/** A server in memory that joins what it is pushed and tells it to all: who has read how far, and whose push was the last, as the exchange asks of it (P-4 to P-13). */
export interface MemoryServer {
  /** What one client reaches it by. @param refuses the documents of which it may not edit anything */
  connection(refuses?: ReadonlySet<string>): Connection;
  documents(): ReadonlyMap<string, Cells>;
}

export interface Connection {
  readonly fetch: typeof fetch;
  /** The next request meets with this. */
  next(mishap: Mishap): void;
  /** Ends live feeds, as servers may at any time. */
  endFeeds(): void;
}

/** How many documents a page of a snapshot has. */
const PAGE = 2;

export function createMemoryServer(): MemoryServer {
  const state = new Map<string, WireDocument>();
  const log: string[][] = [];
  const last = new Map<string, PushOutcome>();
  const feeds = new Set<() => void>();

  function accept(replica: string, push: PushMessage, refuses: ReadonlySet<string>): Response | PushOutcome {
    const before = last.get(replica);
    if (before?.nonce === push.nonce) return before;
    if (push.number !== (before?.number ?? 0) + 1) {
      const problem = { code: 'push-out-of-order', status: 409, retry: 'settle', detail: '', last: before ?? null };
      return json(problem, 409);
    }
    const documents = push.documents.map((data) => decodeDocument(data));
    const isRefused = ({ id }: WireDocument) => refuses.has(String(id));
    const rejected = documents
      .filter(isRefused)
      .map(({ collection, id }) => ({ collection, id, code: 'forbidden', detail: '' }));
    const accepted = documents.filter((document) => !isRefused(document));
    const names = accepted.map((document) => {
      const name = String(document.id);
      state.set(name, { ...document, whole: false, cells: joined(state.get(name)?.cells ?? {}, document.cells) });
      return name;
    });
    const outcome = { number: push.number, nonce: push.nonce, rejected };
    last.set(replica, outcome);
    log.push(names);
    for (const tell of feeds) tell();
    return outcome;
  }

  function changes(cursor: string | null) {
    const names = [...new Set(log.slice(Number(cursor)).flat())];
    return { documents: encoded(names), cursor: String(log.length), more: false };
  }

  function encoded(names: readonly string[]) {
    return names.map((name) => encodeDocument(state.get(name) as WireDocument));
  }

  function snapshot(query: URLSearchParams): Response {
    const [cursor, after] = JSON.parse(query.get('position') ?? JSON.stringify([String(log.length), ''])) as string[];
    const names = [...state.keys()].sort().filter((name) => name > (after as string));
    const page = names.slice(0, PAGE);
    const position = names.length > PAGE ? JSON.stringify([cursor, page.at(-1)]) : null;
    const told = last.get(query.get('replica') as string) ?? null;
    return json({ documents: encoded(page), position, cursor, total: state.size, last: told });
  }

  function sync({ replica, cursor, pull, push }: SyncRequest, refuses: ReadonlySet<string>): Response {
    const outcome = push === undefined ? null : accept(replica, push, refuses);
    if (outcome instanceof Response) return outcome;
    return json({ push: outcome, ...(pull && { changes: changes(cursor) }) });
  }

  function feed(start: string | null, ends: Set<() => void>, signal: AbortSignal | null): Response {
    let cursor = start;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        const tell = () => {
          const page = changes(cursor);
          ({ cursor } = page);
          controller.enqueue(new TextEncoder().encode(`event: changes\ndata: ${JSON.stringify(page)}\n\n`));
        };
        const end = () => {
          feeds.delete(tell);
          ends.delete(end);
          if (signal?.aborted) controller.error(signal.reason);
          else controller.close();
        };
        feeds.add(tell);
        ends.add(end);
        signal?.addEventListener('abort', () => ends.has(end) && end());
        tell();
      },
    });
    return new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  return {
    documents: () => new Map([...state].map(([name, { cells }]) => [name, cells])),
    connection(refuses = new Set()) {
      const ends = new Set<() => void>();
      const mishaps: Mishap[] = [];
      const answer = async (url: URL, init: RequestInit | undefined): Promise<Response> => {
        await new Promise((resolve) => setTimeout(resolve));
        init?.signal?.throwIfAborted();
        const resource = url.pathname.split('/').at(-1);
        if (resource === 'snapshot') return snapshot(url.searchParams);
        if (resource === 'sync') return sync(JSON.parse(init?.body as string) as SyncRequest, refuses);
        if (resource === 'changes') return feed(url.searchParams.get('cursor'), ends, init?.signal ?? null);
        return json({}, 404);
      };
      return {
        async fetch(input, init) {
          const url = new URL(String(input));
          const mishap = url.pathname.endsWith('/feed') ? undefined : mishaps.shift();
          if (mishap === 'lost') throw new TypeError('the request was lost');
          if (mishap === 'refused') return json({ code: 'busy', status: 503, retry: 'later', detail: '' }, 503);
          const answered = await answer(url, init);
          if (mishap === 'unanswered') throw new TypeError('the answer was lost');
          return mishap === 'twice' && url.pathname.endsWith('/sync') ? answer(url, init) : answered;
        },
        next: (mishap) => void mishaps.push(mishap),
        endFeeds: () => {
          for (const end of [...ends]) end();
        },
      };
    },
  };
}

function json(body: object, status = 200): Response {
  return new Response(JSON.stringify({ protocol: 1, time: Date.now(), ...body }), { status });
}
