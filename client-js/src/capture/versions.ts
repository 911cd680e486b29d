/**
 * The version of a captured database in the browser's eyes is the application's plus the schema of the hidden stores
 * times 2^44, so that either can rise on its own. The application only ever sees its own. Versions from 2^52 on, which
 * leave no room for that, stand as they are.
 */
const SCHEMA = 1;
const VERSIONS_PER_SCHEMA = 2 ** 44;
const FIRST_UNCHANGED = 2 ** 52;

/**
 * @throws TypeError for a version that IndexedDB would take, but that is another one's in the browser's eyes
 */
export function nativeVersion(version: number): number {
  const whole = Math.trunc(version);
  if (whole >= VERSIONS_PER_SCHEMA && whole < FIRST_UNCHANGED) {
    throw new TypeError(`Version ${whole} cannot be captured: versions are below 2^44, or from 2^52 on.`);
  }
  // IndexedDB itself refuses what is no version.
  return whole >= 1 && whole < FIRST_UNCHANGED ? whole + SCHEMA * VERSIONS_PER_SCHEMA : version;
}

export function applicationVersion(version: number): number {
  return version < FIRST_UNCHANGED ? version % VERSIONS_PER_SCHEMA : version;
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
