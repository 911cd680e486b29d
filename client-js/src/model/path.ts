import { MalformedError } from './errors.ts';
import { canonical, checkJson, endOfString, isLongerThan, type Json, MAX_DEPTH } from './json.ts';
import { isReplicaId, isSince, type ReplicaId, type Since, type Stamp, stampSince } from './stamp.ts';

/** The canonical text of a path, which is its identity (M-10). Its third character is the kind. */
export type PathText = string;

export type Path =
  | { readonly kind: 'existence'; readonly replica: ReplicaId }
  | { readonly kind: 'deletion'; readonly replica: ReplicaId | '*' }
  | { readonly kind: 'register'; readonly field: string }
  | { readonly kind: 'set'; readonly field: string; readonly element: Json; readonly replica: ReplicaId }
  | { readonly kind: 'counter'; readonly field: string; readonly since: Since; readonly replica: ReplicaId }
  | { readonly kind: 'base'; readonly field: string; readonly since: Since; readonly replica: ReplicaId }
  | { readonly kind: 'multi'; readonly field: string; readonly value: Json; readonly replica: ReplicaId }
  | { readonly kind: 'map'; readonly field: string; readonly subFields: readonly string[] }
  | { readonly kind: 'root' };

/** The longest canonical text of a field's name, of an element of a set and of a value of a multi (M-10). */
export const MAX_SEGMENT_BYTES = 1024;

/** The longest canonical text of a path (M-10). */
export const MAX_PATH_BYTES = 4096;

/** The most sub-fields that the path of a map's leaf has: as deep as values nest (M-10). */
export const MAX_SUB_FIELDS = MAX_DEPTH;

export const root: PathText = '["v"]';

const REPLICA_SUFFIX = 17; // `,"` + 13 + `"]`

export function existence(replica: ReplicaId): PathText {
  return `["e","${replica}"]`;
}

export function deletion(replica: ReplicaId | '*'): PathText {
  return `["d","${replica}"]`;
}

export function register(field: string): PathText {
  return `["r",${JSON.stringify(field)}]`;
}

/** @param element the element's canonical text */
export function setElement(field: string, element: string, replica: ReplicaId): PathText {
  return `["s",${JSON.stringify(field)},${element},"${replica}"]`;
}

/** @param since the time of the edit with which the replica began to count: totals of different lives are different cells (M-40) */
export function counter(field: string, since: Since, replica: ReplicaId): PathText {
  return `["c",${JSON.stringify(field)},"${since}","${replica}"]`;
}

export function counterBase(field: string, since: Since, replica: ReplicaId): PathText {
  return `["b",${JSON.stringify(field)},"${since}","${replica}"]`;
}

/** @param value the value's canonical text */
export function multiValue(field: string, value: string, replica: ReplicaId): PathText {
  return `["m",${JSON.stringify(field)},${value},"${replica}"]`;
}

export function mapLeaf(field: string, subFields: readonly string[]): PathText {
  return JSON.stringify(['n', field, ...subFields]);
}

export function pathText(path: Path): PathText {
  switch (path.kind) {
    case 'existence':
      return existence(path.replica);
    case 'deletion':
      return deletion(path.replica);
    case 'register':
      return register(path.field);
    case 'set':
      return setElement(path.field, canonical(path.element), path.replica);
    case 'counter':
      return counter(path.field, path.since, path.replica);
    case 'base':
      return counterBase(path.field, path.since, path.replica);
    case 'multi':
      return multiValue(path.field, canonical(path.value), path.replica);
    case 'map':
      return mapLeaf(path.field, path.subFields);
    case 'root':
      return root;
  }
}

/** Checks a path that somebody else wrote: the array, or its text, which must be canonical. */
export function parsePath(data: unknown, place = 'path'): Path {
  if (typeof data !== 'string') {
    return pathOf(data, place);
  }
  let array: unknown;
  try {
    array = JSON.parse(data);
  } catch {
    throw new MalformedError(place, 'is not JSON');
  }
  const path = pathOf(array, place);
  if (pathText(path) !== data) {
    throw new MalformedError(place, 'is not the canonical text of a path');
  }
  return path;
}

/** Whether a field's name is too long to stand in a path (M-10). */
export function isLongField(field: string): boolean {
  // Six bytes a code unit at most, and two quotes: short names need no look.
  return field.length * 6 + 2 > MAX_SEGMENT_BYTES && isLongerThan(JSON.stringify(field), MAX_SEGMENT_BYTES);
}

/** What is wrong with the way from the field of a map to a leaf, if anything (M-10). */
export function refusalOfLeaf(field: string, subFields: readonly string[]): string | undefined {
  if (subFields.length > MAX_SUB_FIELDS) {
    return `a leaf of a map is at most ${MAX_SUB_FIELDS} levels deep`;
  }
  if (subFields.some(isLongField)) {
    return `a sub-field's name is longer than ${MAX_SEGMENT_BYTES} bytes`;
  }
  return isLongerThan(mapLeaf(field, subFields), MAX_PATH_BYTES)
    ? `the path to a leaf is longer than ${MAX_PATH_BYTES} bytes`
    : undefined;
}

// What follows takes paths apart without parsing JSON. Their texts are known to be canonical.

/** The kind byte: one of `e d r s c b m n v`. */
export function kindOf(path: PathText): string {
  return path.charAt(2);
}

/** Whether a path ends with a replica. */
export function hasReplica(path: PathText): boolean {
  return 'edscbm'.includes(kindOf(path)) && !path.endsWith('"*"]');
}

/** The path that ends with another replica. */
export function withReplica(path: PathText, replica: ReplicaId): PathText {
  return `${path.slice(0, -15)}${replica}"]`;
}

/** The last member of an `e`, `d`, `s`, `c`, `b` or `m` path that is no `*`. */
export function replicaOfPath(path: PathText): ReplicaId {
  return path.slice(-15, -2);
}

/** The field of an `r`, `s`, `c`, `b`, `m` or `n` path. */
export function fieldOf(path: PathText): string {
  const end = endOfString(path, 5);
  const quoted = path.slice(5, end + 1);
  return quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1);
}

/** A name of the life of a `c` or `b` path among those of its field: since when, and who. Their order is that of their texts (M-13). */
export function lifeOf(path: PathText): string {
  return path.slice(-31, -2);
}

/** The stamp of the edit that began the life of a `c` or `b` path. */
export function beginningOf(path: PathText): Stamp {
  return stampSince(path.slice(-31, -18), replicaOfPath(path));
}

/** The path of the base of a `c` path. */
export function baseOf(path: PathText): PathText {
  return `["b"${path.slice(4)}`;
}

/** The path of the total of a `b` path. */
export function totalOf(path: PathText): PathText {
  return `["c"${path.slice(4)}`;
}

/** The way from the field to the leaf of an `n` path. */
export function subFieldsOf(path: PathText): string[] {
  return JSON.parse(path).slice(2);
}

/** The canonical text of the element of an `s` path, or of the value of an `m` path. */
export function elementOf(path: PathText): string {
  return path.slice(endOfString(path, 5) + 2, -REPLICA_SUFFIX);
}

function pathOf(data: unknown, place: string): Path {
  if (!Array.isArray(data)) {
    throw new MalformedError(place, 'must be an array');
  }
  switch (data[0]) {
    case 'e':
      checkLength(data, 2, place);
      return { kind: 'existence', replica: replicaAt(data, 1, place) };
    case 'd':
      checkLength(data, 2, place);
      return { kind: 'deletion', replica: data[1] === '*' ? '*' : replicaAt(data, 1, place) };
    case 'r':
      checkLength(data, 2, place);
      return { kind: 'register', field: fieldAt(data, place) };
    case 's': {
      checkLength(data, 4, place);
      const field = fieldAt(data, place);
      return { kind: 'set', field, element: elementAt(data, place), replica: replicaAt(data, 3, place) };
    }
    case 'c':
      checkLength(data, 4, place);
      return { kind: 'counter', field: fieldAt(data, place), ...lifeAt(data, place) };
    case 'b':
      checkLength(data, 4, place);
      return { kind: 'base', field: fieldAt(data, place), ...lifeAt(data, place) };
    case 'm': {
      checkLength(data, 4, place);
      const field = fieldAt(data, place);
      return { kind: 'multi', field, value: elementAt(data, place), replica: replicaAt(data, 3, place) };
    }
    case 'n':
      return { kind: 'map', field: fieldAt(data, place), subFields: subFieldsAt(data, place) };
    case 'v':
      checkLength(data, 1, place);
      return { kind: 'root' };
    default:
      throw new MalformedError(place, `its kind is unknown: ${JSON.stringify(data[0])}`);
  }
}

function checkLength(path: readonly unknown[], length: number, place: string): void {
  if (path.length !== length) {
    throw new MalformedError(place, `a path of kind ${path[0]} has ${length} members, not ${path.length}`);
  }
}

function fieldAt(path: readonly unknown[], place: string): string {
  const field = path[1];
  if (typeof field !== 'string') {
    throw new MalformedError(`${place}[1]`, 'a field must be a string');
  }
  if (isLongField(field)) {
    throw new MalformedError(`${place}[1]`, `a field must not be longer than ${MAX_SEGMENT_BYTES} bytes`);
  }
  return field;
}

function subFieldsAt(path: readonly unknown[], place: string): string[] {
  const subFields = path.slice(2);
  if (subFields.length === 0 || !subFields.every((subField) => typeof subField === 'string')) {
    throw new MalformedError(place, 'the path of a leaf has one sub-field or more, which are strings');
  }
  const refusal = refusalOfLeaf(path[1] as string, subFields);
  if (refusal !== undefined) {
    throw new MalformedError(place, refusal);
  }
  return subFields;
}

function elementAt(path: readonly unknown[], place: string): Json {
  const element = checkJson(path[2], `${place}[2]`);
  if (isLongerThan(canonical(element), MAX_SEGMENT_BYTES)) {
    throw new MalformedError(`${place}[2]`, `an element must not be longer than ${MAX_SEGMENT_BYTES} bytes`);
  }
  return element;
}

function lifeAt(path: readonly unknown[], place: string): { since: Since; replica: ReplicaId } {
  const since = path[2];
  if (!isSince(since)) {
    throw new MalformedError(`${place}[2]`, 'must be the time since which is counted');
  }
  return { since, replica: replicaAt(path, 3, place) };
}

function replicaAt(path: readonly unknown[], index: number, place: string): ReplicaId {
  const replica = path[index];
  if (!isReplicaId(replica)) {
    throw new MalformedError(`${place}[${index}]`, 'must be a replica id');
  }
  return replica;
}
