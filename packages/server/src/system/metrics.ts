import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Metrics } from '../ports/metrics.ts';

export interface MetricsRegistry extends Metrics {
  /** What GET /metrics answers. */
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Names that operations page, Observing, promises; without the prefix `muster_`. Others may be used and describe themselves. */
const helpTexts: Readonly<Record<string, string>> = {
  subtasks_settled_total: 'Subtasks that ended, by task type and outcome.',
  queue_depth: 'Subtasks that have not ended, by state.',
  database_seconds: 'Time in the database, by operation.',
  mqtt_sessions: 'Devices connected to this node.',
  mqtt_dropped_total: 'Messages of devices without effect, by reason.',
  push_backlog: 'Notifications that wait for their receiver.',
};

/** Latencies of a busy event loop and of a slow disk, in seconds. */
const buckets = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];

type Labels = Readonly<Record<string, string>>;

/**
 * Prometheus metrics under the prefix `muster_`, and Node's own (memory, garbage collection, `nodejs_eventloop_lag_…`). A name has one
 * kind and one set of label names, those of its first use; anything else is a bug and throws.
 */
export function createMetrics(): MetricsRegistry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const gauges = new Map<string, { read: () => number; labels: Labels }[]>();
  return {
    count: (name, labels = {}, by = 1) =>
      obtain(counters, name, () => new Counter(definition(registry, name, labels))).inc(labels, by),
    observe: (name, value, labels = {}) =>
      obtain(histograms, name, () => new Histogram({ ...definition(registry, name, labels), buckets })).observe(
        labels,
        value,
      ),
    gauge: (name, read, labels = {}) => {
      const sources = obtain(gauges, name, () => registerGauge(registry, name, labels));
      sources.push({ read, labels });
    },
    read: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function obtain<T>(known: Map<string, T>, name: string, make: () => T): T {
  const found = known.get(name) ?? make();
  known.set(name, found);
  return found;
}

function definition(registry: Registry, name: string, labels: Labels) {
  const bare = name.replace(/^muster_/, '');
  return {
    name: `muster_${bare}`,
    help: helpTexts[bare] ?? `${bare.replaceAll('_', ' ')}.`,
    labelNames: Object.keys(labels),
    registers: [registry],
  };
}

function registerGauge(registry: Registry, name: string, labels: Labels): { read: () => number; labels: Labels }[] {
  const sources: { read: () => number; labels: Labels }[] = [];
  const gauge: Gauge = new Gauge({
    ...definition(registry, name, labels),
    collect: () => {
      for (const source of sources) gauge.set(source.labels, source.read());
    },
  });
  return sources;
}
