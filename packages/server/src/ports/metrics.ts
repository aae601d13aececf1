/** Counters and gauges by name; labels are few and bounded. */
export interface Metrics {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void;
  observe(name: string, value: number, labels?: Readonly<Record<string, string>>): void;
  gauge(name: string, read: () => number, labels?: Readonly<Record<string, string>>): void;
}
