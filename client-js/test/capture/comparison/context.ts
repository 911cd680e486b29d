import { createShow } from './show.ts';

/** Something that an application does with IndexedDB. It is done natively and captured; what it logs must not differ. */
export interface Comparison {
  readonly name: string;
  /** Whether it needs what only a window has. */
  readonly window?: true;
  /** A browser in which it differs, for a reason that the documentation names. */
  readonly differsIn?: string;
  run(context: Context): Promise<void> | void;
}

export interface Context {
  readonly indexedDB: IDBFactory;
  /** A name for a database that is deleted before and after. There are further ones: this one with a digit at its end. */
  readonly name: string;
  log(...values: unknown[]): void;
  /** Logs what a function returns, or the name of what it throws. Returns what it returned. */
  attempt<T>(label: string, work: () => T): T | undefined;
  /** Opens a database and waits. The connection is closed at the end. */
  open(version?: number, upgrade?: Upgrade, name?: string): Promise<IDBDatabase>;
  /** Logs the events of these types, as they come, with phase, target and whose handler hears them. */
  listen(label: string, target: EventTarget | null, types?: readonly string[], options?: AddEventListenerOptions): void;
}

export type Upgrade = (db: IDBDatabase, transaction: IDBTransaction, event: IDBVersionChangeEvent) => void;

export function comparison(
  name: string,
  run: Comparison['run'],
  settings: Pick<Comparison, 'window' | 'differsIn'> = {},
): Comparison {
  return { name, run, ...settings };
}

/** Something that a scenario can be kept from ending by. */
const PATIENCE = 10_000;
const NAMES = ['', '1', '2'];

/** Runs a comparison on one factory. @param native deletes the databases */
export async function logOf(
  { name: title, run }: Comparison,
  indexedDB: IDBFactory,
  native: IDBFactory,
): Promise<string[]> {
  const lines: string[] = [];
  const show = createShow();
  const connections: IDBDatabase[] = [];
  const name = `comparison ${title}`;
  const log = (...values: unknown[]) => void lines.push(values.map(show).join(' '));
  const context: Context = {
    indexedDB,
    name,
    log,
    attempt(label, work) {
      try {
        const value = work();
        log(label, '->', value);
        return value;
      } catch (error) {
        log(label, 'throws', error);
        return undefined;
      }
    },
    open: async (version, upgrade, own = name) => {
      const request = version === undefined ? indexedDB.open(own) : indexedDB.open(own, version);
      request.onupgradeneeded = (event) => {
        connections.push(request.result);
        upgrade?.(request.result, request.transaction as IDBTransaction, event);
      };
      const db = await result(request);
      connections.push(db);
      return db;
    },
    listen(label, target, types = ['success', 'error', 'abort', 'complete'], options) {
      for (const type of types) {
        target?.addEventListener(
          type,
          (event) =>
            log(label, 'hears', event, 'phase', event.eventPhase, 'target', event.target, 'at', event.currentTarget),
          options,
        );
      }
    },
  };
  const clear = () => Promise.all(NAMES.map((suffix) => result(native.deleteDatabase(name + suffix))));
  await clear();
  const ended = await Promise.race([
    Promise.resolve(run(context)).then(
      () => 'done',
      (error: unknown) => `failed: ${show(error)} ${error instanceof Error ? error.message : ''}`,
    ),
    pause(PATIENCE).then(() => 'never ends'),
  ]);
  log(ended);
  for (const connection of connections) connection.close();
  await Promise.race([clear(), pause(2000)]);
  return lines;
}

export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

export function ended(transaction: IDBTransaction): Promise<'complete' | 'abort'> {
  return new Promise((resolve) => {
    transaction.addEventListener('complete', () => resolve('complete'));
    transaction.addEventListener('abort', () => resolve('abort'));
  });
}

export function pause(millis = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

/** Waits for an event. */
export function event<E extends Event = Event>(target: EventTarget, type: string): Promise<E> {
  return new Promise((resolve) => target.addEventListener(type, (event) => resolve(event as E), { once: true }));
}
