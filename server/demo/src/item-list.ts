import { createItemRow, type ItemRow } from './item-row.ts';
import type { Item, Stockroom } from './stockroom.ts';

/** Rows at once: beyond this a page of inputs gets slow, and nobody scrolls that far. */
export const ROWS_MAX = 200;

/** The stock as rows in the order of their shelves. */
export interface ItemList {
  /** @param items in the order to be shown */
  show(items: readonly Item[]): void;
  /** Lights up these items, or those that are about to appear. */
  glow(ids: Iterable<string>): void;
  /** Scrolls to an item, or does so when it appears. */
  reveal(id: string): void;
}

/** `choose` is called with the item that someone clicks or moves the focus into. */
export const createItemList = (
  list: HTMLElement,
  stockroom: Stockroom,
  remove: (item: Item) => void,
  choose: (id: string) => void,
): ItemList => {
  const rows = new Map<string, ItemRow>();
  const arriving = new Set<string>();
  let awaited: string | undefined;

  const chooseRowOf = (event: Event): void => {
    const row = event.target instanceof Element ? event.target.closest('li[data-id]') : null;
    const id = row?.getAttribute('data-id');
    if (id) choose(id);
  };
  list.addEventListener('focusin', chooseRowOf);
  list.addEventListener('click', chooseRowOf);

  const dropRowsBut = (items: readonly Item[]): void => {
    const ids = new Set(items.map((item) => item.id));
    for (const [id, row] of rows) {
      if (ids.has(id)) continue;
      if (row.element.contains(document.activeElement)) list.focus({ preventScroll: true });
      row.element.remove();
      rows.delete(id);
    }
  };

  const rowOf = (id: string): ItemRow => {
    const known = rows.get(id);
    if (known) return known;
    const row = createItemRow(id, stockroom, remove);
    rows.set(id, row);
    return row;
  };

  const arrange = (items: readonly Item[]): void => {
    const focused = document.activeElement;
    items.forEach((item, position) => {
      const row = rowOf(item.id);
      row.show(item);
      if (list.children[position] !== row.element) list.insertBefore(row.element, list.children[position] ?? null);
      if (arriving.delete(item.id)) row.glow();
    });
    // A row that moves loses the focus.
    if (focused instanceof HTMLElement && focused !== document.activeElement && list.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
  };

  const revealAwaited = (): void => {
    const row = awaited === undefined ? undefined : rows.get(awaited);
    if (!row) return;
    row.element.scrollIntoView({ block: 'nearest' });
    row.glow();
    awaited = undefined;
  };

  return {
    show: (items) => {
      const visible = items.slice(0, ROWS_MAX);
      dropRowsBut(visible);
      arrange(visible);
      revealAwaited();
    },
    glow: (ids) => {
      for (const id of ids) {
        const row = rows.get(id);
        if (row) row.glow();
        else arriving.add(id);
      }
    },
    reveal: (id) => {
      awaited = id;
      revealAwaited();
    },
  };
};

const collator = new Intl.Collator('en', { numeric: true });

/** The items by shelf, then by name, then by id, so that every replica shows the same order. */
export const inShelfOrder = (items: readonly Item[]): Item[] =>
  [...items].sort(
    (a, b) => collator.compare(a.shelf, b.shelf) || collator.compare(a.name, b.name) || collator.compare(a.id, b.id),
  );
