import { closedError } from '../errors.ts';
import { guarded } from '../observable.ts';

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

interface Watcher<T> {
  readonly listener: (items: readonly T[]) => void;
  /** What it has been told last. */
  told?: readonly T[];
}

/**
 * Reads while somebody watches, one time after the other: changes that come meanwhile are read together, and what has not changed is not told again.
 *
 * @param same whether two items that were read are the same
 */
export function createListing<T>(
  read: () => Promise<readonly T[]>,
  same: (one: T, other: T) => boolean = () => false,
): ChangingListing<T> {
  const watchers = new Set<Watcher<T>>();
  let last: readonly T[] | undefined;
  let reading = false;
  let again = false;
  let ended = false;

  async function tell(): Promise<void> {
    reading = true;
    do {
      again = false;
      try {
        last = unchanged(await read());
        for (const watcher of [...watchers]) tellOne(watcher, last);
      } catch (error) {
        if (!(error instanceof DOMException)) reportError(error); // a database that is being closed: the next one is read
      }
    } while (again && watchers.size > 0);
    reading = false;
  }

  /** The list that was read before, if it is the same. */
  function unchanged(items: readonly T[]): readonly T[] {
    const known = last;
    const isSame = known?.length === items.length && items.every((item, i) => same(item, known[i] as T));
    return isSame ? (known as readonly T[]) : items;
  }

  function tellOne(watcher: Watcher<T>, items: readonly T[]): void {
    if (!watchers.has(watcher) || watcher.told === items) return;
    watcher.told = items;
    guarded(watcher.listener, items);
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
      const watcher: Watcher<T> = { listener };
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
