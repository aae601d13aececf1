import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { OutboxItem } from '../../ports/store/push-store.ts';
import { legacyDelayMs, retryDelayMs } from '../back-off.ts';
import type { AddressGuard } from './address-guard.ts';
import { createHttpSender, type HttpSender } from './http-sender.ts';

/** By what one generation's receivers are told. */
export interface DeliveryRules {
  readonly sender: HttpSender;
  readonly timeoutMs: number;
  /** When an item that has just failed is tried again, ms since epoch; undefined: it is dropped. */
  nextAt(item: OutboxItem, now: number): number | undefined;
}

/** Legacy 9.1. */
export interface LegacyPushSettings {
  /** How long a receiver may take; absent 15 s. */
  readonly timeoutMs?: number;
  /** How old a message may be when it is tried again; absent 24 h, 0: it never is. */
  readonly retryMs?: number;
  /** Certificates (PEM) that vouch for receivers beside the public ones. */
  readonly ca?: readonly string[];
  /** Absent: receivers' certificates are checked. */
  readonly tlsVerify?: boolean;
}

export interface RulesParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly isAllowed: AddressGuard;
  readonly connectionsPerReceiver: number;
  /** Of v5's receivers. */
  readonly timeoutMs: number;
  readonly ca: readonly string[];
  readonly legacy: LegacyPushSettings;
}

/** Of both generations. */
export interface Rulebook {
  readonly v5: DeliveryRules;
  readonly legacy: DeliveryRules;
  of(item: OutboxItem): DeliveryRules;
  close(): Promise<void>;
}

export const legacyRetryMs = 24 * 3_600_000;

export function createRulebook(parts: RulesParts): Rulebook {
  const { random } = parts;
  const v5: DeliveryRules = {
    sender: createHttpSender({ ...parts, tlsVerify: true, accepts: (status) => status >= 200 && status <= 299 }),
    timeoutMs: parts.timeoutMs,
    nextAt: ({ attempts, isKept }, now) => (isKept ? now + retryDelayMs(attempts, random) : undefined),
  };
  const legacy = createLegacyRules(parts);
  return {
    v5,
    legacy,
    of: ({ actionId }) => (actionId === undefined ? legacy : v5),
    close: async () => {
      await Promise.all([v5.sender.close(), legacy.sender.close()]);
    },
  };
}

function createLegacyRules(parts: RulesParts): DeliveryRules {
  const { timeoutMs = parts.timeoutMs, retryMs = legacyRetryMs, ca = [], tlsVerify = true } = parts.legacy;
  return {
    sender: createHttpSender({ ...parts, timeoutMs, ca, tlsVerify, accepts: (status) => status === 200 }),
    timeoutMs,
    nextAt: ({ attempts, createdAt }, now) => {
      const at = now + legacyDelayMs(attempts);
      return at - createdAt <= retryMs ? at : undefined;
    },
  };
}
