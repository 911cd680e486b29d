/** Requests of ours in transactions of the application. */
const hiddenRequests = new WeakSet<EventTarget>();
/** Transactions of ours on connections of the application, and what to call when they end. */
const silentTransactions = new WeakMap<EventTarget, () => void>();

/** Keeps a request's events from everyone. What fails still aborts the transaction. */
export function hide(request: IDBRequest): void {
  hiddenRequests.add(request);
}

/**
 * Keeps the events of a transaction, and of its requests, from all listeners but the handlers that stand in their own attributes, such as
 * `onsuccess`.
 */
export function silence(transaction: IDBTransaction, ended: () => void): void {
  silentTransactions.set(transaction, ended);
}

/**
 * Must be the connection's first listener: a capturing one at the root of the path comes before all others.
 *
 * @param succeeded is told of each request that succeeds, and says whether it knows it for the application's
 */
export function stopHiddenEvents(database: IDBDatabase, succeeded: (request: EventTarget) => boolean): void {
  const stopUnlessKnown = (event: Event) => {
    if (!succeeded(event.target as EventTarget)) stopHiddenEvent(event);
  };
  database.addEventListener('success', stopUnlessKnown, true);
  for (const type of ['error', 'abort', 'complete']) database.addEventListener(type, stopHiddenEvent, true);
}

function stopHiddenEvent(event: Event): void {
  const target = event.target as IDBRequest | IDBTransaction;
  const transaction = 'transaction' in target ? (target.transaction as IDBTransaction) : target;
  const ended = silentTransactions.get(transaction);
  if (ended === undefined && !hiddenRequests.has(target)) return;
  event.stopImmediatePropagation();
  if (ended === undefined) return;
  if (event.type === 'complete' || event.type === 'abort') ended();
  const handler: unknown = Reflect.get(target, `on${event.type}`);
  if (typeof handler === 'function') handler.call(target, event);
}

/** Aborts a transaction, if it still can be. */
export function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It is finished, or about to be.
  }
}
