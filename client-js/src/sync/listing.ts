import { closedError } from './errors.ts';

/** What is kept in the database, as a list that can be watched. */
export interface Listing<T> {
  /** As it stands; empty if no database is open. */
  list(): Promise<readonly T[]>;
  /** Calls the listener with the list as it stands, and again when it has changed, in whichever tab, until the returned function is called. */
  watch(listener: (items: readonly T[]) => void): () => void;
}

export interface ChangingListing<T> extends Listing<T> {
  /** What is listed may have changed. */
  changed(): void;
  end(): void;
}

/** Reads while somebody watches, one time after the other: changes that come meanwhile are read together. */
export function createListing<T>(read: () => Promise<readonly T[]>): ChangingListing<T> {
  const watchers = new Set<{ readonly listener: (items: readonly T[]) => void }>();
  let reading = false;
  let again = false;
  let ended = false;

  async function tell(): Promise<void> {
    reading = true;
    do {
      again = false;
      try {
        const items = await read();
        for (const watcher of [...watchers]) if (watchers.has(watcher)) watcher.listener(items);
      } catch (error) {
        if (!(error instanceof DOMException)) reportError(error); // a database that is being closed: the next one is read
      }
    } while (again && watchers.size > 0);
    reading = false;
  }

  function changed(): void {
    if (watchers.size === 0) return;
    if (reading) again = true;
    else tell();
  }

  return {
    async list() {
      if (ended) throw closedError();
      return read();
    },
    watch(listener) {
      if (ended) return () => {};
      const watcher = { listener };
      watchers.add(watcher);
      changed();
      return () => watchers.delete(watcher);
    },
    changed,
    end() {
      ended = true;
      watchers.clear();
    },
  };
}
