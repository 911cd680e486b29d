import type { Watersmeet } from '@watersmeet/client';
import { part } from './dom.ts';

/** The panel that shows what happens inside this replica, and what it holds of the chosen item. */
export interface Inside {
  choose(id: string): void;
}

export const createInside = (sync: Watersmeet): Inside => {
  const toggle = part('inside-toggle', HTMLButtonElement);
  const panel = part('inside', HTMLElement);
  const inspector = panel.querySelector('watersmeet-inspector');
  let chosen: string | undefined;

  const markRow = (): void => {
    for (const row of document.querySelectorAll('[data-testid="item"]')) {
      row.classList.toggle('chosen', row.getAttribute('data-id') === chosen);
    }
  };

  toggle.addEventListener('click', () => {
    panel.hidden = !panel.hidden;
    toggle.setAttribute('aria-expanded', String(!panel.hidden));
    document.body.classList.toggle('inspecting', !panel.hidden);
    // What nobody sees reads nothing.
    if (inspector) inspector.client = panel.hidden ? undefined : sync;
  });

  return {
    choose: (id) => {
      if (panel.hidden || id === chosen) return;
      chosen = id;
      markRow();
      inspector?.show('items', id);
    },
  };
};
