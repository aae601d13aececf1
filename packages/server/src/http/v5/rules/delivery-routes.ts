import { ListDeliveriesQuery, RedeliverRequest } from '@muster/contract/v5';
import type {
  ListDeliveriesResponse,
  RuleActionStatus,
  TestRuleActionResponse,
  WaitingDelivery,
} from '@muster/contract/v5';
import { lastMarker } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import { toMillisTime } from '../../../domain/time.ts';
import { present } from '../../../domain/present.ts';
import type {
  ActionDeliveryService,
  DeliveryStatus,
  ProbeResult,
  WaitingItem,
  WaitingPage,
  WaitingQuery,
} from '../../../services/action-deliveries.ts';
import { given } from '../given.ts';
import { decodePage } from '../page.ts';
import { v5Route, type V5Route } from '../route.ts';
import { actionKeyOf } from './action-routes.ts';

/** v5 15.3, extensions. */
export function createDeliveryRoutes(deliveries: ActionDeliveryService): V5Route[] {
  return [
    v5Route('ShowRuleActionStatus', {
      handle: async (call) => encodeStatus(await deliveries.status(actionKeyOf(call))),
    }),
    v5Route('ListRuleActionDeliveries', {
      query: ListDeliveriesQuery,
      handle: async (call) => {
        const { limit } = decodePage({ limit: call.query.limit, marker: lastMarker, offset: 0 });
        const query = present({ key: given(call.query.key), limit, after: decodeMarker(call.query.marker) });
        return encodeWaiting(await deliveries.list(actionKeyOf(call), query));
      },
    }),
    v5Route('TestRuleAction', { handle: async (call) => encodeTest(await deliveries.test(actionKeyOf(call))) }),
    v5Route('RedeliverRuleAction', {
      body: RedeliverRequest,
      handle: async (call) => ({ redelivered: await deliveries.redeliver(actionKeyOf(call), call.body.key) }),
    }),
  ];
}

const timeOf = (at: number | undefined): string | undefined => (at === undefined ? undefined : toMillisTime(at));

function encodeStatus(status: DeliveryStatus): RuleActionStatus {
  const { since, delivered, failed, dropped, waiting, succeededAt, failedAt, error } = status;
  return present({
    ...{ since: toMillisTime(since), delivered, failed, dropped, waiting },
    last_success_time: timeOf(succeededAt),
    last_failure_time: timeOf(failedAt),
    last_error: error,
  });
}

const states = { due: 'DUE', behind: 'BEHIND', limited: 'LIMITED', sending: 'SENDING' } as const;

function encodeDelivery(item: WaitingItem): WaitingDelivery {
  return present({
    key: item.key,
    request_id: item.requestId,
    state: states[item.place],
    attempts: item.attempts,
    created_time: toMillisTime(item.createdAt),
    next_attempt_time: timeOf(item.nextAt),
    last_error: item.error,
  });
}

function encodeWaiting({ items, count }: WaitingPage): ListDeliveriesResponse {
  const last = items.at(-1);
  return { deliveries: items.map(encodeDelivery), count, marker: last === undefined ? null : encodeMarker(last) };
}

function encodeTest({ isDelivered, status, error, ms }: ProbeResult): TestRuleActionResponse {
  return present({ delivered: isDelivered, status_code: status, error, milliseconds: ms });
}

type Position = NonNullable<WaitingQuery['after']>;

const encodeMarker = ({ key, no }: Position): string => Buffer.from(`${no}:${key}`).toString('base64url');

/** Absent or empty: from the start. Problems: markerOutOfRange. */
function decodeMarker(marker: string | undefined): Position | undefined {
  if (marker === undefined || marker === '') return undefined;
  const text = Buffer.from(marker, 'base64url').toString();
  const [, no, key] = /^(\d{1,15}):([^\0]{1,256})$/s.exec(text) ?? [];
  if (no === undefined || key === undefined) throw new Problem('markerOutOfRange', { field: 'marker' });
  return { key, no: Number(no) };
}
