import { canonical, checkJson, parseJson, toJson } from '../../../../client-js/src/model/index.ts';
import { type Description, described } from './described.ts';
import { unlessMalformed, unlessUnsupported } from './refusal.ts';

export function canonicalText(text: string): string | null {
  return unlessMalformed(() => canonical(checkJson(parseJson(text))));
}

/** @param bits the 64 bits of a double, as 16 hexadecimal digits */
export function canonicalNumber(bits: string): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return canonical(toJson(view.getFloat64(0)));
}

export function canonicalValue(description: Description): string | null {
  const travels = unlessUnsupported(() => ({ json: toJson(described(description)) }));
  return travels && unlessMalformed(() => canonical(checkJson(travels.json))); // sizes are checked in the end
}
