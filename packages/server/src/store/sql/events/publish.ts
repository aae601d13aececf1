import { type SqlBool, sql } from 'kysely';
import type { JsonObject } from '../../../domain/json.ts';
import { type About, notifyTypesOf } from '../../../domain/legacy-notices/device-messages.ts';
import { pushEvent } from '../../../domain/push-event.ts';
import type { Subject } from '../../../domain/rule.ts';
import { type Around, isTrueOf, select } from '../../../domain/rule-sql/evaluate.ts';
import { parseCondition, parseSelect } from '../../../domain/rule-sql/parse-rule-sql.ts';
import { Steps } from '../../../domain/rule-sql/steps.ts';
import { insertRows } from '../insert-rows.ts';
import { kept } from '../kept.ts';
import { all, type Program, type SqlValue } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { type Subscriber, tellSubscribers } from './legacy-events.ts';

/** Something that happened and that rules and legacy subscriptions may push. */
export interface Occurrence {
  readonly projectId: string;
  readonly appId: string;
  /** The task, or the device: order is kept per action and key (v5 15.3). */
  readonly key: string;
  readonly notifyData: JsonObject;
  /** What legacy receivers are told beyond what the device shows (legacy 9.3). */
  readonly about?: About;
}

export interface Happening {
  readonly subject: Subject;
  readonly projectIds: readonly string[];
  /** ms since epoch; absent: now. */
  readonly at?: number;
}

/** An action of an active rule, or a subscription of a legacy application. */
export type Listener = RuleListener | (Subscriber & { readonly action_id: null });

interface RuleListener {
  readonly action_id: string;
  readonly project_id: string;
  readonly app_id: string | null;
  readonly select_sql: string | null;
  readonly where_sql: string | null;
  /** Of an action that fills one. */
  readonly queue_id: string | null;
}

/** What is told to whom. */
export interface Told {
  readonly listeners: readonly Listener[];
  readonly occurrences: readonly Occurrence[];
}

/**
 * The only place where notifications are made: in the transaction of the change (invariant 5), one row per occurrence and action of an
 * active rule that has its subject, fits its application and finds its WHERE true (v5 15.1): in the outbox, or in the action's queue; and
 * in the outbox what the application's legacy subscriptions want to hear of it (legacy 9.3).
 * `occurrences` is asked only where somebody listens, so that a change that nobody wants to hear of costs one look at an index.
 */
export function* publish(
  ctx: SqlContext,
  happening: Happening,
  occurrences: () => Program<readonly Occurrence[]>,
): Program<void> {
  const listeners = yield* listenersOf(ctx, happening);
  if (listeners.length > 0) yield* tell(ctx, happening, { listeners, occurrences: yield* occurrences() });
}

/** In the text, not as a parameter, for the sake of the partial index. */
const isActive = sql<SqlBool>`rules.active = 1`;

/** For a change that must know, before it is made, whether somebody wants to hear of it: one look, at rules and subscriptions. */
export function listenersOf(ctx: SqlContext, { subject, projectIds }: Happening): Program<readonly Listener[]> {
  const { db, dialect } = ctx;
  const [resource = '', event = ''] = subject.split(':');
  const actions = db
    .selectFrom('rules')
    .innerJoin('rule_actions', 'rule_actions.rule_id', 'rules.rule_id')
    .select(['rule_actions.record_id', sql<string | null>`rule_actions.action_id`.as('action_id')])
    .select(['rules.project_id', 'rules.app_id'])
    .select(['rules.select_sql', 'rules.where_sql', 'rule_actions.queue_id'])
    .where(dialect.isOneOf('rules.project_id', projectIds))
    .where('rules.resource', '=', resource)
    .where('rules.event', '=', event)
    .where(isActive);
  const types = notifyTypesOf[subject];
  if (types === undefined) return all<Listener>(actions.orderBy('rule_actions.record_id'));
  const none = sql<string | null>`NULL`;
  const subscriptions = db
    .selectFrom('legacy_subscriptions')
    .select(['record_id', none.as('action_id'), 'project_id', 'app_id'])
    .select([none.as('select_sql'), none.as('where_sql'), none.as('queue_id')])
    .select(['subscription_id', 'notify_type', 'url'])
    .where(dialect.isOneOf('project_id', projectIds))
    .where(dialect.isOneOf('notify_type', types));
  return all<Listener>(
    actions
      .select([none.as('subscription_id'), none.as('notify_type'), none.as('url')])
      .unionAll(subscriptions)
      .orderBy('record_id'),
  );
}

const isOfRule = (listener: Listener): listener is RuleListener => listener.action_id !== null;
const isSubscriber = (listener: Listener): listener is Exclude<Listener, RuleListener> => listener.action_id === null;

export function* tell(ctx: SqlContext, happening: Happening, { listeners, occurrences }: Told): Program<void> {
  const at = happening.at ?? ctx.clock.now();
  const { subject } = happening;
  yield* tellRules(ctx, { subject, at, listeners: listeners.filter(isOfRule), occurrences });
  yield* tellSubscribers(ctx, { subject, at, subscribers: listeners.filter(isSubscriber), occurrences });
}

interface ToldRules {
  readonly subject: Subject;
  readonly at: number;
  readonly listeners: readonly RuleListener[];
  readonly occurrences: readonly Occurrence[];
}

function* tellRules(ctx: SqlContext, { subject, at, listeners, occurrences }: ToldRules): Program<void> {
  if (listeners.length === 0) return;
  const steps = new Map<string, Steps>();
  const allowed = stepsBase + stepsEach * occurrences.length;
  const stepsOf = (rule: string): Steps => {
    const left = steps.get(rule) ?? new Steps(allowed);
    steps.set(rule, left);
    return left;
  };
  const pushes = occurrences.flatMap((occurrence) => pushesOf(ctx, { subject, at, occurrence, listeners, stepsOf }));
  const posted = pushes.filter(({ queueId }) => queueId === null).map(({ common }) => [...common, at]);
  const queued = pushes.filter(({ queueId }) => queueId !== null).map(({ common, queueId }) => [...common, queueId]);
  yield* insertRows(ctx, { into: 'outbox', columns: { ...commonColumns, next_at: 'int' }, rows: posted });
  yield* insertRows(ctx, { into: 'queue_messages', columns: { ...commonColumns, queue_id: 'text' }, rows: queued });
}

const commonColumns = { action_id: 'text', key: 'text', payload: 'text', bytes: 'int', created_at: 'int' } as const;

interface Push {
  readonly queueId: string | null;
  /** In the order of the columns. */
  readonly common: readonly SqlValue[];
}

/** What the SQL of one rule may cost for what happens in one transaction: some 10 ms, and twenty times what a busy rule takes. */
const stepsBase = 500_000;
const stepsEach = 5000;

interface Asked {
  readonly subject: Subject;
  readonly at: number;
  readonly occurrence: Occurrence;
  readonly listeners: readonly RuleListener[];
  stepsOf(rule: string): Steps;
}

function pushesOf(ctx: SqlContext, { subject, at, occurrence, listeners, stepsOf }: Asked): readonly Push[] {
  const { projectId, appId, key, notifyData } = occurrence;
  const fitting = listeners.filter((one) => one.project_id === projectId && (one.app_id ?? appId) === appId);
  if (fitting.length === 0) return [];
  const event = pushEvent({ subject, at, requestId: ctx.random.uuid(), notifyData });
  // What rules with the same words come to, and the actions of one, is worked out once.
  const payloads = new Map<string, string | undefined>();
  return fitting.flatMap((listener) => {
    const rule = JSON.stringify([projectId, listener.where_sql, listener.select_sql]);
    if (!payloads.has(rule)) payloads.set(rule, payloadOf(ctx, listener, { event, steps: stepsOf(rule) }));
    const payload = payloads.get(rule);
    if (payload === undefined) return [];
    const common = [listener.action_id, key, payload, Buffer.byteLength(payload), at];
    return [{ queueId: listener.queue_id, common }];
  });
}

/** Undefined: the rule does not want it. */
function payloadOf(ctx: SqlContext, { where_sql, select_sql }: RuleListener, around: Around): string | undefined {
  if (where_sql !== null && !isTrueOf(kept(ctx.conditions, where_sql, parseCondition), around)) return undefined;
  return JSON.stringify(
    select_sql === null ? around.event : select(kept(ctx.selections, select_sql, parseSelect), around),
  );
}
