import { Problem } from '../../../domain/problem.ts';
import { shadowLimits } from '../../../domain/device.ts';
import type { EffectOf } from '../../../domain/effect.ts';
import { asId, type DeviceId, type ProjectId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { ProblemName } from '../../../domain/problem-catalogue.ts';
import { type DesiredWrite, desiredAfter } from '../../../domain/shadow.ts';
import { checked } from '../checked.ts';
import { objectOf } from '../columns.ts';
import { lockedRows } from '../locks.ts';
import { all, change, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { EffectProgram } from './apply-effects.ts';

type SetDesired = EffectOf<'setDesired'>;

/**
 * v5 9: +1 for the version of each service written; another version than the one expected, or more than a shadow may hold, changes nothing
 * of that device. Who has the device's row writes: of two at once the second sees what the first has done.
 */
export const setDesired: EffectProgram<'setDesired'> = function* (ctx, projectId, effects) {
  const known = yield* claimDevices(ctx, projectId, effects);
  const shadows = new Shadows(yield* readStored(ctx, effects));
  shadows.counts = yield* countServices(ctx, shadows.devicesWithNew(effects));
  const problems = new Map<number, Problem>();
  const outputs = new Map<number, JsonObject>();
  for (const [index, effect] of effects.entries()) {
    const written = known.has(effect.deviceId) ? shadows.write(effect) : 'deviceNotFound';
    if (typeof written === 'string') problems.set(index, new Problem(written));
    else outputs.set(index, { shadow: written });
  }
  yield* store(ctx, shadows.changes());
  return { conflicts: [...problems.keys()], problems, outputs };
};

/** Which of the devices there are; from here on nobody else writes their desired values. */
function* claimDevices(
  ctx: SqlContext,
  projectId: ProjectId,
  effects: readonly SetDesired[],
): Program<ReadonlySet<DeviceId>> {
  const asked = ctx.dialect.rows(
    { id: 'text' },
    [...new Set(effects.map(({ deviceId }) => deviceId))].map((deviceId) => [deviceId]),
  );
  const rows = yield* all<{ device_id: string }>({
    sql: `SELECT d.device_id FROM ${asked.from} ${ctx.dialect.orderedJoin} devices d
      ON d.device_id = r.id AND ${checked('d.project_id')} = ? ORDER BY d.device_id ${lockedRows(ctx, 'd')}`,
    parameters: [...asked.parameters, projectId],
  });
  return new Set(rows.map((row) => asId<DeviceId>(row.device_id)));
}

interface StoredRow {
  readonly device_id: string;
  readonly service_id: string;
  readonly desired: string;
  readonly version: number;
}

function* readStored({ dialect }: SqlContext, effects: readonly SetDesired[]): Program<readonly StoredRow[]> {
  const asked = dialect.rows(
    { device_id: 'text', service_id: 'text' },
    effects.flatMap(({ deviceId, writes }) => writes.map(({ serviceId }) => [deviceId, serviceId])),
  );
  return yield* all<StoredRow>({
    sql: `SELECT s.device_id, s.service_id, s.desired, s.version FROM ${asked.from}
      ${dialect.orderedJoin} device_shadows s ON s.device_id = r.device_id AND s.service_id = r.service_id`,
    parameters: asked.parameters,
  });
}

/** Asked only of devices that get a service more. */
function* countServices(
  { dialect }: SqlContext,
  deviceIds: ReadonlySet<DeviceId>,
): Program<ReadonlyMap<string, number>> {
  if (deviceIds.size === 0) return new Map();
  const asked = dialect.rows(
    { id: 'text' },
    [...deviceIds].map((deviceId) => [deviceId]),
  );
  const rows = yield* all<{ id: string; services: number }>({
    sql: `SELECT r.id, (SELECT count(*) FROM device_shadows s WHERE s.device_id = r.id) AS services FROM ${asked.from}`,
    parameters: asked.parameters,
  });
  return new Map(rows.map((row) => [row.id, row.services]));
}

interface ShadowState {
  readonly deviceId: string;
  readonly serviceId: string;
  readonly desired: string;
  readonly version: number;
  /** Undefined: as stored. */
  readonly at: number | undefined;
}

/** The services that the effects name, as they are and as they become. */
class Shadows {
  counts: ReadonlyMap<string, number> = new Map();
  readonly #states = new Map<string, ShadowState>();
  readonly #added = new Map<string, number>();
  /** The devices of a task get the same write, most of them upon the same values. */
  readonly #merged = new Map<DesiredWrite, Map<string, string | undefined>>();

  constructor(rows: readonly StoredRow[]) {
    for (const { device_id: deviceId, service_id: serviceId, desired, version } of rows) {
      this.#states.set(keyOf(deviceId, serviceId), { deviceId, serviceId, desired, version, at: undefined });
    }
  }

  devicesWithNew(effects: readonly SetDesired[]): ReadonlySet<DeviceId> {
    const growing = effects.filter(({ deviceId, writes }) =>
      writes.some(({ serviceId }) => !this.#states.has(keyOf(deviceId, serviceId))),
    );
    return new Set(growing.map(({ deviceId }) => deviceId));
  }

  /** All of the effect, in the order of its writes, or the reason why nothing of it. */
  write({ deviceId, writes, at }: SetDesired): readonly JsonObject[] | ProblemName {
    const next: ShadowState[] = [];
    for (const write of writes) {
      const { serviceId } = write;
      const { desired, version } = this.#states.get(keyOf(deviceId, serviceId)) ?? { desired: '{}', version: 0 };
      if (write.version !== undefined && write.version !== version) return 'shadowVersion';
      const merged = this.#merge(desired, write);
      if (merged === undefined) return 'contentTooLarge';
      next.push({ deviceId, serviceId, desired: merged, version: version + 1, at });
    }
    const added = next.filter(({ serviceId }) => !this.#states.has(keyOf(deviceId, serviceId))).length;
    const services = (this.counts.get(deviceId) ?? 0) + (this.#added.get(deviceId) ?? 0) + added;
    if (added > 0 && services > shadowLimits.services) return 'contentTooLarge';
    this.#added.set(deviceId, (this.#added.get(deviceId) ?? 0) + added);
    for (const state of next) this.#states.set(keyOf(deviceId, state.serviceId), state);
    return next.map(({ serviceId, version }) => ({ service_id: serviceId, version }));
  }

  changes(): readonly ShadowState[] {
    return [...this.#states.values()].filter(({ at }) => at !== undefined);
  }

  /** Undefined: more than a service may hold. */
  #merge(stored: string, write: DesiredWrite): string | undefined {
    const known = this.#merged.get(write) ?? new Map<string, string | undefined>();
    this.#merged.set(write, known);
    if (!known.has(stored)) known.set(stored, fitting(desiredAfter(objectOf(stored), write)));
    return known.get(stored);
  }
}

function fitting(desired: JsonObject): string | undefined {
  if (Object.keys(desired).length > shadowLimits.properties) return undefined;
  const text = JSON.stringify(desired);
  return Buffer.byteLength(text) > shadowLimits.serviceBytes ? undefined : text;
}

const keyOf = (deviceId: string, serviceId: string): string => JSON.stringify([deviceId, serviceId]);

/** Each text goes to the database once: of a task's devices nearly all have the same. */
function* store({ dialect }: SqlContext, changes: readonly ShadowState[]): Program<void> {
  if (changes.length === 0) return;
  const texts = [...new Set(changes.map(({ desired }) => desired))];
  const numbers = new Map(texts.map((text, index) => [text, index]));
  const set = dialect.rows(
    { device_id: 'text', service_id: 'text', desired: 'int', at: 'int', version: 'int' },
    changes.map((row) => [row.deviceId, row.serviceId, numbers.get(row.desired) ?? 0, row.at ?? null, row.version]),
  );
  const values = dialect.rows(
    { no: 'int', text: 'text' },
    texts.map((text, index) => [index, text]),
    't',
  );
  yield* change({
    sql: `INSERT INTO device_shadows (device_id, service_id, desired, desired_at, reported, version)
      SELECT r.device_id, r.service_id, t.text, r.at, '{}', r.version
      FROM ${set.from} ${dialect.orderedJoin} ${values.from} ON t.no = r.desired WHERE true
      ON CONFLICT (device_id, service_id) DO UPDATE
        SET desired = excluded.desired, desired_at = excluded.desired_at, version = excluded.version`,
    parameters: [...set.parameters, ...values.parameters],
    keyChecks: changes.length,
  });
}
