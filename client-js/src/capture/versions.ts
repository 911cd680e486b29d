/**
 * The version of a captured database in the browser's eyes is the application's plus the schema of the hidden stores
 * times 2^44, so that either can rise on its own. The application only ever sees its own.
 */
const SCHEMA = 1;
const VERSIONS_PER_SCHEMA = 2 ** 44;

/**
 * @throws TypeError for a version that IndexedDB would take, but that leaves no room for the schema
 */
export function nativeVersion(version: number): number {
  const whole = Math.trunc(Number(version));
  if (whole >= VERSIONS_PER_SCHEMA && whole <= Number.MAX_SAFE_INTEGER) {
    throw new TypeError(`Version ${whole} is too high: a captured database has versions below 2^44.`);
  }
  // IndexedDB itself refuses what is no version.
  return whole >= 1 ? whole + SCHEMA * VERSIONS_PER_SCHEMA : version;
}

export function applicationVersion(version: number): number {
  return version % VERSIONS_PER_SCHEMA;
}

/** Makes a version change event show the application's versions. May be applied twice. */
export function shadowVersions(event: IDBVersionChangeEvent): void {
  const { oldVersion, newVersion } = event;
  Object.defineProperties(event, {
    oldVersion: { value: applicationVersion(oldVersion), configurable: true },
    newVersion: { value: newVersion === null ? null : applicationVersion(newVersion), configurable: true },
  });
}

/** Makes a request that failed for its version speak of the application's versions. May be applied twice. */
export function shadowVersionError(request: IDBOpenDBRequest): void {
  const error = request.error;
  if (error?.name === 'VersionError') {
    const message = error.message.replace(/\d+/g, (digits) => String(applicationVersion(Number(digits))));
    shadowError(request, new DOMException(message, error.name));
  }
}

export function shadowError(request: IDBRequest, error: DOMException): void {
  // fake-indexeddb assigns the error: the setter keeps that from throwing.
  Object.defineProperty(request, 'error', { get: () => error, set: () => {}, configurable: true });
}
