/**
 * By what legacy clients find and filter products (legacy 4.1, 10.5), in columns of their own: a product's model may have 500 KB, and no
 * search may parse those. Triggers keep them, so that no way into `products` can forget them, nor a node of the version before.
 */
const columns = ['device_type', 'model', 'manufacturer_name', 'manufacturer_id', 'protocol_type'];

const tableOf = (text: string): string => `
CREATE TABLE product_traits (
  app_id ${text} NOT NULL, product_id ${text} NOT NULL, record_id ${text} NOT NULL, device_type ${text} NOT NULL, model ${text} NOT NULL,
  manufacturer_name ${text}, manufacturer_id ${text}, protocol_type ${text} NOT NULL,
  PRIMARY KEY (app_id, product_id), FOREIGN KEY (app_id, product_id) REFERENCES products ON DELETE CASCADE
);
CREATE INDEX product_traits_lookup ON product_traits (app_id, model, device_type, manufacturer_id, protocol_type, record_id);
`;

/** The values of a row of products; `field` reads a member of its fields. */
const valuesOf = (row: string, field: (name: string) => string): readonly string[] => [
  field('deviceType'),
  `coalesce(${field('model')}, ${row}.name)`,
  field('manufacturerName'),
  `coalesce(${field('manufacturerId')}, ${field('manufacturerName')})`,
  field('protocolType'),
];

const keys = ['app_id', 'product_id', 'record_id'];
const insertFrom = (row: string, values: readonly string[]): string =>
  `INSERT INTO product_traits (${[...keys, ...columns].join(', ')})
    SELECT ${[...keys.map((key) => `${row}.${key}`), ...values].join(', ')}`;
const changes = (values: readonly string[]): string => columns.map((name, at) => `${name} = ${values[at]}`).join(', ');
const isNew = 'app_id = NEW.app_id AND product_id = NEW.product_id';

const inSqlite = (row: string): readonly string[] => valuesOf(row, (name) => `${row}.fields ->> '${name}'`);

export const productTraits = `${tableOf('TEXT')}
${insertFrom('p', inSqlite('p'))} FROM products p;
CREATE TRIGGER products_traits_in AFTER INSERT ON products BEGIN
  ${insertFrom('NEW', inSqlite('NEW'))};
END;
CREATE TRIGGER products_traits_anew AFTER UPDATE OF name, fields ON products BEGIN
  UPDATE product_traits SET ${changes(inSqlite('NEW'))} WHERE ${isNew};
END;
`;

// PostgreSQL refuses to read a document that has NUL or half a surrogate pair anywhere; neither is in what is read of it.
const inPostgres = valuesOf('p', (name) => `f ->> '${name}'`);
const legible = (row: string): string =>
  `regexp_replace(${row}.fields, '\\\\u(0000|d[89a-f][0-9a-f][0-9a-f])', '\\ufffd', 'g')::json`;

export const productTraitsOfPostgres = `${tableOf('TEXT COLLATE "C"')}
${insertFrom('p', inPostgres)} FROM products p, LATERAL (SELECT ${legible('p')} AS f) legible;
CREATE FUNCTION keep_product_traits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  p products := NEW;
  f json := ${legible('NEW')};
BEGIN
  IF TG_OP = 'INSERT' THEN
    ${insertFrom('NEW', inPostgres)};
  ELSE
    UPDATE product_traits SET ${changes(inPostgres)} WHERE ${isNew};
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER products_traits AFTER INSERT OR UPDATE OF name, fields ON products
  FOR EACH ROW EXECUTE FUNCTION keep_product_traits();
`;
