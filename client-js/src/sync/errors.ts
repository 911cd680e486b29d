/**
 * Why a call to the client fails: a code that stays the same from version to version.
 *
 * - `closed`: the client was closed
 * - `not-open`: no database has been opened through it yet
 * - `disconnected`: the exchange is switched off
 * - `unreachable`: the server was not reached, or the token could not be fetched
 * - `token`: `token()` has failed for a reason of the application's own
 * - `refused`: the server has refused an edit, which is a dead letter now
 * - `gone`: what the call names is not there any more
 * - `changed`: the record was changed after the deletion that is to be made again
 * - `unsent`: the database has edits that are nowhere else
 * - `unsupported`: a record cannot travel as it is
 * - `overflow`: an iteration has fallen too far behind
 * - `other-space`, `other-user`, `erased`: the database is not this client's to synchronise
 * - `quota`: the browser gives the site no more storage, so that nothing is synchronised
 * - `failed`: the client cannot go on; the message says why
 *
 * Any other one is the code of the problem that the server has answered (P-14).
 */
export type SyncErrorCode =
  | 'closed'
  | 'not-open'
  | 'disconnected'
  | 'unreachable'
  | 'token'
  | 'refused'
  | 'gone'
  | 'changed'
  | 'unsent'
  | 'unsupported'
  | 'overflow'
  | 'other-space'
  | 'other-user'
  | 'erased'
  | 'quota'
  | 'failed'
  | (string & {});

/** A call to the client that cannot do what it is for. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly code: SyncErrorCode;

  constructor(code: SyncErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function closedError(): SyncError {
  return new SyncError('closed', 'this client was closed: make another one with watersmeet()');
}
