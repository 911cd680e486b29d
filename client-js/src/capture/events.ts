/** Requests of ours in transactions of the application. */
const hiddenRequests = new WeakSet<EventTarget>();
/** Transactions of ours on connections of the application. */
const silentTransactions = new WeakSet<EventTarget>();

/** Keeps a request's events from everyone. What fails still aborts the transaction. */
export function hide(request: IDBRequest): void {
  hiddenRequests.add(request);
}

/** Keeps the events of a transaction, and of its requests, from the connection's handlers; its own handlers get them. */
export function silence(transaction: IDBTransaction): IDBTransaction {
  silentTransactions.add(transaction);
  for (const type of ['error', 'abort']) transaction.addEventListener(type, (event) => event.stopPropagation());
  return transaction;
}

/** Must be the connection's first listener: a capturing one at the root of the path comes before all others. */
export function stopHiddenEvents(database: IDBDatabase): void {
  for (const type of ['success', 'error']) database.addEventListener(type, stopHiddenEvent, true);
}

function stopHiddenEvent(event: Event): void {
  if (hiddenRequests.has(event.target as EventTarget)) event.stopImmediatePropagation();
}

type Listener = EventListenerOrEventListenerObject;
const deafened = new WeakMap<object, (this: unknown, event: Event) => void>();

/**
 * The listener to add or remove in place of a *capturing* listener of the application on the connection: such a listener
 * comes before the transaction and cannot be kept from silent events by stopping them there. The same for the same listener.
 */
export function deafen(listener: Listener): Listener {
  let deaf = deafened.get(listener);
  if (deaf === undefined) {
    deaf = function (event) {
      if (isSilent(event.target)) return;
      if (typeof listener === 'function') listener.call(this as EventTarget, event);
      else listener.handleEvent(event);
    };
    deafened.set(listener, deaf);
  }
  return deaf;
}

function isSilent(target: EventTarget | null): boolean {
  const transaction = (target as IDBRequest | null)?.transaction ?? target;
  return transaction !== null && silentTransactions.has(transaction);
}

/** Whether `addEventListener` or `removeEventListener` was given a capturing listener. */
export function isCapturing(options: unknown): boolean {
  return typeof options === 'object' && options !== null
    ? Boolean((options as AddEventListenerOptions).capture)
    : Boolean(options);
}
