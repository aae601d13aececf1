import type { BenchResult, StoreName } from './bench.ts';

/** A bench that ended without a result leaves its name alone. */
export interface Outcome {
  readonly bench: string;
  readonly result: BenchResult | undefined;
}

const header = ['bench', 'Muster', 'yardsticks', 'ratio', 'bar', ''] as const;

/** One line for each bench; what was missed or did not run says so. */
export function figuresTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ bench, result }) =>
    result === undefined ? [`\`${bench}\``, 'did not run', '', '', '', '**missed**'] : rowOf(result),
  );
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rowOf(result: BenchResult): readonly string[] {
  const own = [`${numeral(result.value)} ${result.unit}`, ...pairs(result.details ?? {})];
  return [
    `\`${result.bench}\``,
    own.join('; '),
    pairs(result.yardsticks).join('; '),
    pairs(result.ratios).join('; '),
    result.bar,
    wordOf(result.pass),
  ];
}

function wordOf(pass: boolean | null): string {
  if (pass === null) return '';
  return pass ? 'met' : '**missed**';
}

const pairs = (values: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(values).map(([name, value]) => `${words(name)} ${numeral(value)}`);

const numeral = (value: number): string => value.toLocaleString('en-US');

/** `getTaskP99Ms` -> `get task p99 ms`. */
const words = (name: string): string => name.replace(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** The page with what stands between this store's two marks exchanged. */
export function replaceFigures(page: string, store: StoreName, text: string): string {
  const [begin, end] = [`<!-- figures: ${store} -->`, `<!-- end of figures: ${store} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The page lacks '${begin}' and '${end}'.`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
