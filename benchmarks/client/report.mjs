import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

// The form in which the other benchmarks report: see Report.java and Readme.java.

/**
 * One row of the report: lower is better.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} unit
 * @property {number} ours
 * @property {Record<string, number>} [rivals]
 * @property {readonly [name: string, value: number]} [limit] what the browser itself needs
 * @property {{ limit?: number, rival?: number, most?: number }} [goal] at most so many times the limit; at least so many times better than each rival; at most so much
 */

export const head = [
  '| row | unit | ours | best rival | times better | limit | of the limit | goal |',
  '| --- | --- | ---: | --- | ---: | --- | ---: | --- |',
];

/** @param {Row} row */
export function line(row) {
  const rival = bestRival(row);
  const cells = [
    `\`${row.name}\``,
    row.unit,
    short(row.ours),
    rival ? `${rival[0]} ${short(rival[1])}` : '–',
    rival ? short(rival[1] / row.ours) : '–',
    row.limit ? `${row.limit[0]} ${short(row.limit[1])}` : '–',
    row.limit ? short(row.limit[1] / row.ours) : '–',
    verdict(row),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** @param {Row} row */
export function scores({ name, unit, ours, rivals = {}, limit }) {
  const all = [['Watersmeet', ours], ...(limit ? [limit] : []), ...Object.entries(rivals)];
  return `- \`${name}\`, ${unit}: ${all.map(([who, value]) => `${who} ${short(value)}`).join(', ')}`;
}

/** Puts a run in the place of the last one. */
export function writeReadme(file, rows, browser, quick) {
  const text = readFileSync(file, 'utf8');
  const [begin, end] = ['<!-- written by bin/bench client -->', '<!-- end -->'];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, Math.max(from, 0));
  if (from < 0 || to < from) throw new Error(`${file} lacks the marks ${begin} and ${end}`);
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${day}, Chromium ${browser} on ${process.platform} ${process.arch}, ${cpus().length} processors, ${quick ? 'a quick run' : 'a full run'}.`;
  const lines = [begin, '', machine, '', ...head, ...rows.map(line), '', 'All scores:', '', ...rows.map(scores), ''];
  writeFileSync(file, `${text.slice(0, from)}${lines.join('\n')}\n${text.slice(to)}`);
}

/** @param {Row} row */
function bestRival({ rivals = {} }) {
  return Object.entries(rivals).sort(([, one], [, other]) => one - other)[0];
}

/** @param {Row} row */
function verdict({ ours, limit, goal = {}, ...row }) {
  const rival = bestRival({ ours, ...row });
  const missed = [
    goal.limit && ours > goal.limit * limit[1] && `${short(ours / limit[1])} of at most ${goal.limit} × the limit`,
    goal.rival && rival && rival[1] < goal.rival * ours && `${short(rival[1] / ours)} of ${goal.rival} × the rival`,
    goal.most && ours > goal.most && `${short(ours)} of at most ${goal.most}`,
  ].filter(Boolean);
  if (Object.keys(goal).length === 0) return '–';
  return missed.length === 0 ? 'met' : `missed: ${missed.join(', ')}`;
}

/** Three digits. */
function short(value) {
  return value === 0 ? '0' : String(Number(value.toPrecision(3)));
}
