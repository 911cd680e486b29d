import { MalformedError } from './errors.ts';

/** A value as it travels: JSON, with what JSON lacks as tagged objects (M-5). */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** Members are own data properties on a plain prototype; a member named `__proto__` is one as well. */
export interface JsonObject {
  readonly [key: string]: Json;
}

export const MAX_DEPTH = 64; // M-6
export const MAX_VALUE_BYTES = 1024 * 1024; // M-6

/** The canonical text of a value (M-4): RFC 8785 with lone surrogates escaped. */
export function canonical(json: Json): string {
  const text = textOf(json, 0);
  if (isLongerThan(text, MAX_VALUE_BYTES)) {
    throw new MalformedError('value', `its text is longer than ${MAX_VALUE_BYTES} bytes`);
  }
  return text;
}

/** The order of two canonical texts: by their UTF-8 bytes, unsigned, which is the order of code points. */
export function compareCanonical(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  for (let i = 0; i < shorter; i++) {
    const a = one.charCodeAt(i);
    const b = other.charCodeAt(i);
    if (a !== b) {
      return codePointRank(a) - codePointRank(b);
    }
  }
  return one.length - other.length;
}

/** Whether two values have the same canonical text. */
export function equal(one: Json, other: Json): boolean {
  if (one === other) {
    return true;
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return false;
  }
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((item, i) => equal(item, other[i] as Json));
  }
  if (Array.isArray(other)) {
    return false;
  }
  return equalObjects(one as JsonObject, other as JsonObject);
}

/**
 * Checks data that somebody else wrote against M-6 and returns it.
 * @param place what the data is, for the error
 */
export function checkJson(data: unknown, place = 'value'): Json {
  const bytes = largestSize(data, 0, place);
  if (bytes > MAX_VALUE_BYTES && isLongerThan(textOf(data as Json, 0), MAX_VALUE_BYTES)) {
    throw new MalformedError(place, `its text is longer than ${MAX_VALUE_BYTES} bytes`);
  }
  return data as Json;
}

/** As {@link checkJson}: says what is wrong with a value, if anything. */
export function refusalOfValue(json: Json): string | undefined {
  try {
    checkJson(json);
    return undefined;
  } catch (error) {
    if (error instanceof MalformedError) {
      return error.reason;
    }
    throw error;
  }
}

/** Parses a JSON text of any size, refusing what `JSON.parse` lets pass: an object with a repeated key (M-6). */
export function parseJson(text: string): unknown {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new MalformedError('text', `is not JSON: ${(error as Error).message}`);
  }
  if (membersInText(text) !== membersInData(data)) {
    throw new MalformedError('text', 'an object repeats a key');
  }
  return data;
}

/** Sets an own data property, also where assignment would call a setter. */
export function defineMember<V>(target: Record<string, V>, key: string, value: V): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, configurable: true, enumerable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** The key of an object that has exactly one, which starts with `$`: a tag, or what has to be escaped (M-5). */
export function dollarKey(object: object): string | undefined {
  const keys = Object.keys(object);
  return keys.length === 1 && keys[0]?.startsWith('$') ? keys[0] : undefined;
}

export function isLongerThan(text: string, bytes: number): boolean {
  // A UTF-16 code unit is one to three bytes of UTF-8, so most texts need no encoding.
  return text.length > bytes || (text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes);
}

function textOf(json: Json, depth: number): string {
  if (typeof json === 'string' || typeof json === 'boolean' || json === null) {
    return JSON.stringify(json);
  }
  if (typeof json === 'number') {
    return JSON.stringify(finite(json, 'value'));
  }
  checkDepth(depth, 'value');
  if (Array.isArray(json)) {
    return `[${json.map((item) => textOf(item, depth + 1)).join(',')}]`;
  }
  const object = json as JsonObject;
  const members = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${textOf(member(object, key), depth + 1)}`);
  return `{${members.join(',')}}`;
}

/** An upper bound of the bytes of the canonical text, without forming it. */
function largestSize(data: unknown, depth: number, place: string): number {
  switch (typeof data) {
    case 'string':
      return 2 + 6 * data.length; // a code unit takes at most six bytes, as an escape
    case 'boolean':
      return 5;
    case 'number':
      finite(data, place);
      return 25;
    case 'object':
      break;
    default:
      throw new MalformedError(place, `${typeof data} is not JSON`);
  }
  if (data === null) {
    return 4;
  }
  checkDepth(depth, place);
  let bytes = 2;
  if (Array.isArray(data)) {
    for (const item of data) {
      bytes += 1 + largestSize(item, depth + 1, place);
    }
    return bytes;
  }
  for (const key of Object.keys(data)) {
    bytes += 4 + 6 * key.length + largestSize((data as Record<string, unknown>)[key], depth + 1, place);
  }
  return bytes;
}

function equalObjects(one: JsonObject, other: JsonObject): boolean {
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && equal(member(one, key), member(other, key)))
  );
}

function finite(number: number, place: string): number {
  if (!Number.isFinite(number)) {
    throw new MalformedError(place, 'a number is outside the range of finite doubles');
  }
  return number;
}

function checkDepth(depth: number, place: string): void {
  if (depth >= MAX_DEPTH) {
    throw new MalformedError(place, `nests deeper than ${MAX_DEPTH} levels`);
  }
}

function member(object: JsonObject, key: string): Json {
  return object[key] as Json;
}

/** Code units of surrogate pairs stand for code points above all others. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** The members of all objects in a well-formed text: the colons outside of strings. */
function membersInText(text: string): number {
  let members = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x3a) {
      members++;
    } else if (unit === 0x22) {
      i = endOfString(text, i);
    }
  }
  return members;
}

function membersInData(data: unknown): number {
  let members = 0;
  // A list instead of recursion: the text was not checked for depth, and may be a body that holds many values.
  const rest = [data];
  while (rest.length > 0) {
    const next = rest.pop();
    if (Array.isArray(next)) {
      for (const item of next) {
        rest.push(item);
      }
    } else if (typeof next === 'object' && next !== null) {
      for (const item of Object.values(next)) {
        members++;
        rest.push(item);
      }
    }
  }
  return members;
}

/** The index of the quote that ends the JSON string that starts at an index. */
export function endOfString(text: string, start: number): number {
  for (let end = start + 1; ; end++) {
    end = text.indexOf('"', end);
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) {
      backslashes++;
    }
    if (backslashes % 2 === 0 || end < 0) {
      return end;
    }
  }
}
