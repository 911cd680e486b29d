/** About 270 bytes of JSON. */
export function documentOf(i) {
  const text = 'The quick brown fox jumps over the lazy dog. '.repeat(3);
  return {
    id: `item-${i}`,
    name: `Item number ${i}`,
    shelf: `shelf ${i % 100}`,
    text,
    price: i / 7,
    quantity: i,
    done: i % 2 === 0,
  };
}

/** How many documents a workload has. */
export const DOCUMENTS = 10_000;

export function allDocuments() {
  return Array.from({ length: DOCUMENTS }, (_, i) => documentOf(i));
}
