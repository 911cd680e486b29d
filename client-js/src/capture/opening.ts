import type { Connection } from './connection.ts';
import { captureDatabase, captureUpgrade } from './database.ts';
import { META_STORE } from './names.ts';
import { natively } from './natives.ts';
import type { CompleteOptions } from './types.ts';
import { addHiddenStores } from './upgrade.ts';
import { applicationVersion, nativeVersion, shadowError, shadowVersionError, shadowVersions } from './versions.ts';

/** Opens a database so that its connection is captured before any handler of the application runs. */
export function openCaptured(
  native: IDBFactory,
  options: CompleteOptions,
  name: string,
  version: number | undefined,
): IDBOpenDBRequest {
  const request = version === undefined ? native.open(name) : native.open(name, nativeVersion(version));
  let connection: Connection | undefined;
  let reopened = false;

  request.addEventListener('blocked', (event) => shadowVersions(event as IDBVersionChangeEvent));
  request.addEventListener('error', () => {
    shadowVersionError(request);
    options.onFailed?.(name, request.error);
  });
  request.addEventListener('upgradeneeded', (event) => {
    connection = upgrade(request, event, options);
  });
  request.addEventListener('success', (event) => {
    if (reopened) return;
    const database = request.result;
    if (natively(() => database.objectStoreNames).contains(META_STORE)) {
      connection ??= captureDatabase(database, options);
      connection.opened();
    } else if (nativeVersion(applicationVersion(database.version)) <= database.version) {
      // Its version leaves no room: it stays as it is.
      options.onUncaptured?.(name);
    } else {
      // An open without a version found a database that was never captured: that takes an upgrade.
      reopened = true;
      event.stopImmediatePropagation();
      const { version } = database;
      database.close();
      forward(openCaptured(native, options, name, applicationVersion(version)), request);
    }
  });
  return request;
}

function upgrade(request: IDBOpenDBRequest, event: IDBVersionChangeEvent, options: CompleteOptions): Connection {
  const database = request.result;
  const transaction = request.transaction as IDBTransaction;
  const connection = captureDatabase(database, options);
  const isNew = event.oldVersion === 0;
  const upgrade = captureUpgrade(database, transaction, isNew);

  shadowVersions(event);
  const existing = event.oldVersion;
  const requested = event.newVersion as number;
  if (existing > requested) {
    // Higher in the browser's eyes alone, which counts our schema too.
    event.stopImmediatePropagation();
    const message = `The requested version (${requested}) is less than the existing version (${existing}).`;
    shadowError(request, new DOMException(message, 'VersionError'));
    transaction.abort();
    return connection;
  }
  addHiddenStores(upgrade);
  // Only the hidden stores were missing: for the application that is no upgrade.
  if (existing === requested && !isNew) event.stopImmediatePropagation();
  return connection;
}

/** Lets one open request take the place of another that the application holds. */
function forward(from: IDBOpenDBRequest, to: IDBOpenDBRequest): void {
  for (const attribute of ['result', 'error', 'readyState', 'transaction'] as const) {
    Object.defineProperty(to, attribute, { get: () => from[attribute], configurable: true });
  }
  for (const type of ['success', 'error', 'blocked']) {
    from.addEventListener(type, (event) => {
      const handled = !to.dispatchEvent(copyOf(event));
      if (handled) event.preventDefault();
    });
  }
}

function copyOf(event: Event): Event {
  // The event's own class: IDBVersionChangeEvent reads the versions, and fake-indexeddb takes no events but its own.
  const EventClass = event.constructor as new (type: string, init: object) => Event;
  const { bubbles, cancelable, oldVersion, newVersion } = event as IDBVersionChangeEvent;
  return new EventClass(event.type, {
    bubbles,
    cancelable,
    ...(oldVersion !== undefined && { oldVersion, newVersion }),
  });
}
