import { part, showText } from './dom.ts';
import { createItemList, type ItemList, inShelfOrder, ROWS_MAX } from './item-list.ts';
import { SAMPLES } from './samples.ts';
import type { Item, Stockroom } from './stockroom.ts';
import { createUndoableRemoval } from './undo-bar.ts';

/** The stock with all that one can do to it. */
export interface StockView extends Pick<ItemList, 'glow'> {
  /** Says whether an empty stock is known to be empty, and then whether this pane offers to fill it. */
  settle(known: boolean, offersSamples: boolean): void;
}

const totals = (items: readonly Item[]): string => {
  if (items.length === 0) return '';
  const pieces = items.reduce((sum, item) => sum + item.quantity, 0);
  return `${items.length.toLocaleString('en')} ${items.length === 1 ? 'item' : 'items'}, ${pieces.toLocaleString('en')} pieces`;
};

const createAddForm = (stockroom: Stockroom, reveal: (id: string) => void): void => {
  const form = part('add-form', HTMLFormElement);
  const name = part('add-name', HTMLInputElement);
  const shelf = part('add-shelf', HTMLInputElement);

  const add = async (): Promise<void> => {
    const item = { name: name.value.trim(), shelf: shelf.value.trim(), note: '', tags: [], quantity: 0 };
    if (item.name === '') return;
    form.reset();
    name.focus();
    reveal(await stockroom.add(item));
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void add();
  });
};

/** `choose` hears of the item that someone turns to. */
export const createStockView = (stockroom: Stockroom, choose: (id: string) => void): StockView => {
  const list = createItemList(part('items', HTMLElement), stockroom, createUndoableRemoval(stockroom), choose);
  const more = part('more', HTMLElement);
  const empty = part('empty', HTMLElement);
  const emptyText = part('empty-text', HTMLElement);
  const fill = part('fill', HTMLButtonElement);
  let count: number | undefined;
  let isKnown = false;
  let offers = false;

  const showEmpty = (): void => {
    empty.hidden = count !== 0;
    fill.hidden = !isKnown || !offers;
    if (!isKnown) emptyText.textContent = 'Nothing here yet. The stock comes with the first synchronisation.';
    else if (offers) emptyText.textContent = 'The shelves are empty.';
    else emptyText.textContent = 'The shelves are empty. What the other side adds will show up here.';
  };

  createAddForm(stockroom, list.reveal);
  fill.addEventListener('click', () => void stockroom.fill(SAMPLES));

  stockroom.items.subscribe({
    next: (items) => {
      const ordered = inShelfOrder(items);
      count = ordered.length;
      list.show(ordered);
      showText(more, count > ROWS_MAX ? `The first ${ROWS_MAX} of ${count.toLocaleString('en')} items` : undefined);
      part('totals', HTMLElement).textContent = totals(ordered);
      showEmpty();
    },
    error: (error: unknown) => reportError(error),
  });

  return {
    glow: list.glow,
    settle: (known, offersSamples) => {
      isKnown = known;
      offers = offersSamples;
      showEmpty();
    },
  };
};
