/** What a browser writes to the console as an error where only what is meant to fail does. */
const EXPECTED: readonly RegExp[] = [
  /^Failed to load resource: /, // Chromium, of each request that is refused, or does not arrive
];

/** Whether what a page throws, or writes as an error, tells that something is wrong. */
export function isWrong(text: string, alsoExpected: readonly RegExp[] = []): boolean {
  return ![...EXPECTED, ...alsoExpected].some((pattern) => pattern.test(text));
}
