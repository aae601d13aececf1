/** One measured thing beside its yardsticks, all from the same run. The last line that a bench prints is this, as JSON. */
export interface BenchResult {
  readonly bench: string;
  readonly store: 'sqlite' | 'postgres' | null;
  readonly value: number;
  readonly unit: string;
  readonly yardsticks: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
  /** The bar of the design, in words. */
  readonly bar: string;
  readonly pass: boolean;
}

export interface Bench {
  readonly name: string;
  readonly about: string;
  readonly stores: readonly ('sqlite' | 'postgres')[];
  run(options: BenchOptions): Promise<BenchResult>;
}

export interface BenchOptions {
  readonly store: 'sqlite' | 'postgres';
  /** Scale of the work; each bench has its own default, which the bar is about. */
  readonly count: number | undefined;
  readonly rounds: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** Progress and single rounds go to standard error; standard output holds the JSON line. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<void> | void): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
