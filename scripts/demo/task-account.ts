import type { FleetPlan, Share } from './fleet-plan.ts';

/** How a task ended as a whole, in the words of the API that it was asked for by. */
export interface EndedTask {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly description: string;
  readonly total: number;
  /** Its counters of devices that ended: `success`, `fail` and what else this API tells apart. */
  readonly counts: Readonly<Record<string, number>>;
}

/** How one device ended it, in words that a plan's `end` is compared with. */
export interface DeviceEnd {
  readonly deviceId: string;
  readonly end: string;
  /** What a person wants to know of a surprise. */
  readonly reason?: string | undefined;
}

/** What a share's script makes a device end with. */
export interface Wanted {
  readonly end: string;
  /** The counter that counts it. */
  readonly counter: string;
  /** It needs the retry that the task's policy gives. */
  readonly retried?: boolean | undefined;
}

/** One task, held against what the fleet's scripts make it end with. */
export interface TaskAccount {
  readonly task: EndedTask;
  readonly expected: Readonly<Record<string, number>> & { readonly status: string };
  readonly rows: readonly OutcomeRow[];
  /** What ended otherwise than scripted, with what it ended with. */
  readonly surprises: readonly string[];
}

export interface OutcomeRow {
  readonly script: string;
  readonly wanted: string;
  readonly devices: number;
  readonly asScripted: number;
}

export interface AccountParts {
  readonly plan: FleetPlan;
  readonly task: EndedTask;
  /** Of all its devices. */
  readonly ends: AsyncIterable<DeviceEnd>;
  readonly wantedOf: (share: Share) => Wanted;
  /** The status that these counters make. */
  readonly statusOf: (counts: Readonly<Record<string, number>>) => string;
}

/** Walks all devices of a finished task: every one is accounted for, exactly once, and the task's counters agree. */
export async function accountOf({ plan, task, ends, wantedOf, statusOf }: AccountParts): Promise<TaskAccount> {
  const rows = new Map<string, { script: string; wanted: string; devices: number; asScripted: number }>();
  const surprises: string[] = [];
  const missing = new Set(plan.devices.map((device) => device.deviceId));
  for await (const { deviceId, end, reason } of ends) {
    const share = plan.shareOf(deviceId);
    const wanted = wantedOf(share);
    const row = rows.get(share.name) ?? { script: share.name, wanted: textOf(wanted), devices: 0, asScripted: 0 };
    row.devices += 1;
    const isKnown = missing.delete(deviceId);
    const outcome = reason === undefined ? end : `${end} ${reason}`;
    if (isKnown && end === wanted.end) row.asScripted += 1;
    else surprises.push(`${deviceId} (${share.name}): ${isKnown ? outcome : 'listed twice or not of the fleet'}`);
    rows.set(share.name, row);
  }
  for (const deviceId of missing) surprises.push(`${deviceId}: not in the task`);
  const counts = countsOf(plan, task, wantedOf);
  const expected = Object.assign({ status: statusOf(counts) }, counts) as TaskAccount['expected'];
  const sorted = [...rows.values()].sort((a, b) => b.devices - a.devices || a.script.localeCompare(b.script));
  return { task, expected, rows: sorted, surprises: [...surprises, ...wholeSurprises(task, expected, plan)] };
}

const textOf = ({ end, retried }: Wanted): string => (retried === true ? `${end}, after a retry` : end);

/** Of the same counters as the task has, and of those that its devices need. */
function countsOf(plan: FleetPlan, task: EndedTask, wantedOf: AccountParts['wantedOf']): Record<string, number> {
  const counts = Object.fromEntries(Object.keys(task.counts).map((name) => [name, 0]));
  for (const { deviceId } of plan.devices) {
    const { counter } = wantedOf(plan.shareOf(deviceId));
    counts[counter] = (counts[counter] ?? 0) + 1;
  }
  return counts;
}

function wholeSurprises(task: EndedTask, expected: TaskAccount['expected'], plan: FleetPlan): readonly string[] {
  const told: Readonly<Record<string, string | number>> = { ...task.counts, total: task.total, status: task.status };
  return Object.entries({ ...expected, total: plan.devices.length })
    .filter(([name, wanted]) => told[name] !== wanted)
    .map(([name, wanted]) => `${task.type}: ${name} is ${told[name] ?? 'missing'}, not ${wanted}`);
}
