import type { SchemaDifference } from '../model/index.ts';

/** How the synchronisation stands. */
export interface Status {
  /**
   * - `offline`: switched off, not started, or the server cannot be reached; edits are kept
   * - `connecting`: on the way to the server
   * - `syncing`: reading a snapshot; `done` of `total` documents
   * - `live`: in step, and told of changes as they happen
   * - `polling`: in step, and asks for changes now and then: something on the way to the server holds live feeds back
   * - `failed`: the server refuses this client; `problem` says why, and what does not change by itself
   */
  readonly phase: 'offline' | 'connecting' | 'syncing' | 'live' | 'polling' | 'failed';
  /** Documents with edits that the server has not confirmed. */
  readonly pending: number;
  /** Edits that the server has refused, kept as dead letters. */
  readonly rejected: number;
  /** Records that their store refuses as they have become by merging, for a unique index; not there while there is none. */
  readonly withheld?: number;
  readonly done?: number;
  readonly total?: number;
  /** What this client declares otherwise than the server, whose schema decides; not there while there is nothing. */
  readonly schema?: readonly SchemaDifference[];
  /** The object stores that hold something that cannot travel and stays on this device, as far as it was met since the page was loaded. */
  readonly local?: readonly string[];
  /** Whether the browser has promised to keep the site's data also when space is short; not there unless it was asked. */
  readonly persisted?: boolean;
  /**
   * What is wrong: a code of the server's, or of this device: `quota` (the browser gives the site no more storage), `closed` (the browser has closed the
   * database, and perhaps deleted it), `database` (it cannot be opened), `other-space`, `other-user`, `erased` (it is not this client's to synchronise), `token` (`token()` has failed, and is
   * asked again), `client` (anything else).
   */
  readonly problem?: { readonly code: string; readonly detail: string };
}

export const OFFLINE: Status = { phase: 'offline', pending: 0, rejected: 0 };

/** Some of a status; what is undefined goes. */
export type StatusChange = { readonly [Name in keyof Status]?: Status[Name] | undefined };

export function changedStatus(status: Status, change: StatusChange): Status {
  const changed = { ...status, ...change } as Status;
  for (const key of Object.keys(changed) as (keyof Status)[])
    if (changed[key] === undefined) delete changed[key as keyof Omit<Status, 'phase' | 'pending' | 'rejected'>];
  return changed;
}
