import type { Clock } from '../ports/clock.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { Log } from '../ports/log.ts';
import type { CommandDelivery } from './commands/command-delivery.ts';
import { encodeDownlink } from './encode-downlink.ts';
import type { MessageDelivery } from './messages/message-delivery.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { ShadowDelivery } from './shadows/shadow-delivery.ts';

export interface MqttDeviceLinkParts {
  readonly registry: SessionRegistry;
  readonly delivery: Pick<MessageDelivery, 'deliver'>;
  readonly shadows: Pick<ShadowDelivery, 'onChanged'>;
  readonly commands: Pick<CommandDelivery, 'deliver'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The way to the devices' sessions on this node. What cannot be sent is left to the rule of its kind (device 4.6): commands and
 * upgrades time out, messages and asynchronous commands stay cached, what differs in a shadow is looked up again.
 */
export function createMqttDeviceLink(parts: MqttDeviceLinkParts): DeviceLink {
  const { registry, delivery, shadows, commands, clock, log } = parts;
  return {
    send(downlinks) {
      const now = clock.now();
      for (const downlink of downlinks) {
        const { content, rootId, deviceId } = downlink;
        if (content.kind === 'message') {
          delivery.deliver(downlink);
          continue;
        }
        if (content.kind === 'shadow-change') {
          shadows.onChanged(downlink);
          continue;
        }
        if (content.kind === 'async-command') {
          commands.deliver(downlink, content);
          continue;
        }
        const outcome = registry.publish(rootId, encodeDownlink(downlink, content, now));
        if (outcome.kind === 'overloaded')
          log.warn({ deviceId, kind: content.kind }, 'a device takes no more downlinks');
      }
    },
    close(deviceIds, reason, olderThan) {
      for (const deviceId of deviceIds) registry.close(deviceId, reason, olderThan);
    },
    posted: () => undefined,
  };
}
