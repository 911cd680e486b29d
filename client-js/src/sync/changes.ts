/** Documents whose records have changed. */
export interface Change {
  readonly collection: string;
  readonly ids: readonly IDBValidKey[];
  /** `local`: written by this browser, in whichever tab; `remote`: arrived from the server. */
  readonly origin: 'local' | 'remote';
}
