import { el } from './dom.ts';

/** A text that is edited where it stands. */
export interface ItemField {
  readonly input: HTMLInputElement;
  /** Shows the stored text; a draft that someone is typing stays. */
  show(text: string): void;
}

/** `commit` is called with the new text on Enter and on leaving the field; Escape takes the draft back. */
export const createItemField = (
  attributes: Readonly<Record<string, string>>,
  commit: (text: string) => void,
): ItemField => {
  const input = el('input', { autocomplete: 'off', ...attributes });
  let stored = '';

  input.addEventListener('change', () => {
    const text = input.value.trim();
    if (text === stored || (text === '' && input.required)) input.value = stored;
    else commit(text);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') input.value = stored;
  });

  return {
    input,
    show: (text) => {
      const draft = document.activeElement === input && input.value !== stored;
      stored = text;
      if (!draft) input.value = text;
    },
  };
};
