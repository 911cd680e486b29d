/**
 * The types that a field can be declared as; every other field is a register (M-14).
 *
 * - `register`: the latest write wins.
 * - `set`: an array whose elements are added and removed one by one.
 * - `counter`: a number to which concurrent additions all count.
 * - `multi`: a register that keeps concurrent writes apart. One value reads as itself, several as
 *   `{ $conflict: [value, …] }`; putting one value resolves it (M-23, M-24).
 * - `map`: a nested object that merges leaf by leaf; arrays are leaves (M-25, M-26).
 */
export type FieldType = 'register' | 'set' | 'counter' | 'multi' | 'map';

/** What a collection declares. It decides what a reader reads and how a writer's changes become cells. */
export interface CollectionSchema {
  readonly fields: Readonly<Record<string, FieldType>>;
  /** What a deletion does to edits that it has not seen (M-20); `add-wins` keeps them, and is the default. */
  readonly deletion?: 'add-wins' | 'last-writer-wins';
}

export function typeOf(schema: CollectionSchema, field: string): FieldType {
  return Object.hasOwn(schema.fields, field) ? (schema.fields[field] as FieldType) : 'register';
}

/** The fields that are declared as a type other than a register. */
export function declared(schema: CollectionSchema, type: Exclude<FieldType, 'register'>): string[] {
  return Object.keys(schema.fields).filter((field) => schema.fields[field] === type);
}
