/** OTA modules (v5 10). They go with their product. */
const columnsOf = (text: string, int: string): string => `
  module_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, project_id ${text} NOT NULL, app_id ${text} NOT NULL,
  product_id ${text} NOT NULL, name ${text} NOT NULL, alias_name ${text}, description ${text}, created_at ${int} NOT NULL,
  CONSTRAINT ota_modules_app_id_product_id_name_key UNIQUE (app_id, product_id, name),
  FOREIGN KEY (app_id, product_id) REFERENCES products ON DELETE CASCADE`;

/** Packages were of any module before: what they name exists from now on, under the ids of its first package. */
const rest = `
CREATE INDEX ota_modules_page ON ota_modules (app_id, record_id);
INSERT INTO ota_modules (module_id, record_id, project_id, app_id, product_id, name, created_at)
  SELECT min(package_id), min(record_id), project_id, app_id, product_id, module_name, min(created_at)
  FROM packages WHERE type = 'modulePackage' GROUP BY project_id, app_id, product_id, module_name;
`;

export const otaModules = `
CREATE TABLE ota_modules (${columnsOf('TEXT', 'INTEGER')}
);${rest}`;

export const otaModulesOfPostgres = `
CREATE TABLE ota_modules (${columnsOf('TEXT COLLATE "C"', 'BIGINT')}
);${rest}`;
