import { feedOfOne, feedOfSeveral, type Start, type Told } from './feed.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import type { Page } from './messages.ts';
import { ProblemError } from './problem.ts';
import type { Server } from './request.ts';
import type { Patience } from './server-sent-events.ts';

/**
 * The live feeds of a page. Spaces of one server that are followed with one token share a connection: a browser opens no
 * more than six to a server by HTTP/1.1 (P-20). Where the server cannot do that, each space has a feed of its own.
 */
export interface SharedFeeds {
  /** Pages as they come, from a cursor on. Ends when the server ends the feed. */
  follow(server: Server, start: Start, patience: Patience, signal: AbortSignal): AsyncGenerator<Page>;
}

/** For so long, in milliseconds, others may join before a connection is made. */
const GATHERING = 20;

/** Statuses that say that a server has no feeds of several spaces, or none of so many. */
const UNSHARED: readonly number[] = [404, 405, 413];

export function createSharedFeeds(): SharedFeeds {
  const connections = new Map<typeof fetch, Map<string, Connection>>();
  const unshared = new Set<string>();

  /** The connection that a space joins; undefined if it has to have its own. */
  function connectionFor(server: Server, space: string, patience: Patience): Connection | undefined {
    if (unshared.has(server.url)) return undefined;
    const ofFetch = connections.get(server.fetch) ?? new Map<string, Connection>();
    connections.set(server.fetch, ofFetch);
    const name = JSON.stringify([server.url, server.bearer]);
    const known = ofFetch.get(name);
    if (known !== undefined) return known.follows(space) ? undefined : known;
    const created = createConnection(server, patience, {
      onUnshared: () => unshared.add(server.url),
      onEmpty: () => {
        ofFetch.delete(name);
        if (ofFetch.size === 0) connections.delete(server.fetch);
      },
    });
    ofFetch.set(name, created);
    return created;
  }

  return {
    async *follow(server, start, patience, signal) {
      signal.throwIfAborted();
      const connection = connectionFor(server, start.space, patience);
      if (connection === undefined) {
        for await (const told of feedOfOne(server, start, patience, signal)) yield pageOf(told);
        return;
      }
      const pages = createMailbox<Page>();
      const leave = connection.join(start, pages);
      const stop = () => {
        pages.close(signal.reason);
        leave(); // at once: whoever takes the pages may still be at work on one
      };
      signal.addEventListener('abort', stop, { once: true });
      try {
        yield* pages;
      } finally {
        signal.removeEventListener('abort', stop);
        leave();
      }
    },
  };
}

function pageOf(told: Told): Page {
  if ('error' in told) throw told.error;
  return told.page;
}

/** One connection, and the spaces that are followed on it. */
interface Connection {
  follows(space: string): boolean;
  /** Follows one more space, after connecting anew. The returned function lets it go. */
  join(start: Start, pages: Mailbox<Page>): () => void;
}

interface Follower {
  readonly space: string;
  readonly pages: Mailbox<Page>;
  cursor: string;
}

interface ConnectionListeners {
  onUnshared(): void;
  onEmpty(): void;
}

function createConnection(
  server: Server,
  patience: Patience,
  { onUnshared, onEmpty }: ConnectionListeners,
): Connection {
  const followers = new Map<string, Follower>();
  let current = new AbortController();
  let gathering: ReturnType<typeof setTimeout> | undefined;

  function connectSoon(): void {
    gathering ??= setTimeout(() => {
      gathering = undefined;
      current.abort();
      current = new AbortController();
      if (followers.size > 0) void run([...followers.values()], current.signal);
    }, GATHERING);
  }

  async function run(followed: readonly Follower[], signal: AbortSignal): Promise<void> {
    const [first] = followed as [Follower];
    const several = followed.length > 1;
    try {
      const feed = several
        ? feedOfSeveral(server, followed.map(startOf), patience, signal)
        : feedOfOne(server, startOf(first), patience, signal);
      for await (const told of feed) {
        if (signal.aborted) return; // what it told is told again from the same cursor
        await take(told, followed);
      }
      if (!signal.aborted) end(followed);
    } catch (error) {
      if (signal.aborted) return;
      if (several && error instanceof ProblemError && UNSHARED.includes(error.status)) {
        onUnshared();
        end(followed); // each comes back, to a feed of its own
      } else {
        end(followed, error);
      }
    }
  }

  async function take(told: Told, followed: readonly Follower[]): Promise<void> {
    if ('error' in told) {
      end(
        followed.filter(({ space }) => told.space === null || told.space === space),
        told.error,
      );
      return;
    }
    const follower = followers.get(told.space);
    if (follower === undefined || !followed.includes(follower)) return;
    follower.cursor = told.page.cursor;
    await follower.pages.put(told.page);
  }

  function end(ended: readonly Follower[], error?: unknown): void {
    for (const follower of ended) {
      follower.pages.close(error);
      remove(follower);
    }
  }

  function remove(follower: Follower): void {
    if (followers.get(follower.space) !== follower) return;
    followers.delete(follower.space);
    if (followers.size > 0) return;
    current.abort();
    clearTimeout(gathering);
    onEmpty();
  }

  return {
    follows: (space) => followers.has(space),
    join({ space, cursor }, pages) {
      const follower: Follower = { space, pages, cursor };
      followers.set(space, follower);
      connectSoon();
      return () => remove(follower);
    },
  };
}

function startOf({ space, cursor }: Follower): Start {
  return { space, cursor };
}
