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

/** The page's element of that test id. @throws if the page has none of that kind. */
export const part = <E extends HTMLElement>(testId: string, kind: new () => E): E => {
  const element = document.querySelector(`[data-testid="${testId}"]`);
  if (element instanceof kind) return element;
  throw new Error(`the page has no ${kind.name} ${testId}`);
};

/** Shows the text, or hides the element when there is none. */
export const showText = (element: HTMLElement, text: string | undefined): void => {
  element.hidden = text === undefined;
  element.textContent = text ?? '';
};
