import type pg from 'pg';
import type { Program, Result, Row, Statement } from '../sql/program.ts';
import { isConnectionLoss } from './errors.ts';
import { numbered, type StatementTexts } from './statement-texts.ts';

export interface TransactionOptions {
  readonly client: pg.ClientBase;
  readonly texts: StatementTexts;
  /** False: behind a pooler that does not keep prepared statements. */
  readonly prepares: boolean;
}

/**
 * Settings that end with the transaction, so that they hold behind a pooler as well.
 * - Plans are made for the tables as they are now: one that was right while a table was empty would be kept when it has grown. None may
 *   walk a table from end to end, or hash or merge what a few key look-ups find: statistics know nothing yet of a task that was just made,
 *   and "one row" may be a million.
 * - A node that stands still in the middle must not hold its rows for long.
 * - The transaction's number is drawn at once: it tells after a lost connection whether the commit has happened.
 */
const begin = `BEGIN; SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_seqscan = off;
  SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_material = off; SET LOCAL jit = off; SET LOCAL synchronous_commit = on;
  SET LOCAL idle_in_transaction_session_timeout = 10000; SELECT pg_current_xact_id()::text AS xid`;

/** The connection was lost while the commit was under way: it may or may not have happened. */
export class CommitUnknown extends Error {
  /** Of the transaction. */
  readonly xid: string;
  readonly value: unknown;

  constructor(xid: string, value: unknown, cause: unknown) {
    super('The connection to the database was lost during a commit.', { cause });
    this.xid = xid;
    this.value = value;
  }
}

/** Runs a program between BEGIN and COMMIT on one connection. */
export async function runTransaction<Value>(
  options: TransactionOptions,
  program: () => Program<Value>,
): Promise<Value> {
  const { client } = options;
  let xid = '';
  const value = await inTransaction(client, async () => {
    // Nothing is sent ahead: were it cancelled before it began, what follows would be committed statement by statement.
    const begun = (await client.query(begin)) as unknown as readonly pg.QueryResult<{ xid: string }>[];
    xid = begun.at(-1)?.rows[0]?.xid ?? '';
    return await runProgram(options, program());
  });
  try {
    await client.query('COMMIT');
  } catch (error) {
    if (isConnectionLoss(error)) throw new CommitUnknown(xid, value, error);
    throw error;
  }
  return value;
}

async function inTransaction<Value>(client: pg.ClientBase, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    // On a broken connection the server rolls back by itself, and the connection is not used again.
    if (!isConnectionLoss(error)) await client.query('ROLLBACK');
    throw error;
  }
}

/** Statement by statement; what each is sent with and what comes back is the program's. */
export async function runProgram<Value>(options: TransactionOptions, program: Program<Value>): Promise<Value> {
  let turn = program.next();
  while (turn.done !== true) {
    let result: Result;
    try {
      result = await execute(options, turn.value);
    } catch (error) {
      // The program may know what the failure means (a unique row that exists); it then throws what the caller is told.
      turn = program.throw(error);
      continue;
    }
    turn = program.next(result);
  }
  return turn.value;
}

async function execute(options: TransactionOptions, statement: Statement): Promise<Result> {
  const { rows, rowCount } =
    (statement.keyChecks ?? 0) < manyKeyChecks
      ? await ask(options, statement)
      : await askOfManyKeys(options, statement);
  return { rows, changes: rowCount ?? 0 };
}

function ask(
  { client, texts, prepares }: TransactionOptions,
  { sql, parameters, varies }: Statement,
): Promise<pg.QueryResult<Row>> {
  const { text, name } = varies === true ? { text: numbered(sql), name: undefined } : texts.of(sql);
  return client.query<Row>({ text, values: [...parameters], ...(prepares && name !== undefined ? { name } : {}) });
}

/** Planning so many look-ups costs more than two settings. */
const manyKeyChecks = 10;

/**
 * The database looks after foreign keys with a statement for each row, whose plans it keeps, unless `begin` forbids: planning takes ten
 * times as long as looking one key up. The statement itself is not prepared, and so planned for its values all the same. All three are on
 * their way before the first is answered.
 */
async function askOfManyKeys(options: TransactionOptions, statement: Statement): Promise<pg.QueryResult<Row>> {
  const { client } = options;
  const [, result] = await Promise.all([
    client.query('SET LOCAL plan_cache_mode = auto'),
    ask({ ...options, prepares: false }, statement),
    client.query('SET LOCAL plan_cache_mode = force_custom_plan'),
  ]);
  return result;
}
