import { el } from './dom.ts';

/** The tags of an item, with a field to add another. */
export interface ItemTags {
  readonly element: HTMLElement;
  show(tags: readonly string[], name: string): void;
}

export const createItemTags = (add: (tag: string) => void, remove: (tag: string) => void): ItemTags => {
  const list = el('ul', { 'aria-label': 'Tags' });
  const input = el('input', {
    'data-testid': 'item-tag-add',
    placeholder: '+ tag',
    maxlength: '24',
    size: '6',
    autocomplete: 'off',
  });
  const element = el('div', { class: 'tags' }, list, input);
  let shown = '';

  input.addEventListener('change', () => {
    const tag = input.value.trim().toLowerCase();
    input.value = '';
    if (tag !== '') add(tag);
  });
  list.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (!button?.dataset.tag) return;
    input.focus({ preventScroll: true });
    remove(button.dataset.tag);
  });

  const chip = (tag: string): HTMLLIElement =>
    el(
      'li',
      { 'data-testid': 'item-tag', 'data-tag': tag },
      tag,
      el(
        'button',
        { type: 'button', 'data-testid': 'item-tag-remove', 'data-tag': tag, 'aria-label': `Remove tag ${tag}` },
        '×',
      ),
    );

  return {
    element,
    show: (tags, name) => {
      input.setAttribute('aria-label', `Add a tag to ${name}`);
      // Chips are rebuilt only when they differ: a rebuild would take the focus from a chip's button.
      if (JSON.stringify(tags) === shown) return;
      shown = JSON.stringify(tags);
      list.replaceChildren(...tags.map(chip));
    },
  };
};
