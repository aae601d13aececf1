import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Store } from '../../ports/store/store.ts';
import type { DeviceMessages } from '../../services/device-side/device-messages.ts';
import { createFamily } from '../../services/device-side/family.ts';
import { createOtaReports, type OtaReportsParts } from '../../services/device-side/ota-reports.ts';
import { createPropertyReports } from '../../services/device-side/property-reports.ts';
import type { Reachability } from '../../services/device-side/reachability.ts';
import { createSubDevices } from '../../services/device-side/sub-devices.ts';
import { createUserTopics } from '../../services/device-side/user-topics.ts';
import type { ReplyBook } from '../../services/reply-book.ts';
import type { CommandDelivery } from '../commands/command-delivery.ts';
import type { MessageDelivery } from '../messages/message-delivery.ts';
import type { ShadowDelivery } from '../shadows/shadow-delivery.ts';
import type { UplinkHandlers } from './dispatcher.ts';
import type { EventHandlers } from './events/event-call.ts';
import { createEventsUpHandler } from './events/events-up.ts';
import { createOtaHandlers } from './events/ota.ts';
import { createSdkInfoHandlers } from './events/sdk-info.ts';
import { createSubDeviceHandlers } from './events/sub-devices.ts';
import { createTimeSyncHandlers } from './events/time-sync.ts';
import { createGatewayReportHandler } from './gateway-report.ts';
import { createMessagesUpHandler } from './messages-up.ts';
import { createFreeTopicHandler, createUserTopicHandler } from './open-topics.ts';
import { createPropertiesReportHandler } from './properties-report.ts';
import { createSetAnswerHandler } from './property-set-answers.ts';
import { createReplyHandler } from './replies.ts';
import { createShadowGetHandler } from './shadow-get.ts';

export interface HandlerParts {
  readonly store: Pick<Store, 'devices' | 'sessions' | 'subtasks' | 'effects' | 'products'>;
  readonly engine: OtaReportsParts['engine'];
  readonly reachability: Reachability;
  readonly delivery: Pick<MessageDelivery, 'onChildrenReachable'>;
  readonly shadows: Pick<ShadowDelivery, 'onChildrenReachable' | 'onReported' | 'onAnswer'>;
  readonly commands: Pick<CommandDelivery, 'onChildrenReachable'>;
  readonly replies: Pick<ReplyBook, 'onReply'>;
  readonly messages: DeviceMessages;
  readonly clock: Clock;
  readonly random: Random;
}

/** One handler per kind of uplink (device 3.2, 3.3). */
export function createHandlers(parts: HandlerParts): UplinkHandlers {
  const { store, clock, messages, shadows } = parts;
  const family = createFamily(store.sessions);
  const reports = createPropertyReports(store, shadows);
  const reply = createReplyHandler(parts.replies);
  const shadowGet = createShadowGetHandler(store.devices, family);
  return {
    sys: {
      'messages/up': createMessagesUpHandler(messages, family),
      'properties/report': createPropertiesReportHandler(reports),
      'gateway/sub_devices/properties/report': createGatewayReportHandler(reports),
      'properties/set/response': createSetAnswerHandler(shadows, reply),
      'properties/get/response': reply,
      'commands/response': reply,
      'shadow/get': shadowGet,
      'events/up': createEventsUpHandler({ family, random: parts.random, services: createEventServices(parts) }),
    },
    childShadowGet: shadowGet,
    user: createUserTopicHandler(messages, createUserTopics(store.products, clock)),
    free: createFreeTopicHandler(messages),
  };
}

/** device 3.3, by `service_id`. */
function createEventServices(parts: HandlerParts): Readonly<Record<string, EventHandlers>> {
  const { store, clock } = parts;
  const ota = createOtaReports(parts);
  const subDevices = createSubDevices({ ...parts, family: createFamily(store.sessions) });
  const subDeviceHandlers = createSubDeviceHandlers({ ...parts, subDevices });
  return {
    $ota: createOtaHandlers(ota),
    $sdk_info: createSdkInfoHandlers(ota),
    $time_sync: createTimeSyncHandlers(clock),
    $sub_device_manager: subDeviceHandlers,
    // Java's sync request lacks the `$`.
    sub_device_manager: subDeviceHandlers,
    // Not kept: Python sends one per connect.
    $log: { log_report: () => Promise.resolve() },
  };
}
