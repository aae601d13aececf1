import type { ProductModel, ServiceCapability } from '../../../domain/product.ts';
import type { Run, RunDevice } from '../../../domain/run.ts';
import type { SubtaskState } from '../../../domain/subtask-state.ts';
import type { ChunkOptions, RunFacts } from '../../../ports/store/subtask-store.ts';
import { type RunDeviceRow, runDeviceColumns, runDeviceOf, sessionJoin } from '../devices/run-device.ts';
import { checked, checkedNumber } from '../checked.ts';
import { freeRows, lockedRows } from '../locks.ts';
import { all, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { KeptRow } from './row-fields.ts';
import { parseObject, type TaskRow, taskOf } from '../tasks/task-codec.ts';

/** A subtask with what its type needs to know of its device, as read in the transaction that settles it. */
export interface RunRow extends RunDeviceRow {
  readonly seq: number;
  readonly target: string;
  readonly state: SubtaskState;
  readonly attempt: number;
  readonly retries: number;
  readonly step: string | null;
  readonly work: string | null;
  readonly lane: number | null;
  readonly due_at: number | null;
  readonly hold: string | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly device_id: string | null;
  /** The run that holds the device's lane. */
  readonly holder_task: number | null;
  readonly holder_seq: number | null;
  /** When the device that was deleted had been created; null: no tombstone. */
  readonly deleted_device_created_at: number | null;
  readonly device_deleted_at: number | null;
}

const columns = `s.seq, s.target, s.state, s.attempt, s.retries, s.step, s.work, s.lane, s.due_at, s.hold, s.error_code, s.error_message,
  ${runDeviceColumns},
  b.device_created_at AS deleted_device_created_at, b.deleted_at AS device_deleted_at`;

const joins = `LEFT JOIN devices d ON d.device_id = s.target AND ${checked('d.project_id')} = ?
  ${sessionJoin}
  LEFT JOIN device_tombstones b ON b.device_id = s.target AND ${checked('b.project_id')} = ?`;

/** The two variants differ in one look-up per row that only upgrades need. */
const variants = {
  plain: { columns: `${columns}, NULL AS holder_task, NULL AS holder_seq`, joins },
  lanes: {
    columns: `${columns}, l.task_no AS holder_task, l.seq AS holder_seq`,
    joins: `${joins} LEFT JOIN subtasks l ON l.target = s.target AND l.lane IS NOT NULL`,
  },
};
const variantOf = (usesLanes: boolean) => (usesLanes ? variants.lanes : variants.plain);

type Texts = Pick<SqlContext, 'dialect'>;
const isReady = `s.task_no = ? AND s.state = 'Waitting' AND s.hold IS NULL ORDER BY s.seq LIMIT ?`;

/** Named texts: their plans are under test (design 5). `tail`: how the rows are locked. */
export function readySql({ dialect }: Texts, usesLanes: boolean, tail = ''): string {
  const { columns: chosen, joins: joined } = variantOf(usesLanes);
  return `SELECT ${chosen} FROM subtasks s ${dialect.indexedBy('subtasks_ready')} ${joined} WHERE ${isReady} ${tail}`;
}

export function bySeqSql({ dialect }: Texts, usesLanes: boolean, tail = ''): string {
  const { columns: chosen, joins: joined } = variantOf(usesLanes);
  const { from } = dialect.rows(keyColumns, []);
  return `SELECT ${chosen} FROM ${from} ${dialect.orderedJoin} subtasks s ON s.task_no = r.task_no AND s.seq = r.seq ${joined}
    ORDER BY s.seq ${tail}`;
}

/** The next Waitting rows of the task, but those that another transaction has in hand. */
export function* readReady(ctx: SqlContext, task: TaskRow, options: ChunkOptions): Program<readonly RunRow[]> {
  const { limit, usesLanes } = options;
  if (usesLanes && ctx.dialect.locks !== undefined) {
    const parameters = [task.task_no, limit];
    const sql = `SELECT s.seq, s.target FROM subtasks s WHERE ${isReady} ${freeRows(ctx, 's')}`;
    return yield* readInLanes(ctx, task, yield* all<Key>({ sql, parameters }));
  }
  return yield* all<RunRow>({
    sql: readySql(ctx, usesLanes, freeRows(ctx, 's')),
    parameters: [task.project_id, task.project_id, task.task_no, limit],
  });
}

export interface SeqQuery {
  readonly seqs: readonly number[];
  readonly options: ChunkOptions;
  /** Leave out what another transaction has in hand instead of waiting for it. */
  readonly skip?: boolean;
}

/** In order of seq; those that do not exist are left out. They may have moved on since the caller learned of them. */
export function* readBySeq(ctx: SqlContext, task: TaskRow, query: SeqQuery): Program<readonly RunRow[]> {
  const { seqs, options } = query;
  if (seqs.length === 0) return [];
  const tail = query.skip === true ? freeRows(ctx, 's') : lockedRows(ctx, 's');
  const asked = keySet(ctx, task, seqs);
  if (options.usesLanes && ctx.dialect.locks !== undefined) {
    const sql = `SELECT s.seq, s.target FROM ${asked.from}
      JOIN subtasks s ON s.task_no = r.task_no AND s.seq = r.seq ORDER BY s.seq ${tail}`;
    return yield* readInLanes(ctx, task, yield* all<Key>({ sql, parameters: asked.parameters }));
  }
  return yield* all<RunRow>({
    sql: bySeqSql(ctx, options.usesLanes, tail),
    parameters: [...asked.parameters, task.project_id, task.project_id],
  });
}

const keyColumns = { task_no: 'int', seq: 'int' } as const;

/** The whole key comes from the set, so that nothing but it can find the rows (checked.ts). */
const keySet = ({ dialect }: Texts, task: TaskRow, seqs: readonly number[]) =>
  dialect.rows(
    keyColumns,
    seqs.map((seq) => [task.task_no, seq]),
  );

interface Key {
  readonly seq: number;
  readonly target: string;
}

/**
 * Whoever looks at a device's lane, takes it or gives it back, holds the device's row from before its look until its end. So no two take
 * it, and none queues behind a holder that is just leaving and would never wake it. Only then is read who holds what.
 */
function* readInLanes(ctx: SqlContext, task: TaskRow, keys: readonly Key[]): Program<readonly RunRow[]> {
  if (keys.length === 0) return [];
  const devices = ctx.dialect.rows(
    { id: 'text' },
    [...new Set(keys.map(({ target }) => target))].map((target) => [target]),
  );
  yield* all({
    sql: `SELECT d.device_id FROM ${devices.from} JOIN devices d ON d.device_id = r.id ORDER BY d.device_id ${lockedRows(ctx, 'd')}`,
    parameters: devices.parameters,
  });
  const asked = keySet(
    ctx,
    task,
    keys.map(({ seq }) => seq),
  );
  return yield* all<RunRow>({
    sql: bySeqSql(ctx, true),
    parameters: [...asked.parameters, task.project_id, task.project_id],
  });
}

/** `attempt`: the one that the run is in or, with `starts`, the one that begins now. */
function runOf(
  task: TaskRow,
  row: RunRow,
  options: { readonly starts: boolean; readonly siblings: number; readonly fields: Run['fields'] },
): Run {
  return {
    taskNo: task.task_no,
    seq: row.seq,
    attempt: options.starts ? row.attempt + 1 : row.attempt,
    target: row.target,
    state: row.state,
    step: row.step ?? undefined,
    work: options.starts ? undefined : parseObject(row.work),
    device: row.device_id === null || isForeign(task, row) ? undefined : deviceOf(task, row),
    siblings: options.siblings,
    fields: options.fields,
  };
}

/** A legacy application's devices are its own; in v5 a task is about any of the project (legacy 3.2). */
const isForeign = (task: TaskRow, row: RunRow): boolean => task.legacy !== null && row.app_id !== task.app_id;

function deviceOf(task: TaskRow, row: RunRow): RunDevice {
  const held = row.holder_task !== null && !(row.holder_task === task.task_no && row.holder_seq === row.seq);
  return runDeviceOf(row, { deviceId: row.target, laneTaken: held });
}

/** The runs as their type sees them; in gateway mode each child knows how many of this task share its gateway (device 7.5). */
export function* runsOf(
  ctx: SqlContext,
  chunk: {
    readonly task: TaskRow;
    readonly rows: readonly RunRow[];
    readonly kept: ReadonlyMap<number, KeptRow>;
    readonly starts: (row: RunRow) => boolean;
  },
): Program<readonly Run[]> {
  const { task, rows, kept, starts } = chunk;
  const siblings = task.gateway_mode === 1 ? yield* countSiblings(ctx, task.task_no, rows) : new Map<string, number>();
  return rows.map((row) =>
    runOf(task, row, {
      starts: starts(row),
      siblings: siblings.get(row.root_id) ?? 0,
      fields: kept.get(row.seq)?.fields,
    }),
  );
}

function* countSiblings(
  { dialect }: SqlContext,
  taskNo: number,
  rows: readonly RunRow[],
): Program<Map<string, number>> {
  const roots = new Set(
    rows.filter((row) => row.device_id !== null && row.root_id !== row.target).map((row) => row.root_id),
  );
  const asked = dialect.rows(
    { root_id: 'text' },
    [...roots].map((rootId) => [rootId]),
  );
  const counted = yield* all<{ root_id: string; count: number }>({
    sql: `SELECT r.root_id, (SELECT count(*) FROM devices d WHERE d.root_id = r.root_id AND d.parent_id IS NOT NULL
      AND EXISTS (SELECT 1 FROM subtasks s WHERE s.target = d.device_id AND ${checkedNumber('s.task_no')} = ?)) AS count FROM ${asked.from}`,
    parameters: [taskNo, ...asked.parameters],
  });
  return new Map(counted.map((row) => [row.root_id, row.count]));
}

/** What a type may ask about besides the runs; models are read once per product of the chunk, parsed once per revision. */
export function* factsOf(
  ctx: SqlContext,
  chunk: { readonly task: TaskRow; readonly rows: readonly RunRow[]; readonly usesModels: boolean },
): Program<RunFacts> {
  const models = new Map<string, ProductModel>();
  if (chunk.usesModels) {
    for (const row of distinctProducts(chunk.rows)) {
      const model = yield* readModel(ctx, row);
      if (model !== undefined) models.set(productKey(row), model);
    }
  }
  return {
    task: taskOf(chunk.task),
    modelOf: (device) => models.get(productKey({ app_id: device.appId, product_id: device.productId })),
  };
}

type ProductKey = Pick<RunRow, 'app_id' | 'product_id'>;
const productKey = (key: ProductKey): string => `${key.app_id}/${key.product_id}`;

function distinctProducts(rows: readonly RunRow[]): readonly ProductKey[] {
  const known = rows.filter((row) => row.device_id !== null);
  return [...new Map(known.map((row) => [productKey(row), row])).values()];
}

const modelsMax = 200;

/** Parsed once per product and revision. */
export function* readModel(ctx: SqlContext, key: ProductKey): Program<ProductModel | undefined> {
  const product = yield* first(
    ctx.db
      .selectFrom('products')
      .select(['record_id', 'revision'])
      .where('app_id', '=', key.app_id)
      .where('product_id', '=', key.product_id),
  );
  if (product === undefined) return undefined;
  const cacheKey = `${product.record_id}/${product.revision}`;
  const known = ctx.models.get(cacheKey);
  if (known !== undefined) return known;
  const full = yield* first(
    ctx.db
      .selectFrom('products')
      .select('fields')
      .where('app_id', '=', key.app_id)
      .where('product_id', '=', key.product_id),
  );
  const { capabilities = [] } = parseObject(full?.fields ?? '{}') as { capabilities?: ServiceCapability[] };
  if (ctx.models.size >= modelsMax) ctx.models.clear();
  ctx.models.set(cacheKey, { capabilities });
  return { capabilities };
}
