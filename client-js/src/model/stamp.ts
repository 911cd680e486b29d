import { MalformedError } from './errors.ts';

/** 128 bits, when and by whom, as 26 characters whose text order is the stamp order (M-2). */
export type Stamp = string;

/** One writer: 64 bits as 13 characters (M-1). */
export type ReplicaId = string;

/** The time of a stamp, 64 bits, as 13 characters whose text order is their order (M-10). */
export type Since = string;

/** The time of a hybrid logical clock: Unix milliseconds (48 bits) and a counter (16 bits). */
export type Reading = readonly [millis: number, counter: number];

export const MAX_MILLIS = 2 ** 48 - 1; // M-2
export const MAX_COUNTER = 2 ** 16 - 1; // M-2

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const STAMP = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const REPLICA_ID = /^[0-9A-F][0-9A-HJKMNP-TV-Z]{12}$/;

// A stamp's text falls apart at fixed places: ten characters of milliseconds, three of the counter's upper 15 bits,
// one that shares the counter's last bit with the four leading bits of the replica id, and twelve of the id's text.
const COUNTER_AT = 10;
const SHARED_AT = 13;

export function makeStamp(millis: number, counter: number, replica: ReplicaId): Stamp {
  if (!Number.isInteger(millis) || millis < 0 || millis > MAX_MILLIS) {
    throw new RangeError(`the milliseconds of a stamp must be an integer from 0 to ${MAX_MILLIS}: ${millis}`);
  }
  if (!Number.isInteger(counter) || counter < 0 || counter > MAX_COUNTER) {
    throw new RangeError(`the counter of a stamp must be an integer from 0 to ${MAX_COUNTER}: ${counter}`);
  }
  const shared = ((counter & 1) << 4) | digit(replica, 0);
  return encode(millis, COUNTER_AT) + encode(counter >>> 1, 3) + ALPHABET.charAt(shared) + replica.slice(1);
}

export function millisOf(stamp: Stamp): number {
  return decode(stamp, 0, COUNTER_AT);
}

export function counterOf(stamp: Stamp): number {
  return decode(stamp, COUNTER_AT, SHARED_AT) * 2 + (digit(stamp, SHARED_AT) >>> 4);
}

export function replicaOf(stamp: Stamp): ReplicaId {
  return ALPHABET.charAt(digit(stamp, SHARED_AT) & 15) + stamp.slice(SHARED_AT + 1);
}

/** The time of a stamp by itself. Unlike the stamp's text it is padded with one bit, so its digits are others. */
export function sinceOf(stamp: Stamp): Since {
  const millis = millisOf(stamp);
  const counter = counterOf(stamp);
  const shared = ((millis % 16) << 1) | (counter >>> 15);
  return encode(Math.floor(millis / 16), 9) + ALPHABET.charAt(shared) + encode(counter & 0x7fff, 3);
}

/** The stamp of a time by itself, as {@link sinceOf} tells it. */
export function stampSince(since: Since, replica: ReplicaId): Stamp {
  const shared = digit(since, 9);
  const counter = ((shared & 1) << 15) | decode(since, 10, 13);
  return makeStamp(decode(since, 0, 9) * 16 + (shared >>> 1), counter, replica);
}

export function isSince(data: unknown): data is Since {
  return isReplicaId(data); // 64 bits, too
}

export function isStamp(data: unknown): data is Stamp {
  return typeof data === 'string' && STAMP.test(data);
}

export function isReplicaId(data: unknown): data is ReplicaId {
  return typeof data === 'string' && REPLICA_ID.test(data);
}

/** @param random 8 random bytes */
export function randomReplicaId(random: Uint8Array): ReplicaId {
  return textOfBytes(random, 8, 13);
}

/** The text of a replica id that travels as 8 bytes, the highest first (M-29). */
export function replicaOfBits(bits: Uint8Array): ReplicaId {
  return textOfBytes(bits, 8, 13);
}

/** The 8 bytes of a replica id. */
export function bitsOfReplica(replica: ReplicaId): Uint8Array {
  const bits = new Uint8Array(8);
  let value = 0n;
  for (let i = 0; i < replica.length; i++) {
    value = (value << 5n) | BigInt(digit(replica, i));
  }
  new DataView(bits.buffer).setBigUint64(0, value);
  return bits;
}

/** The nonce of a push (P-4). @param random 16 random bytes */
export function nonceText(random: Uint8Array): string {
  return textOfBytes(random, 16, 26);
}

function textOfBytes(bytes: Uint8Array, size: number, characters: number): string {
  if (bytes.length !== size) {
    throw new RangeError(`${size} bytes are needed, not ${bytes.length}`);
  }
  let bits = 0n;
  for (const byte of bytes) {
    bits = (bits << 8n) | BigInt(byte);
  }
  let text = '';
  for (let i = 0; i < characters; i++) {
    text = ALPHABET.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return text;
}

/** Milliseconds do not fit the 32 bits of shifts, so this divides. */
function encode(value: number, characters: number): string {
  let text = '';
  for (let rest = value, i = 0; i < characters; i++) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function decode(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    value = value * 32 + digit(text, i);
  }
  return value;
}

function digit(text: string, index: number): number {
  const value = ALPHABET.indexOf(text.charAt(index));
  if (value < 0 || index >= text.length) {
    throw new MalformedError(text, 'is neither a stamp nor a replica id');
  }
  return value;
}
