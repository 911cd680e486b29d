import { MalformedError } from './errors.ts';
import { defineMember, type JsonObject, parseJson } from './json.ts';
import { checkCollection } from './key.ts';
import { isLongField, MAX_SEGMENT_BYTES } from './path.ts';

/** The types that a field can be declared as, in the order in which they are named to people. */
const FIELD_TYPES = ['register', 'set', 'counter', 'multi', 'map', 'flag'] as const;
const POLICIES = ['add-wins', 'last-writer-wins'] as const;

/**
 * The types that a field can be declared as; every other field is a register (M-14).
 *
 * - `register`: the latest write wins.
 * - `set`: an array whose elements are added and removed one by one.
 * - `counter`: a number to which concurrent additions all count.
 * - `multi`: a register that keeps concurrent writes apart. One value reads as itself, several as
 *   `{ $conflict: [value, …] }`; putting one value resolves it (M-23, M-24).
 * - `map`: a nested object that merges leaf by leaf; arrays are leaves (M-25, M-26).
 * - `flag`: `false` until it is switched on; of switching on and a concurrent switching off, on wins (M-35).
 */
export type FieldType = (typeof FIELD_TYPES)[number];

/** What a deletion does to edits that it has not seen (M-20). */
export type DeletionPolicy = (typeof POLICIES)[number];

/** What a collection declares. It decides what a reader reads and how a writer's changes become cells. */
export interface CollectionSchema {
  readonly fields: Readonly<Record<string, FieldType>>;
  /** `add-wins`, the default, keeps edits that a deletion has not seen. */
  readonly deletion?: DeletionPolicy;
  /** The fields that stay on the device: they never become cells (M-37). */
  readonly local?: readonly string[];
}

/** What the collections of a space are made of, in the form that is JSON (M-36). Others are collections of registers. */
export interface Schema {
  readonly collections: Readonly<Record<string, CollectionSchema>>;
}

/**
 * Checks the JSON of a schema, and returns it in its canonical form.
 *
 * @param data what JSON text was parsed to
 * @throws MalformedError naming the offending member
 */
export function checkSchema(data: unknown, place = 'schema'): Schema {
  const { collections } = membersOf(data, place, ['collections']);
  const checked: Record<string, CollectionSchema> = {};
  for (const [name, collection] of entriesOf(collections, 'collections')) {
    defineMember(
      checked,
      checkCollection(name, 'collections'),
      checkCollectionSchema(collection, `collections.${name}`),
    );
  }
  return { collections: checked };
}

/**
 * Parses the JSON of a schema, as a text or as data, for instance of an imported file.
 *
 * @throws MalformedError naming the offending member
 */
export function parseSchema(json: unknown): Schema {
  return checkSchema(typeof json === 'string' ? parseJson(json) : json);
}

/** Checks what one collection declares. */
export function checkCollectionSchema(data: unknown, place: string): CollectionSchema {
  const { fields, deletion, local } = membersOf(data, place, ['fields', 'deletion', 'local']);
  const types: Record<string, FieldType> = {};
  for (const [field, type] of entriesOf(fields, `${place}.fields`)) {
    checkField(field, `${place}.fields`);
    defineMember(types, field, oneOf(FIELD_TYPES, type, `${place}.fields.${field}`));
  }
  return {
    fields: types,
    ...(deletion !== undefined && policyOf(deletion, `${place}.deletion`)),
    ...(local !== undefined && localOf(local, types, `${place}.local`)),
  };
}

/** The type of a field; a local field has none. */
export function typeOf(schema: CollectionSchema, field: string): FieldType | 'local' {
  if (Object.hasOwn(schema.fields, field)) {
    return schema.fields[field] as FieldType;
  }
  return schema.local?.includes(field) ? 'local' : 'register';
}

/** The fields that are declared as a type other than a register. */
export function declared(schema: CollectionSchema, type: Exclude<FieldType, 'register'>): string[] {
  return Object.keys(schema.fields).filter((field) => schema.fields[field] === type);
}

/** What stands for the default is left out: equal schemas have equal texts. */
function policyOf(data: unknown, place: string): Pick<CollectionSchema, 'deletion'> {
  const deletion = oneOf(POLICIES, data, place);
  return deletion === 'add-wins' ? {} : { deletion };
}

function localOf(data: unknown, types: object, place: string): Pick<CollectionSchema, 'local'> {
  if (!Array.isArray(data)) {
    throw new MalformedError(place, 'must be an array of the names of fields');
  }
  data.forEach((field: unknown, i) => {
    if (typeof field !== 'string') {
      throw new MalformedError(`${place}[${i}]`, 'must be a string');
    }
    checkField(field, `${place}[${i}]`);
    if (Object.hasOwn(types, field)) {
      throw new MalformedError(`${place}[${i}]`, `a local field has no type: ${JSON.stringify(field)}`);
    }
    if (data.indexOf(field) < i) {
      throw new MalformedError(`${place}[${i}]`, `names a field again: ${JSON.stringify(field)}`);
    }
  });
  return data.length === 0 ? {} : { local: [...data].sort() };
}

function checkField(field: string, place: string): void {
  if (isLongField(field)) {
    throw new MalformedError(place, `a field's name must not be longer than ${MAX_SEGMENT_BYTES} bytes`);
  }
}

function oneOf<T extends string>(allowed: readonly T[], found: unknown, place: string): T {
  const known = allowed.find((name) => name === found);
  if (known === undefined) {
    throw new MalformedError(place, `must be one of ${allowed.join(', ')}, not ${JSON.stringify(found)}`);
  }
  return known;
}

/** The members of an object that has no others than the known ones, the first of which it must have. */
function membersOf(data: unknown, place: string, known: readonly string[]): Record<string, unknown> {
  const entries = entriesOf(data, place);
  for (const [name] of entries) {
    // A typing error must not change how data merge.
    if (!known.includes(name)) {
      throw new MalformedError(place, `has no member ${JSON.stringify(name)}; it may have ${known.join(', ')}`);
    }
  }
  const [required] = known;
  if (!entries.some(([name]) => name === required)) {
    throw new MalformedError(place, `must have a member ${required}`);
  }
  return Object.fromEntries(entries);
}

function entriesOf(data: unknown, place: string): [string, unknown][] {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new MalformedError(place, 'must be an object');
  }
  return Object.entries(data as JsonObject);
}
