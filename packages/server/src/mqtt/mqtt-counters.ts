import type { Metrics } from '../ports/metrics.ts';
import type { MqttCounters } from './gateway-hooks.ts';

export function createMqttCounters(metrics: Metrics): MqttCounters {
  return {
    dropped: (reason) => metrics.count('muster_mqtt_dropped_total', { reason }),
    refused: (reason) => metrics.count('muster_mqtt_refused_total', { reason }),
    closed: (reason) => metrics.count('muster_mqtt_closed_total', { reason }),
  };
}
