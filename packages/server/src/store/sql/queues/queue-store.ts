import { type Selectable, sql } from 'kysely';
import { asId, type ProjectId, type QueueId, type RecordId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import { defaultQueueName, type Queue } from '../../../domain/queue.ts';
import type { QueueFilter, QueueStore } from '../../../ports/store/queue-store.ts';
import { locked, lockProject } from '../locks.ts';
import { selectPage } from '../page.ts';
import { change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import type { QueuesTable } from '../push-tables.ts';
import { changeUnique } from '../unique.ts';

const nameTaken = {
  key: { table: 'queues', columns: ['project_id', 'name'] },
  problem: () => new Problem('queueNameTaken'),
};

export function createQueueStore({ read, write }: Runner, ctx: SqlContext): QueueStore {
  return {
    insert: (queue, queuesMax) => write(() => insertQueue(ctx, queue, queuesMax)),
    find: (projectId, queueId) => read(() => findQueue(ctx, projectId, queueId)),
    findByName: (projectId, name) => read(() => findByName(ctx, projectId, name)),
    list: (filter, page) => read(() => listQueues(ctx, filter, page)),
    delete: (projectId, queueId) => write(() => deleteQueue(ctx, projectId, queueId)),
  };
}

function* insertQueue(ctx: SqlContext, queue: Queue, queuesMax: number): Program<void> {
  yield* lockProject(ctx, queue.projectId);
  const taken = yield* first(
    ctx.db
      .selectFrom('queues')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('project_id', '=', queue.projectId),
  );
  if (taken !== undefined && taken.count >= queuesMax) throw new Problem('queueLimit');
  yield* changeUnique(ctx, ctx.db.insertInto('queues').values(rowOf(queue)), [nameTaken]);
}

/** v5 15.6: of a project that is being made. */
export function* insertDefaultQueue(ctx: SqlContext, projectId: ProjectId, at: number): Program<void> {
  const ids = { recordId: asId<RecordId>(ctx.random.orderedId()), queueId: asId<QueueId>(ctx.random.uuid()) };
  const queue = { ...ids, projectId, name: defaultQueueName, createdAt: at, modifiedAt: at };
  yield* change(ctx.db.insertInto('queues').values(rowOf(queue)));
}

function* findQueue({ db }: SqlContext, projectId: ProjectId, queueId: QueueId): Program<Queue | undefined> {
  const row = yield* first(
    db.selectFrom('queues').selectAll().where('queue_id', '=', queueId).where('project_id', '=', projectId),
  );
  return row && queueOf(row);
}

function* findByName({ db }: SqlContext, projectId: ProjectId, name: string): Program<Queue | undefined> {
  const row = yield* first(
    db.selectFrom('queues').selectAll().where('project_id', '=', projectId).where('name', '=', name),
  );
  return row && queueOf(row);
}

/** Of the queue that an action is to fill: it cannot be deleted until this transaction ends. Problems: queueNotFound. */
export function* lockQueueByName(ctx: SqlContext, projectId: string, name: string): Program<string> {
  const row = yield* first(
    locked(
      ctx,
      ctx.db.selectFrom('queues').select('queue_id').where('project_id', '=', projectId).where('name', '=', name),
    ),
  );
  if (row === undefined) throw new Problem('queueNotFound', { field: 'amqp.queueName' });
  return row.queue_id;
}

function* listQueues(
  { db }: SqlContext,
  { projectId, namePart }: QueueFilter,
  page: PageRequest,
): Program<Page<Queue>> {
  let base = db.selectFrom('queues').selectAll().where('project_id', '=', projectId);
  if (namePart !== undefined) base = base.where(sql`replace(name, ${namePart}, '')`, '<>', sql.ref('name'));
  return yield* selectPage(base, { key: 'queues.record_id', page, decode: queueOf });
}

function* deleteQueue(ctx: SqlContext, projectId: ProjectId, queueId: QueueId): Program<void> {
  const queue = yield* first(
    locked(
      ctx,
      ctx.db.selectFrom('queues').select('name').where('queue_id', '=', queueId).where('project_id', '=', projectId),
    ),
  );
  if (queue === undefined) throw new Problem('queueNotFound');
  const user = yield* first(
    ctx.db.selectFrom('rule_actions').select('action_id').where('queue_id', '=', queueId).limit(1),
  );
  if (user !== undefined || queue.name === defaultQueueName) throw new Problem('queueInUse');
  yield* change(ctx.db.deleteFrom('queues').where('queue_id', '=', queueId));
}

function rowOf(queue: Queue): Selectable<QueuesTable> {
  return {
    queue_id: queue.queueId,
    record_id: queue.recordId,
    project_id: queue.projectId,
    name: queue.name,
    created_at: queue.createdAt,
    modified_at: queue.modifiedAt,
  };
}

function queueOf(row: Selectable<QueuesTable>): Queue {
  return {
    recordId: asId<RecordId>(row.record_id),
    queueId: asId<QueueId>(row.queue_id),
    projectId: asId<ProjectId>(row.project_id),
    name: row.name,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
