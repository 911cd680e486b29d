import { fromBinary, toBinary } from './binary.ts';
import { MalformedError, UnsupportedValueError } from './errors.ts';
import { canonical, dollarKey, isLongerThan, type Json, type JsonObject, MAX_DEPTH, refusalOfValue } from './json.ts';
import { fromJson, numberToJson } from './value.ts';

export const MAX_ID_BYTES = 1024; // M-7
export const MAX_COLLECTION_LENGTH = 128; // M-7, in UTF-16 code units

const CONTROL_OR_LONE_SURROGATE = /[\p{Cc}\p{Cs}]/u;

/**
 * The id of the document that an IndexedDB key names (M-7). Binary keys are equal if their bytes are, whatever they
 * were made from, and are read back as array buffers; so their ids name that constructor.
 */
export function idOfKey(key: IDBValidKey): Json {
  const id = convert(key, 0);
  if (refusalOfValue(id) !== undefined || isLongerThan(canonical(id), MAX_ID_BYTES)) {
    throw new UnsupportedValueError([], `the text of a key must not be longer than ${MAX_ID_BYTES} bytes`);
  }
  return id;
}

/** The IndexedDB key that an id stands for; the id has been checked. */
export function keyOfId(id: Json): IDBValidKey {
  return fromJson(id) as IDBValidKey;
}

/** Checks an id that somebody else wrote, a value already, and returns it. */
export function checkId(id: Json, place = 'id'): Json {
  if (!isId(id)) {
    throw new MalformedError(place, 'must be a string, a number, a date, a binary or an array of these');
  }
  if (isLongerThan(canonical(id), MAX_ID_BYTES)) {
    throw new MalformedError(place, `its text must not be longer than ${MAX_ID_BYTES} bytes`);
  }
  return id;
}

/** Checks the name of a collection and returns it. */
export function checkCollection(data: unknown, place = 'collection'): string {
  if (typeof data !== 'string' || data.length === 0 || data.length > MAX_COLLECTION_LENGTH) {
    throw new MalformedError(place, `must be a string of 1 to ${MAX_COLLECTION_LENGTH} UTF-16 code units`);
  }
  if (CONTROL_OR_LONE_SURROGATE.test(data)) {
    throw new MalformedError(place, 'must not contain control characters or lone surrogates');
  }
  return data;
}

function convert(key: IDBValidKey, depth: number): Json {
  if (typeof key === 'string') {
    return key;
  }
  if (typeof key === 'number' && !Number.isNaN(key)) {
    return numberToJson(key);
  }
  if (Array.isArray(key) && depth < MAX_DEPTH) {
    return key.map((part) => convert(part, depth + 1));
  }
  if (ArrayBuffer.isView(key)) {
    return { $binary: toBinary('ArrayBuffer', key) };
  }
  switch (Object.prototype.toString.call(key)) {
    case '[object ArrayBuffer]':
      return { $binary: toBinary('ArrayBuffer', key as ArrayBuffer) };
    case '[object Date]': {
      const millis = Date.prototype.getTime.call(key);
      if (!Number.isNaN(millis)) {
        return { $date: millis };
      }
    }
  }
  throw new UnsupportedValueError([], 'is not a valid key');
}

function isId(id: Json): boolean {
  switch (typeof id) {
    case 'string':
    case 'number':
      return true;
    case 'object':
      if (Array.isArray(id)) {
        return id.every(isId);
      }
      return id !== null && isTaggedId(id as JsonObject);
    default:
      return false;
  }
}

function isTaggedId(id: JsonObject): boolean {
  switch (dollarKey(id)) {
    case '$date':
      return !Number.isNaN(Number(fromJson(id))) && id.$date !== null;
    case '$binary':
      return fromBinary(id.$binary) instanceof ArrayBuffer; // a key is named after no other constructor
    case '$number':
      return id.$number === 'Infinity' || id.$number === '-Infinity';
    default:
      return false;
  }
}
