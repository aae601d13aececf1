/** Where an uplink belongs by its topic alone; whether a sys or user topic is declared is for the handlers. */
export type UplinkRoute =
  /** `suffix` follows `$oc/devices/{id}/sys/`. */
  | { readonly kind: 'sys'; readonly suffix: string }
  /** `suffix` follows `$oc/devices/{id}/user/`. */
  | { readonly kind: 'user'; readonly suffix: string }
  /** Does not start with `$`. */
  | { readonly kind: 'free' }
  /** device 9: a gateway may ask for its child's shadow on the child's topic, the only foreign topic taken. */
  | { readonly kind: 'child-shadow-get'; readonly childId: string; readonly suffix: string };

const devicesPrefix = '$oc/devices/';
const broadcastPrefix = '$oc/broadcast/';
const shadowGet = 'sys/shadow/get/';

/** What follows `$oc/devices/{id}/` in the topic or filter; undefined if it is not below that. */
function ownSuffix(topic: string, deviceId: string): string | undefined {
  const idEnd = devicesPrefix.length + deviceId.length;
  const isOwn =
    topic.startsWith(devicesPrefix) && topic.startsWith(deviceId, devicesPrefix.length) && topic[idEnd] === '/';
  return isOwn ? topic.slice(idEnd + 1) : undefined;
}

/** Undefined: a foreign topic (device 3.1), to be dropped and counted. */
export function routeUplink(topic: string, deviceId: string): UplinkRoute | undefined {
  if (!topic.startsWith('$')) return { kind: 'free' };
  const own = ownSuffix(topic, deviceId);
  if (own === undefined) return routeChildShadowGet(topic);
  if (own.startsWith('sys/')) return { kind: 'sys', suffix: own.slice(4) };
  if (own.startsWith('user/')) return { kind: 'user', suffix: own.slice(5) };
  return undefined;
}

function routeChildShadowGet(topic: string): UplinkRoute | undefined {
  if (!topic.startsWith(devicesPrefix)) return undefined;
  const idEnd = topic.indexOf('/', devicesPrefix.length);
  if (idEnd < 0 || !topic.startsWith(shadowGet, idEnd + 1)) return undefined;
  return {
    kind: 'child-shadow-get',
    childId: topic.slice(devicesPrefix.length, idEnd),
    suffix: topic.slice(idEnd + 5),
  };
}

/** True for topics to which every session counts as subscribed with QoS 0 (device 4.1). */
export function isOwnSysTopic(topic: string, deviceId: string): boolean {
  return ownSuffix(topic, deviceId)?.startsWith('sys/') ?? false;
}

/** A topic that a PUBLISH may carry; anything else is malformed (MQTT 3.1.1, 3.3.2.1 and 1.5.3). */
export function isTopicName(topic: string): boolean {
  // U+FFFD stands where the decoder met bytes that are not UTF-8.
  return topic.length > 0 && !/[+#\0\ufffd]/u.test(topic);
}

/** The filter rules of device 3.1. Syntax first: `#` only as the last level, `+` only as a whole level. */
export function isFilterAllowed(filter: string, deviceId: string): boolean {
  if (!isFilterSyntax(filter)) return false;
  if (!filter.startsWith('$')) return true;
  if (filter.startsWith(broadcastPrefix)) return filter.length > broadcastPrefix.length;
  const own = ownSuffix(filter, deviceId);
  return own !== undefined && own !== '';
}

function isFilterSyntax(filter: string): boolean {
  if (filter === '' || /[\0\ufffd]/u.test(filter)) return false;
  const levels = filter.split('/');
  return levels.every(
    (level, index) => level === '+' || (level === '#' && index === levels.length - 1) || !/[+#]/u.test(level),
  );
}

/** Bytes of a topic or filter are within its limit: one for all, a smaller one for those not starting with `$oc` (device 2). */
export function isTopicLengthAllowed(
  topic: string,
  limits: { readonly topicBytesMax: number; readonly freeTopicBytesMax: number },
): boolean {
  const max = topic.startsWith('$oc') ? limits.topicBytesMax : Math.min(limits.freeTopicBytesMax, limits.topicBytesMax);
  return topic.length * 3 <= max || Buffer.byteLength(topic) <= max;
}

/** MQTT 3.1.1, 4.7: `filter` is well-formed. Walks both texts once, without cutting them into levels. */
export function isMatch(filter: string, topic: string): boolean {
  // A wildcard in front never matches topics that start with `$`.
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  let at = 0;
  let filterAt = 0;
  while (filterAt < filter.length) {
    const wanted = filter[filterAt];
    if (wanted === '#') return true;
    if (wanted === '+') {
      const end = topic.indexOf('/', at);
      at = end < 0 ? topic.length : end;
      filterAt += 1;
    } else if (at < topic.length && wanted === topic[at]) {
      at += 1;
      filterAt += 1;
    } else {
      // `a/#` matches `a` as well.
      return at === topic.length && filterAt === filter.length - 2 && filter.endsWith('/#');
    }
  }
  return at === topic.length;
}
