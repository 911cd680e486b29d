import { expect, it } from 'vitest';
import { createSlices, inSlices } from '../../src/sync/database/slices.ts';

/** A clock that only work moves on. */
function createWork(millisEach: number) {
  let now = 0;
  return {
    now: () => now,
    do(documents: number) {
      now += documents * millisEach;
    },
  };
}

it('slices grow where documents are quick, and shrink where they are slow, within limits', () => {
  const sizesAt = (millisEach: number) => {
    const work = createWork(millisEach);
    const slices = createSlices(work.now);
    return Array.from({ length: 5 }, () => {
      const took = slices.begin();
      work.do(slices.size());
      took(slices.size());
      return slices.size();
    });
  };
  expect(sizesAt(0.02)).toEqual([500, 500, 500, 500, 500]);
  expect(sizesAt(0)).toEqual([500, 1000, 1000, 1000, 1000]);
  expect(sizesAt(10)).toEqual([125, 125, 125, 125, 125]);
});

it('a list is worked through in its order, with a rest after ten milliseconds that begins halfway', async () => {
  const work = createWork(3);
  const steps: unknown[] = [];
  const results = await inSlices(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    async (item) => {
      steps.push(item);
      work.do(1);
      return item * 10;
    },
    async () => {
      steps.push('halfway');
      await undefined;
      steps.push('rested');
    },
    work.now,
  );
  expect(results).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  expect(steps).toEqual([1, 2, 'halfway', 3, 4, 'rested', 5, 6, 'halfway', 7, 8, 'rested', 9, 10]);
});

it('what takes longer than a slice is followed by a rest', async () => {
  const work = createWork(30);
  const steps: unknown[] = [];
  const item = async (item: number) => {
    steps.push(item);
    work.do(1);
  };
  await inSlices([1, 2], item, async () => steps.push('rest'), work.now);
  expect(steps).toEqual([1, 'rest', 2]);
});
