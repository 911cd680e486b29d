import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { statusWords } from '../../src/inspector/status-words.ts';
import { keyOf, keyText, valueText } from '../../src/inspector/words.ts';

describe('a key', () => {
  test.each(['milk', 7, '7', 'null', '"quoted"', '[1]', '', ['a', 1]])('is typed as it is read: %j', (key) => {
    expect(keyOf(keyText(key))).toEqual(key);
  });
});

describe('a value', () => {
  test('is cut where it is long', () => {
    expect(valueText('x'.repeat(10_000)).length).toBeLessThan(500);
  });

  test('is named also where JSON does not know it', () => {
    expect(valueText(12n)).toBe('12');
    expect(valueText(undefined)).toBe('undefined');
  });
});

describe('a status', () => {
  const OTHERWISE = statusWords({ phase: 'failed', pending: 0, rejected: 0, problem: { code: 'client', detail: '' } });

  test('has advice on each problem that no client settles by itself', () => {
    const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/problems.md'), 'utf8');
    const section = guide.split('## Problems')[1]?.split('## Verdicts')[0] ?? '';
    const left = [...section.matchAll(/^\| `([a-z-]+)` \|.*$/gm)]
      .filter(([line, code]) => !line.includes('clients do it by themselves') && !SETTLED.includes(String(code)))
      .map(([, code]) => String(code))
      .filter((code) => {
        const words = statusWords({ phase: 'failed', pending: 0, rejected: 0, problem: { code, detail: '' } });
        return words.problem?.advice === OTHERWISE.problem?.advice;
      });
    expect(left).toEqual([]);
  });

  test('takes no advice from what every object has', () => {
    const problem = { code: 'constructor', detail: 'x' };
    expect(statusWords({ phase: 'failed', pending: 0, rejected: 0, problem }).problem?.advice).toBe(
      OTHERWISE.problem?.advice,
    );
  });
});

/** What clients settle with the server, in other words of the guide, and what only other programs meet. */
const SETTLED = ['purged', 'restored', 'replica-cloned', 'method-not-allowed', 'unsupported-media-type'];
