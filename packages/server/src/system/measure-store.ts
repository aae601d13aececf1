import { performance } from 'node:perf_hooks';
import type { Metrics } from '../ports/metrics.ts';
import type { Store } from '../ports/store/store.ts';

/**
 * The same store, with the time of each of its operations observed as `database_seconds` (operations page, Observing): from the call to its
 * answer, waiting for a connection included. Claiming a chunk of due subtasks and settling it are one operation, `subtasks.dispatch`.
 */
export function measureStore(store: Store, metrics: Metrics): Store {
  const areas = Object.entries(store).map(([name, area]: [string, unknown]) => [
    name,
    typeof area === 'object' && area !== null ? measureArea(name, area, metrics) : area,
  ]);
  return Object.fromEntries(areas) as Store;
}

function measureArea(name: string, area: object, metrics: Metrics): object {
  const operations = Object.entries(area).map(([operation, run]: [string, unknown]) => [
    operation,
    typeof run === 'function' ? measured(`${name}.${operation}`, run as Operation, metrics) : run,
  ]);
  return Object.fromEntries(operations) as object;
}

type Operation = (...args: unknown[]) => unknown;

function measured(operation: string, run: Operation, metrics: Metrics): Operation {
  return async (...args) => {
    const begun = performance.now();
    try {
      return await run(...args);
    } finally {
      metrics.observe('database_seconds', (performance.now() - begun) / 1000, { operation });
    }
  };
}
