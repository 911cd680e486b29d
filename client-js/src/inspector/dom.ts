/** An element with attributes and children; a child that is a string becomes text, never markup. */
export const el = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

export const button = (text: string, act: () => void, label = text): HTMLButtonElement => {
  const element = el('button', { type: 'button', class: 'action', 'aria-label': label }, text);
  element.addEventListener('click', act);
  return element;
};

/** Rows at once: a page with thousands of them gets slow, and nobody reads that far. */
export const MOST_ROWS = 100;

/** The first items as elements; then a line that says how many are not shown. */
export const rowsOf = <T>(items: readonly T[], row: (item: T) => Node, nothing: string): Node[] => {
  if (items.length === 0) return [el('li', { class: 'note' }, nothing)];
  const rows = items.slice(0, MOST_ROWS).map(row);
  const rest = items.length - rows.length;
  return rest > 0 ? [...rows, el('li', { class: 'note' }, `and ${rest.toLocaleString('en')} more`)] : rows;
};
