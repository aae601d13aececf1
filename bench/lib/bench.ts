/** Where a bench keeps what Muster stores. */
export const storeNames = ['sqlite', 'postgres'] as const;
export type StoreName = (typeof storeNames)[number];

/** One measured thing beside its yardsticks, all from the same run. The last line that a bench prints is this, as JSON. */
export interface BenchResult {
  readonly bench: string;
  readonly store: StoreName | null;
  readonly value: number;
  readonly unit: string;
  readonly yardsticks: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
  /** What else was measured in the same run; the unit stands last in each name. */
  readonly details?: Readonly<Record<string, number>>;
  /** The bar of the design, in words. */
  readonly bar: string;
  /** Null: it ran at another size than the bar is about. */
  readonly pass: boolean | null;
}

export interface Bench {
  readonly name: string;
  readonly about: string;
  /** Measured rounds where nobody says how many. */
  readonly rounds: number;
  run(options: BenchOptions): Promise<BenchResult>;
}

export interface BenchOptions {
  readonly store: StoreName;
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

/** The least value that 99 of 100 do not exceed; NaN where there is none. */
export function p99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
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
