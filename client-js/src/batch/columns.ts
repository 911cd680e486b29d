import { MalformedError } from '../model/index.ts';

/** The columns of a batch, in the order in which they stand in it (M-28). */
export const COLUMNS = [
  'collections',
  'replicas',
  'paths',
  'documentFlags',
  'documentCollections',
  'documentIdLengths',
  'documentIds',
  'documentCells',
  'cellPaths',
  'cellRemoved',
  'stampMillis',
  'stampCounters',
  'stampReplicas',
  'pathReplicas',
  'valueLengths',
  'values',
] as const;

export type Column = (typeof COLUMNS)[number];

/** The bits of a document's flags: no existence is left out (M-33), it is a re-upload (P-9), its cells are all that there is for the reader (P-22). */
export const BARE = 1;
export const WHOLE = 2;
export const COMPLETE = 4;

const REPLICA_CHARACTERS = 16; // `,"` + 13 + `"`
const BY_ANY = '["d","*"]';

/** The text of a path without the replica at its end (M-29). */
export function entryOf(path: string): string {
  return endsWithReplica(path) ? `${path.slice(0, -REPLICA_CHARACTERS - 1)}]` : path;
}

/** The text of the path of an entry, with the replica at its end if such paths have one. */
export function pathOf(entry: string, replica: string): string {
  return endsWithReplica(entry) ? `${entry.slice(0, -1)},"${replica}"]` : entry;
}

/** Whether a path ends with a replica, told by its beginning or by that of its entry. */
export function endsWithReplica(path: string): boolean {
  return 'edscbm'.includes(kind(path)) && path !== BY_ANY;
}

/** Whether a cell has a value, which its kind tells (M-10). */
export function hasValue(path: string, removed: number): boolean {
  return (removed === 0 ? 'rcnv' : 'b').includes(kind(path));
}

export function kind(path: string): string {
  return path.charAt(2);
}

/** Refuses an entry that does not say its kind. */
export function checkEntry(entry: string): string {
  if (!/^\["[edrscbmnv]"(,.*)?\]$/s.test(entry)) {
    throw new MalformedError('the column of paths', `a path begins with its kind: ${entry}`);
  }
  return entry;
}
