/** A query that the server lets the page ask. */
export interface Query {
  readonly name: string;
  readonly title: string;
  readonly sql: string;
}

/** What a query answers, as texts for a table. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What is wrong, instead of rows. */
  readonly problem: string | undefined;
}

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(cell).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The queries of a server's answer; none if it is anything else. */
export const queriesOf = (body: unknown): Query[] => {
  const { queries } = (body ?? {}) as { queries?: unknown };
  return Array.isArray(queries)
    ? queries.map(({ name, title, sql }) => ({ name: String(name), title: String(title), sql: String(sql) }))
    : [];
};

export const answerOf = (body: unknown): Answer => {
  const { columns, rows, problem } = (body ?? {}) as { columns?: unknown; rows?: unknown; problem?: unknown };
  const names = texts(columns);
  return {
    columns: names,
    rows: Array.isArray(rows) ? rows.map((row: Record<string, unknown>) => names.map((name) => cell(row[name]))) : [],
    problem: typeof problem === 'string' ? problem : undefined,
  };
};
