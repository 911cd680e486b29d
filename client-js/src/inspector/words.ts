const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** How much of a value is shown, in UTF-16 code units. */
const LONGEST = 400;

/** The wall time of the device's zone, to the millisecond. */
export const timeText = (millis: number): string => clock.format(millis);

/** The last four characters of a replica's id: enough to tell the few replicas of a person apart. */
export const shortReplica = (replica: string): string => replica.slice(-4);

/** A value in words, cut where it is long. */
export const valueText = (value: unknown): string => {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // What JSON does not know, as a bigint, is named as JavaScript names it.
  }
  text ??= String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

/** A key as it is typed and read: texts as they are, unless they would be read as something else. */
export const keyText = (key: IDBValidKey): string => {
  if (typeof key !== 'string') return valueText(key);
  return typeof keyOf(key) === 'string' && keyOf(key) === key ? key : JSON.stringify(key);
};

/** The key that a text stands for: JSON's numbers, quoted texts and arrays, and anything else as a text. */
export const keyOf = (text: string): IDBValidKey => {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'number' || typeof parsed === 'string' || Array.isArray(parsed)) return parsed as IDBValidKey;
  } catch {
    // It is no JSON, so it is a text.
  }
  return text;
};

const number = new Intl.NumberFormat('en');

export const countText = (count: number, one: string, many: string): string =>
  `${number.format(count)} ${count === 1 ? one : many}`;
