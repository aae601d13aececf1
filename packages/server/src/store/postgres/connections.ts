import pg from 'pg';
import { NoPrimary } from './errors.ts';
import { Slots } from './slots.ts';

export interface ConnectionsOptions {
  /** postgres://user:password@host:port/database; several hosts with commas between them: whichever is the primary is used. */
  readonly url: string;
  readonly max: number;
  /**
   * A statement that is not answered within this time ends its connection: a server that hangs, or is cut off without a word, must not
   * hold who could go on with another one. Absent: some statements take as long as they take.
   */
  readonly answerMs?: number;
}

export const connectTimeoutMs = 5000;
/** Many times what the slowest statement takes; a lock that somebody holds longer than this is a fault. */
export const answerMs = 20_000;

/** Numbers as numbers: all of ours fit (times in ms, counts). */
const numeric: ReadonlySet<number> = new Set([pg.types.builtins.INT8, pg.types.builtins.NUMERIC]);

const types: pg.CustomTypesConfig = {
  // Everything comes as text.
  getTypeParser: (id: number): ((value: string) => unknown) =>
    numeric.has(id) ? Number : (pg.types.getTypeParser(id) as (value: string) => unknown),
};

export interface Connections {
  /** One that leads to a primary; the caller releases it. Rejects with a connection loss where there is none. */
  connect(): Promise<pg.PoolClient>;
  end(): Promise<void>;
}

/** A pool whose connections lead to a primary, or nowhere. */
export function createConnections({ url, max, answerMs }: ConnectionsOptions): Connections {
  const addresses = addressesOf(url);
  const slots = new Slots(max);
  let turn = 0;
  class AddressedClient extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super({ ...config, connectionString: addresses[turn % addresses.length] });
    }
  }
  const pool = new pg.Pool({
    max,
    Client: AddressedClient,
    types,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    ...(answerMs !== undefined && { query_timeout: answerMs }),
    application_name: 'muster',
    // Awaited by the pool, whatever its types say.
    onConnect: (client: pg.ClientBase) => refuseStandby(client) as unknown as undefined,
  });
  // A connection that breaks while nobody uses it is simply gone; who needs one makes another.
  pool.on('error', () => undefined);
  return {
    end: () => pool.end(),
    async connect() {
      // The pool's own line ends with the time-out of connecting: whoever waits for others must not take them for a lost database.
      await slots.take();
      const tried = turn;
      try {
        return leaving(await pool.connect(), slots);
      } catch (error) {
        slots.leave();
        // The next one looks at the next address; of many that fail together one alone moves on.
        if (turn === tried) turn += 1;
        throw error;
      }
    },
  };
}

/** The connection's place is free again with its release. */
function leaving(client: pg.PoolClient, slots: Slots): pg.PoolClient {
  const { release } = client;
  client.release = (broken) => {
    release(broken);
    slots.leave();
  };
  return client;
}

/** A standby answers, too, with what was true some time ago. */
async function refuseStandby(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  if (rows[0]?.standby === true) throw new NoPrimary();
}

/** One URL for each of several hosts. */
export function addressesOf(url: string): readonly string[] {
  const [, before, hosts, after] = /^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)([^/?]*)(.*)$/.exec(url) ?? [];
  if (before === undefined || hosts === undefined) throw new Error('A database URL begins with postgres://.');
  return hosts.split(',').map((host) => `${before}${host}${after ?? ''}`);
}
