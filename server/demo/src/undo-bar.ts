import { part } from './dom.ts';
import type { Item, Stockroom } from './stockroom.ts';

/** How long a deletion can be undone, in milliseconds; longer while the focus is on the button. */
const UNDO_MS = 12_000;

/** The function that deletes an item and offers to undo it. */
export const createUndoableRemoval = (stockroom: Stockroom): ((item: Item) => void) => {
  const text = part('undo-text', HTMLElement);
  const button = part('undo', HTMLButtonElement);
  let removed: Item | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const close = (): void => {
    removed = undefined;
    text.textContent = '';
    button.hidden = true;
  };
  const closeLater = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => (document.activeElement === button ? closeLater() : close()), UNDO_MS);
  };

  button.addEventListener('click', () => {
    if (removed) void stockroom.restore(removed);
    close();
  });

  return (item) => {
    void stockroom.remove(item.id);
    removed = item;
    text.textContent = `Deleted “${item.name}”.`;
    button.hidden = false;
    closeLater();
  };
};
