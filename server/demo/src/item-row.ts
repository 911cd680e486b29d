import { el } from './dom.ts';
import { createItemField } from './item-field.ts';
import { createItemTags } from './item-tags.ts';
import type { Item, Stockroom } from './stockroom.ts';

/** One item of the list, edited in place. */
export interface ItemRow {
  readonly element: HTMLLIElement;
  show(item: Item): void;
  /** Lets the row light up once: someone else changed it. */
  glow(): void;
}

export const createItemRow = (id: string, stockroom: Stockroom, remove: (item: Item) => void): ItemRow => {
  let shown: Item | undefined;
  const name = createItemField({ class: 'name', maxlength: '120', required: '', 'data-testid': 'item-name' }, (text) =>
    stockroom.edit(id, { name: text }),
  );
  const shelf = createItemField({ class: 'shelf', maxlength: '20', size: '4', 'data-testid': 'item-shelf' }, (text) =>
    stockroom.edit(id, { shelf: text }),
  );
  const note = createItemField(
    { class: 'note', maxlength: '400', placeholder: 'Add a note', 'data-testid': 'item-note' },
    (text) => stockroom.edit(id, { note: text }),
  );
  const tags = createItemTags(
    (tag) => stockroom.tag(id, tag),
    (tag) => stockroom.untag(id, tag),
  );
  const quantity = el('output', { 'data-testid': 'item-quantity' });
  const fewer = el('button', { type: 'button', 'data-testid': 'item-fewer' }, '−');
  const more = el('button', { type: 'button', 'data-testid': 'item-more' }, '+');
  const removal = el('button', { type: 'button', class: 'remove', 'data-testid': 'item-delete' }, '×');
  fewer.addEventListener('click', () => stockroom.count(id, -1));
  more.addEventListener('click', () => stockroom.count(id, 1));
  removal.addEventListener('click', () => shown && remove(shown));

  const element = el(
    'li',
    { 'data-testid': 'item', 'data-id': id },
    shelf.input,
    el('div', { class: 'what' }, name.input, note.input, tags.element),
    el('div', { class: 'quantity', role: 'group' }, fewer, quantity, more),
    removal,
  );
  element.addEventListener('animationend', () => element.classList.remove('glow'));

  const showLabels = (itemName: string): void => {
    element.setAttribute('aria-label', itemName);
    name.input.setAttribute('aria-label', `Name of ${itemName}`);
    shelf.input.setAttribute('aria-label', `Shelf of ${itemName}`);
    note.input.setAttribute('aria-label', `Note on ${itemName}`);
    fewer.setAttribute('aria-label', `One fewer ${itemName}`);
    more.setAttribute('aria-label', `One more ${itemName}`);
    removal.setAttribute('aria-label', `Delete ${itemName}`);
  };

  return {
    element,
    show: (item) => {
      if (item.name !== shown?.name) showLabels(item.name);
      shown = item;
      name.show(item.name);
      shelf.show(item.shelf);
      note.show(item.note);
      tags.show(item.tags, item.name);
      quantity.textContent = item.quantity.toLocaleString('en').replace('-', '−');
      quantity.classList.toggle('short', item.quantity < 0);
      quantity.title = item.quantity < 0 ? 'More was taken than had been counted' : '';
    },
    glow: () => {
      element.classList.remove('glow');
      void element.offsetWidth; // restarts the animation
      element.classList.add('glow');
    },
  };
};
