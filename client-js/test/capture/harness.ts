import {
  type CapturedConnection,
  type CaptureOptions,
  capture,
  type Note,
  type NoteRow,
  sideStoreName,
} from '../../src/capture/index.ts';

/** What a scenario runs on: fake-indexeddb in Node, or the real thing in a browser. */
export interface Environment {
  readonly native: IDBFactory;
  readonly keyRange: typeof IDBKeyRange;
  /** A name that no other scenario uses. */
  readonly name: string;
}

export interface Scenario {
  readonly name: string;
  /** Whether it needs `IDBDatabase` and the like as globals. */
  readonly globals?: boolean;
  /** Whether it needs a browser that lets writers of different stores run side by side; Firefox does not. */
  readonly parallel?: boolean;
  run(environment: Environment): Promise<void>;
}

export function scenario(
  name: string,
  run: Scenario['run'],
  settings: Pick<Scenario, 'globals' | 'parallel'> = {},
): Scenario {
  return { name, run, ...settings };
}

/** A captured factory and what it has told its owner. */
export interface Recorder {
  readonly factory: IDBFactory;
  readonly opened: CapturedConnection[];
  readonly closed: CapturedConnection[];
  readonly written: (readonly string[])[];
  readonly untracked: string[];
}

export function record(environment: Environment, options: Partial<CaptureOptions> = {}): Recorder {
  const [opened, closed, written, untracked] = [[], [], [], []] as [
    CapturedConnection[],
    CapturedConnection[],
    (readonly string[])[],
    string[],
  ];
  let counter = 0;
  const factory = capture(environment.native, {
    stores: '*',
    reading: () => [1_790_000_000_000, counter++],
    onOpen: (connection) => opened.push(connection),
    onClose: (connection) => closed.push(connection),
    onWritten: (_, stores) => written.push(stores),
    onUntracked: (store, reason) => untracked.push(`${store}: ${reason}`),
    ...options,
  });
  return { factory, opened, closed, written, untracked };
}

export type Upgrade = (db: IDBDatabase, transaction: IDBTransaction, event: IDBVersionChangeEvent) => void;

export function open(factory: IDBFactory, name: string, version?: number, upgrade?: Upgrade): Promise<IDBDatabase> {
  const request = version === undefined ? factory.open(name) : factory.open(name, version);
  request.onupgradeneeded = (event) => upgrade?.(request.result, request.transaction as IDBTransaction, event);
  return result(request);
}

export const todos: Upgrade = (db) => {
  db.createObjectStore('todos', { keyPath: 'id' });
};

/** A captured database with the one store `todos`, keyed by `id`. */
export async function openTodos(environment: Environment, options?: Partial<CaptureOptions>) {
  const recorder = record(environment, options);
  const db = await open(recorder.factory, environment.name, 1, todos);
  return { ...recorder, db, connection: latest(recorder) };
}

export function latest(recorder: Recorder): CapturedConnection {
  const connection = recorder.opened.at(-1);
  if (connection === undefined) throw new Error('No connection was opened.');
  return connection;
}

export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    on(request, 'success', () => resolve(request.result));
    on(request, 'error', () => reject(request.error));
  });
}

export function done(transaction: IDBTransaction): Promise<'complete' | 'abort'> {
  return new Promise((resolve) => {
    on(transaction, 'complete', () => resolve('complete'));
    on(transaction, 'abort', () => resolve('abort'));
  });
}

/** Listens to what is the application's and to what is hidden from it, whose events reach attributes alone. */
function on(target: IDBRequest | IDBTransaction, type: string, listener: () => void): void {
  const attribute = `on${type}`;
  if (Reflect.get(target, attribute) === null) Reflect.set(target, attribute, listener);
  else target.addEventListener(type, listener);
}

/** Writes in one transaction and waits for its end. */
export function write(db: IDBDatabase, stores: string | string[], work: (transaction: IDBTransaction) => void) {
  const transaction = db.transaction(stores, 'readwrite');
  const end = done(transaction);
  work(transaction);
  return end;
}

export async function rowsOf(connection: CapturedConnection, store: string): Promise<NoteRow[]> {
  const side = sideStoreName(store);
  return result(connection.transaction([side], 'readonly').objectStore(side).getAll());
}

export async function notesOf(connection: CapturedConnection, store: string): Promise<Note[]> {
  return (await rowsOf(connection, store)).flatMap((row) => row.notes);
}

export function pause(millis = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

export function same(actual: unknown, expected: unknown, what = 'value'): void {
  const [left, right] = [show(actual), show(expected)];
  if (left !== right) throw new Error(`${what}:\n  actual   ${left}\n  expected ${right}`);
}

/** The name of what the function throws, or `undefined`. */
export function thrownBy(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).name;
  }
}

export function rejectionOf(promise: Promise<unknown>): Promise<DOMException> {
  return promise.then(
    () => {
      throw new Error('The promise was expected to be rejected.');
    },
    (error) => error,
  );
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (value instanceof ArrayBuffer) return `ArrayBuffer(${[...new Uint8Array(value)]})`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${[...(value as Uint8Array)]})`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${key}: ${show(member)}`).join(', ')}}`;
}
