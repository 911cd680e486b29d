import type { ReplicaName } from './messages.ts';

/** What the server tells the demo: the space to share, a development token for each replica, and what else it has. */
export interface Settings {
  readonly space: string;
  readonly tokens: Readonly<Record<ReplicaName, string>>;
  /** Whether there is a Drillbit that the server lets the page ask. */
  readonly sql?: boolean;
  /** What the page presents to have the server do something; another one after each start of the server. */
  readonly control: string;
  /** Whether the page may kill the server. */
  readonly kill?: boolean;
}

const isSettings = (value: unknown): value is Settings => {
  const { space, tokens, control } = (value ?? {}) as Partial<Settings>;
  return (
    typeof space === 'string' &&
    typeof control === 'string' &&
    typeof tokens?.left === 'string' &&
    typeof tokens.right === 'string'
  );
};

/** @throws if the server answers with anything but settings */
export const loadSettings = async (): Promise<Settings> => {
  const response = await fetch('/demo.json');
  if (!response.ok) throw new Error(`/demo.json answered with status ${response.status}`);
  const settings: unknown = await response.json();
  if (!isSettings(settings)) throw new Error('/demo.json names no space, or not the tokens of left and right');
  return settings;
};
