/**
 * How many devices there are of each kind, so that a list of a million says so without counting them (v5 1, Paging). A kind is what many
 * devices have in common; `child` 1: it has a parent; a version that was never reported is ''. Triggers keep the counts: no way into
 * `devices` can forget them, and neither can a node of the version before that still runs.
 */
const key = ['project_id', 'app_id', 'product_id', 'child', 'fw_version', 'sw_version'];
const counts = ['inactive', 'online', 'offline', 'abnormal', 'frozen'];

const columnsOf = (text: string, int: string): string => `
  project_id ${text} NOT NULL, app_id ${text} NOT NULL, product_id ${text} NOT NULL, child ${int} NOT NULL CHECK (child IN (0, 1)),
  fw_version ${text} NOT NULL, sw_version ${text} NOT NULL, shard ${int} NOT NULL,
  ${counts.map((count) => `${count} ${int} NOT NULL`).join(', ')},
  CONSTRAINT device_counts_key PRIMARY KEY (${key.join(', ')}, shard)`;

/** The key's values of a row of devices. */
const keyOf = (row: string): readonly string[] => [
  ...[`${row}.project_id`, `${row}.app_id`, `${row}.product_id`],
  `CASE WHEN ${row}.parent_id IS NULL THEN 0 ELSE 1 END`,
  ...[`coalesce(${row}.fw_version, '')`, `coalesce(${row}.sw_version, '')`],
];

/** Is the row in that count? What is frozen is in no other. */
const isIn = (row: string, count: string): string =>
  count === 'frozen' ? `${row}.frozen = 1` : `${row}.frozen = 0 AND ${row}.connectivity = '${count.toUpperCase()}'`;

const fill = `
INSERT INTO device_counts (${[...key, 'shard', ...counts].join(', ')})
  SELECT ${[...keyOf('d'), '0', ...counts.map((count) => `count(*) FILTER (WHERE ${isIn('d', count)})`)].join(', ')}
  FROM devices d GROUP BY ${keyOf('d').join(', ')};
`;

const added = `DO UPDATE SET ${counts.map((count) => `${count} = device_counts.${count} + excluded.${count}`).join(', ')}`;

// SQLite: row by row, in place; the one writer has no shards. A change is taken apart into what one trigger each counts: frozen or not, then
// another connectivity, then another kind.

const connectivities = counts.filter((count) => count !== 'frozen');

const at = (row: string): string =>
  ['shard = 0', ...keyOf(row).map((value, index) => `${key[index]} = ${value}`)].join(' AND ');
const is = (row: string, count: string): string => `(${row}.connectivity = '${count.toUpperCase()}')`;
const isOther = (...columns: string[]): string => columns.map((name) => `OLD.${name} IS NOT NEW.${name}`).join(' OR ');

const add = `INSERT INTO device_counts (${[...key, 'shard', ...counts].join(', ')})
    VALUES (${[...keyOf('NEW'), '0', ...counts.map((count) => isIn('NEW', count))].join(', ')})
    ON CONFLICT ${added};`;
/** `as`: the row that says in which status. */
const subtract = (as: 'OLD' | 'NEW'): string => `UPDATE device_counts
    SET ${counts.map((count) => `${count} = ${count} - (${isIn(as, count)})`).join(', ')} WHERE ${at('OLD')};
  DELETE FROM device_counts WHERE ${at('OLD')} AND ${counts.map((count) => `${count} = 0`).join(' AND ')};`;
const freeze = ['frozen = frozen + NEW.frozen - OLD.frozen'].concat(
  connectivities.map((count) => `${count} = ${count} + ${is('OLD', count)} * (OLD.frozen - NEW.frozen)`),
);
const connect = connectivities.map((count) => `${count} = ${count} + ${is('NEW', count)} - ${is('OLD', count)}`);
const kind = ['project_id', 'app_id', 'product_id', 'parent_id', 'fw_version', 'sw_version'];

export const deviceCounts = `
CREATE TABLE device_counts (${columnsOf('TEXT', 'INTEGER')}
) WITHOUT ROWID;${fill}
CREATE TRIGGER devices_counted_in AFTER INSERT ON devices BEGIN
  ${add}
END;
CREATE TRIGGER devices_counted_out AFTER DELETE ON devices BEGIN
  ${subtract('OLD')}
END;
CREATE TRIGGER devices_counted_frozen AFTER UPDATE OF frozen ON devices WHEN OLD.frozen <> NEW.frozen BEGIN
  UPDATE device_counts SET ${freeze.join(', ')} WHERE ${at('OLD')};
END;
CREATE TRIGGER devices_counted_connected AFTER UPDATE OF connectivity ON devices
  WHEN OLD.connectivity <> NEW.connectivity AND NEW.frozen = 0 BEGIN
  UPDATE device_counts SET ${connect.join(', ')} WHERE ${at('OLD')};
END;
CREATE TRIGGER devices_counted_elsewhere AFTER UPDATE OF ${kind.join(', ')} ON devices WHEN ${isOther(...kind)} BEGIN
  ${add}
  ${subtract('NEW')}
END;
`;

// PostgreSQL: one statement's rows at once. Whoever changes devices counts in a shard that no other transaction is using: one row for all
// would make every node wait for every other. Shard 0 is what the others are folded into (store/sql/devices/fold-counts.ts).

const shardsMax = 64;
/** The first number of a shard's advisory lock; the second is the shard. */
const shardLocks = 1_144_201_745;

const text = 'TEXT COLLATE "C"';
const deltaOf = (rows: string, sign: string): string =>
  `SELECT ${[...keyOf('d').map((value, index) => `${value} AS ${key[index]}`), ...counts.map((count) => `CASE WHEN ${isIn('d', count)} THEN ${sign}1 ELSE 0 END AS ${count}`)].join(', ')} FROM ${rows} d`;

const counting = (name: string, deltas: readonly string[]): string => `
CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH free AS MATERIALIZED (SELECT free_count_shard() AS shard)
  INSERT INTO device_counts (${[...key, 'shard', ...counts].join(', ')})
    SELECT ${key.join(', ')}, (SELECT shard FROM free), ${counts.map((count) => `sum(${count})`).join(', ')}
    FROM (${deltas.join(' UNION ALL ')}) deltas GROUP BY ${key.join(', ')}
    HAVING ${counts.map((count) => `sum(${count}) <> 0`).join(' OR ')} ORDER BY ${key.join(', ')}
    ON CONFLICT ON CONSTRAINT device_counts_key ${added};
  RETURN NULL;
END $$;
`;

export const deviceCountsOfPostgres = `
CREATE TABLE device_counts (${columnsOf(text, 'BIGINT')}
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX device_counts_shards ON device_counts (shard) WHERE shard > 0;
CREATE FUNCTION free_count_shard() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  own CONSTANT int := pg_backend_pid() % ${shardsMax};
BEGIN
  FOR step IN 0..${shardsMax - 1} LOOP
    IF pg_try_advisory_xact_lock(${shardLocks}, (own + step) % ${shardsMax} + 1) THEN
      RETURN (own + step) % ${shardsMax} + 1;
    END IF;
  END LOOP;
  PERFORM pg_advisory_xact_lock(${shardLocks}, own + 1);
  RETURN own + 1;
END $$;
${counting('count_devices_in', [deltaOf('born', '')])}
${counting('count_devices_out', [deltaOf('gone', '-')])}
${counting('count_devices_anew', [deltaOf('born', ''), deltaOf('gone', '-')])}
CREATE TRIGGER devices_counted_in AFTER INSERT ON devices REFERENCING NEW TABLE AS born
  FOR EACH STATEMENT EXECUTE FUNCTION count_devices_in();
CREATE TRIGGER devices_counted_out AFTER DELETE ON devices REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION count_devices_out();
CREATE TRIGGER devices_counted_anew AFTER UPDATE ON devices REFERENCING OLD TABLE AS gone NEW TABLE AS born
  FOR EACH STATEMENT EXECUTE FUNCTION count_devices_anew();
${fill}`;
