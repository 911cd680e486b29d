/** A value that can be watched. */
export interface Observable<T> {
  readonly value: T;
  /** Calls the listener with the value as it is now, and with each later one, until the returned function is called. */
  subscribe(listener: (value: T) => void): () => void;
}

export interface Source<T> extends Observable<T> {
  set(value: T): void;
}

export function createSource<T>(initial: T): Source<T> {
  const listeners = new Set<{ listener: (value: T) => void }>();
  let current = initial;
  return {
    get value() {
      return current;
    },
    subscribe(listener) {
      const entry = { listener };
      listeners.add(entry);
      listener(current);
      return () => listeners.delete(entry);
    },
    set(value) {
      current = value;
      for (const { listener } of [...listeners]) guarded(listener, value);
    },
  };
}

/** An application's listener that throws is the application's own error, and nobody else's. */
function guarded<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value);
  } catch (error) {
    reportError(error);
  }
}

/** Something that happens now and then. */
export interface Happening<T> {
  subscribe(listener: (event: T) => void): () => void;
}

export interface Emitter<T> extends Happening<T> {
  emit(event: T): void;
}

export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<{ listener: (event: T) => void }>();
  return {
    subscribe(listener) {
      const entry = { listener };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    emit(event) {
      for (const { listener } of [...listeners]) guarded(listener, event);
    },
  };
}
