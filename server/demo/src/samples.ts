import type { Item } from './stockroom.ts';

/** What a first visitor finds on the shelves. */
export const SAMPLES: readonly Omit<Item, 'id'>[] = [
  { name: 'Brass hinge, 80 mm', shelf: 'A1', note: 'Pairs, left and right mixed', tags: ['hardware'], quantity: 124 },
  { name: 'Oak board, 2 m', shelf: 'A3', note: 'Third delivery is damp', tags: ['timber', 'heavy'], quantity: 36 },
  { name: 'Linseed oil, 5 l', shelf: 'B2', note: '', tags: ['flammable'], quantity: 14 },
  { name: 'Window glass, 4 mm', shelf: 'B4', note: 'Carry upright', tags: ['fragile', 'heavy'], quantity: 22 },
  { name: 'Copper pipe, 15 mm', shelf: 'C1', note: 'Offcuts are in the crate below', tags: ['plumbing'], quantity: 58 },
  { name: 'Wood screws, 4 × 40', shelf: 'C2', note: 'Boxes of 200', tags: ['hardware'], quantity: 310 },
  { name: 'Roof slate', shelf: 'D1', note: 'Count by the crate', tags: ['fragile'], quantity: 480 },
  { name: 'Rain barrel, 200 l', shelf: 'D4', note: 'Lids are on D5', tags: ['bulky', 'garden'], quantity: 7 },
];
