import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, checkJson, compareCanonical, equal, parseJson } from '../../src/model/index.ts';
import { json } from './arbitraries.ts';

describe('the canonical text', () => {
  it('is that of the value that it parses to', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonical(value);
        expect(canonical(checkJson(parseJson(text)))).toBe(text);
      }),
    );
  });

  it('is the same exactly if the values are equal', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(equal(one, other)).toBe(canonical(one) === canonical(other));
        expect(equal(one, JSON.parse(canonical(one)))).toBe(true);
      }),
    );
  });

  it('is ordered by its UTF-8 bytes', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        const [a, b] = [canonical(one), canonical(other)];
        expect(Math.sign(compareCanonical(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });

  it('has at most 1 MiB', () => {
    const longest = 'x'.repeat(1024 * 1024 - 2);
    expect(canonical(longest)).toHaveLength(1024 * 1024);
    expect(() => canonical(`${longest}x`)).toThrow('1048576 bytes');
    expect(() => checkJson([`${longest}x`])).toThrow('1048576 bytes');
    expect(checkJson(longest)).toBe(longest);
    expect(() => checkJson(longest.replaceAll('x', '\u20ac'))).toThrow('1048576 bytes');
  });

  it('is refused for what is not JSON', () => {
    expect(() => canonical([Number.NaN])).toThrow('finite');
    expect(() => checkJson({ a: undefined }, 'cells[0][3]')).toThrow('cells[0][3]: undefined');
  });
});

describe('parseJson', () => {
  it('takes a text of any depth', () => {
    expect(() => parseJson('['.repeat(5000) + ']'.repeat(5000))).not.toThrow();
  });

  it('gives a key named __proto__ no power', () => {
    const data = parseJson('{"__proto__":{"a":1}}') as object;
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
  });
});
