import { SyncError } from './errors.ts';

/** How many events an iteration may be behind. */
export const MOST_BEHIND = 1000;

/**
 * A value that can be watched. Iterated over, it gives the value as it is, then later ones: who falls behind gets the latest and misses those in between. The
 * iteration ends when the client is closed.
 */
export interface Observable<T> extends AsyncIterable<T> {
  readonly value: T;
  /** Calls the listener with the value as it is now, and with each later one, until the returned function is called. */
  subscribe(listener: (value: T) => void): () => void;
}

export interface Source<T> extends Observable<T> {
  set(value: T): void;
  /** Nothing will follow. */
  end(): void;
}

export function createSource<T>(initial: T): Source<T> {
  const hub = createHub<T>();
  let current = initial;
  const listen = (listener: Listener<T>) => {
    const stop = hub.listen(listener);
    guarded(listener.next, current);
    return stop;
  };
  return {
    get value() {
      return current;
    },
    subscribe: (next) => listen({ next, end: () => {} }),
    set(value) {
      current = value;
      hub.next(value);
    },
    end: hub.end,
    [Symbol.asyncIterator]: () => iterate(listen, 1),
  };
}

/**
 * Something that happens now and then. Iterated over, it gives each event since the iteration began. One that falls more than 1,000 events behind gives
 * those, and then fails with a {@link SyncError} `overflow`. The iteration ends when the client is closed.
 */
export interface Happening<T> extends AsyncIterable<T> {
  /** Calls the listener with each event from now on, until the returned function is called. */
  subscribe(listener: (event: T) => void): () => void;
}

export interface Emitter<T> extends Happening<T> {
  emit(event: T): void;
  /** Nothing will follow. */
  end(): void;
}

export function createEmitter<T>(): Emitter<T> {
  const hub = createHub<T>();
  return {
    subscribe: (next) => hub.listen({ next, end: () => {} }),
    emit: hub.next,
    end: hub.end,
    [Symbol.asyncIterator]: () => iterate(hub.listen, MOST_BEHIND),
  };
}

interface Listener<T> {
  next(value: T): void;
  end(): void;
}

interface Hub<T> extends Listener<T> {
  listen(listener: Listener<T>): () => void;
}

function createHub<T>(): Hub<T> {
  const listeners = new Set<Listener<T>>();
  let ended = false;
  return {
    listen(listener) {
      if (ended) {
        listener.end();
        return () => {};
      }
      const entry = { ...listener };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    next(value) {
      for (const { next } of [...listeners]) guarded(next, value);
    },
    end() {
      ended = true;
      for (const { end } of listeners) end();
      listeners.clear();
    },
  };
}

/** An application's listener that throws is the application's own error, and nobody else's. */
export function guarded<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value);
  } catch (error) {
    reportError(error);
  }
}

/** @param most how many values are kept for a reader that is behind; of one alone, the latest */
function iterate<T>(listen: (listener: Listener<T>) => () => void, most: number): AsyncIterator<T> {
  const done = { value: undefined, done: true } as const;
  const kept: T[] = [];
  const waiting: ((result: IteratorResult<T>) => void)[] = [];
  let failure: SyncError | undefined;
  let ended = false;

  function end(): void {
    ended = true;
    for (const give of waiting.splice(0)) give(done);
  }

  const stop = listen({
    next(value) {
      const give = waiting.shift();
      if (give !== undefined) return give({ value, done: false });
      if (ended) return;
      if (most === 1) kept.length = 0;
      if (kept.length < most) return void kept.push(value);
      failure = new SyncError('overflow', `the reader of an iteration is more than ${most} events behind`);
      end();
    },
    end,
  });

  return {
    async next() {
      if (kept.length > 0) return { value: kept.shift() as T, done: false };
      if (failure !== undefined) {
        const error = failure;
        failure = undefined;
        stop();
        throw error;
      }
      return ended ? done : new Promise((give) => waiting.push(give));
    },
    async return() {
      stop();
      kept.length = 0;
      end();
      return done;
    },
  };
}
