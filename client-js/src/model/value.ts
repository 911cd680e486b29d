import { fromBinary, toBinary } from './binary.ts';
import { UnsupportedValueError } from './errors.ts';
import { defineMember, dollarKey, type Json, type JsonObject, MAX_DEPTH } from './json.ts';

const BIG_INTEGER = /^(0|-?[1-9][0-9]*)$/;
const LAST_DATE = 8.64e15; // milliseconds: the range of Date
const RECORD_LEVELS = 2 + 2 * MAX_DEPTH + MAX_DEPTH; // a record and the objects of a map may be escaped, and then a leaf
const NOT_A_TAG = Symbol();

interface Walk {
  readonly levels: number;
  readonly path: (string | number)[];
  readonly ancestors: object[];
}

/**
 * The form in which a value of IndexedDB travels (M-5). What a structured clone would drop or refuse, and what has no
 * form, is refused with its path. No getter runs. Sizes are checked where the value becomes a cell.
 */
export function toJson(value: unknown): Json {
  return convert(value, 0, { levels: MAX_DEPTH, path: [], ancestors: [] });
}

/**
 * As {@link toJson}, for a whole record, whose fields may each nest as deep as a value may; those that are declared as
 * maps deeper, for they are kept by their leaves. What nests too deep is refused where it becomes a cell.
 */
export function recordToJson(record: unknown): Json {
  return convert(record, 0, { levels: RECORD_LEVELS, path: [], ancestors: [] });
}

/** The value that a tree stands for. An object with a tag that this version does not know stands for itself. */
export function fromJson(json: Json): unknown {
  if (typeof json !== 'object' || json === null) {
    return json;
  }
  if (Array.isArray(json)) {
    return json.map(fromJson);
  }
  const object = json as JsonObject;
  const key = dollarKey(object);
  const value = key === undefined ? NOT_A_TAG : untagged(key, object[key] as Json);
  return value === NOT_A_TAG ? plain(object) : value;
}

/** NaN and the infinities are tagged (M-5). */
export function numberToJson(number: number): Json {
  if (Number.isFinite(number)) {
    return number === 0 ? 0 : number;
  }
  return { $number: String(number) };
}

function convert(value: unknown, depth: number, walk: Walk): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return numberToJson(value);
    case 'undefined':
      return { $undefined: true };
    case 'bigint':
      return { $bigint: String(value) };
    case 'object':
      return value === null ? null : convertObject(value, depth, walk);
    default:
      throw refused(walk, `a ${typeof value} cannot travel`);
  }
}

function convertObject(value: object, depth: number, walk: Walk): Json {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    return convertPlain(value as Record<string, unknown>, depth, walk);
  }
  if (Array.isArray(value)) {
    return convertArray(value, depth, walk);
  }
  // The built-in tag, not instanceof: values may stem from another realm.
  const type = Object.prototype.toString.call(value).slice(8, -1);
  switch (type) {
    case 'Object':
      return convertPlain(value as Record<string, unknown>, depth, walk);
    case 'Date': {
      const millis = Date.prototype.getTime.call(value);
      return { $date: Number.isNaN(millis) ? null : millis };
    }
    case 'Map':
      enter(value, depth + ((value as Map<unknown, unknown>).size === 0 ? 2 : 3), walk);
      return { $map: leave(walk, convertMap(value as Map<unknown, unknown>, depth + 3, walk)) };
    case 'Set':
      enter(value, depth + 2, walk);
      return { $set: leave(walk, convertItems([...(value as Set<unknown>)], depth + 2, walk)) };
    case 'ArrayBuffer':
      return { $binary: toBinary(type, value as ArrayBuffer) };
    default:
      if (ArrayBuffer.isView(value)) {
        return { $binary: toBinary(type, value) };
      }
      throw refused(walk, `${type} cannot travel`);
  }
}

function convertPlain(object: Record<string, unknown>, depth: number, walk: Walk): Json {
  const escaped = dollarKey(object) !== undefined;
  const inside = depth + (escaped ? 2 : 1);
  enter(object, inside, walk);
  const json: Record<string, Json> = {};
  for (const key of Object.keys(object)) {
    walk.path.push(key);
    defineMember(json, key, convert(dataProperty(object, key, walk), inside, walk));
    walk.path.pop();
  }
  return leave(walk, escaped ? { $object: json } : json);
}

function convertArray(array: readonly unknown[], depth: number, walk: Walk): Json {
  enter(array, depth + 1, walk);
  if (Object.keys(array).length !== array.length) {
    throw refused(walk, 'an array with holes or named properties cannot travel');
  }
  return leave(walk, convertItems(array, depth + 1, walk));
}

function convertItems(items: readonly unknown[], depth: number, walk: Walk): Json[] {
  const json: Json[] = [];
  // By index, because map() passes over holes.
  for (let i = 0; i < items.length; i++) {
    walk.path.push(i);
    json.push(convert(dataProperty(items, i, walk), depth, walk));
    walk.path.pop();
  }
  return json;
}

function convertMap(map: Map<unknown, unknown>, depth: number, walk: Walk): Json[] {
  return [...map].map((entry, i) => {
    walk.path.push(i);
    const pair = convertItems(entry, depth, walk);
    walk.path.pop();
    return pair;
  });
}

function dataProperty(object: object, key: string | number, walk: Walk): unknown {
  const property = Object.getOwnPropertyDescriptor(object, key);
  if (property === undefined) {
    throw refused(walk, 'an array with holes cannot travel');
  }
  if (property.get !== undefined || property.set !== undefined) {
    throw refused(walk, 'an accessor cannot travel');
  }
  return property.value;
}

function enter(container: object, depth: number, walk: Walk): void {
  if (walk.ancestors.includes(container)) {
    throw refused(walk, 'a cyclic value cannot travel');
  }
  if (depth > walk.levels) {
    throw refused(walk, `nests deeper than ${MAX_DEPTH} levels`);
  }
  walk.ancestors.push(container);
}

function leave<J extends Json>(walk: Walk, json: J): J {
  walk.ancestors.pop();
  return json;
}

function refused(walk: Walk, reason: string): UnsupportedValueError {
  return new UnsupportedValueError([...walk.path], reason);
}

function untagged(key: string, content: Json): unknown {
  switch (key) {
    case '$date':
      return dateOf(content);
    case '$binary':
      return fromBinary(content) ?? NOT_A_TAG;
    case '$bigint':
      return typeof content === 'string' && BIG_INTEGER.test(content) ? BigInt(content) : NOT_A_TAG;
    case '$undefined':
      return content === true ? undefined : NOT_A_TAG;
    case '$number':
      return content === 'NaN' || content === 'Infinity' || content === '-Infinity' ? Number(content) : NOT_A_TAG;
    case '$map':
      return isPairs(content) ? new Map(content.map(([k, v]) => [fromJson(k), fromJson(v)])) : NOT_A_TAG;
    case '$set':
      return Array.isArray(content) ? new Set(content.map(fromJson)) : NOT_A_TAG;
    case '$object':
      return typeof content === 'object' && content !== null && !Array.isArray(content)
        ? plain(content as JsonObject)
        : NOT_A_TAG;
    default:
      return NOT_A_TAG;
  }
}

function dateOf(content: Json): unknown {
  if (content === null) {
    return new Date(Number.NaN);
  }
  return Number.isInteger(content) && Math.abs(content as number) <= LAST_DATE
    ? new Date(content as number)
    : NOT_A_TAG;
}

function isPairs(content: Json): content is readonly (readonly [Json, Json])[] {
  return Array.isArray(content) && content.every((pair) => Array.isArray(pair) && pair.length === 2);
}

function plain(object: JsonObject): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    defineMember(value, key, fromJson(object[key] as Json));
  }
  return value;
}
