/**
 * What upgrades say of their package (legacy 4.4, 4.5) and are found by outlives it, as long as a task names it. Triggers see to that, so
 * that no way out of `packages` can forget it, nor a node of the version before.
 */
const own = ['package_id', 'project_id', 'app_id', 'product_id', 'type', 'version'];
const traits = ['device_type', 'model', 'manufacturer_name', 'manufacturer_id', 'protocol_type'];

const tableOf = (text: string): string => `
CREATE TABLE former_packages (
  package_id ${text} PRIMARY KEY, project_id ${text} NOT NULL, app_id ${text} NOT NULL, product_id ${text} NOT NULL, type ${text} NOT NULL,
  version ${text} NOT NULL, device_type ${text} NOT NULL, model ${text} NOT NULL, manufacturer_name ${text}, manufacturer_id ${text},
  protocol_type ${text} NOT NULL
);
CREATE INDEX former_packages_app ON former_packages (app_id);
`;

const isNamed = 'EXISTS (SELECT 1 FROM tasks WHERE package_id = OLD.package_id)';

const keep = `INSERT INTO former_packages (${[...own, ...traits].join(', ')})
    SELECT ${[...own.map((name) => `OLD.${name}`), ...traits].join(', ')} FROM product_traits
    WHERE app_id = OLD.app_id AND product_id = OLD.product_id`;

const forget = `DELETE FROM former_packages WHERE package_id = OLD.package_id AND NOT ${isNamed}`;

export const formerPackages = `${tableOf('TEXT')}
CREATE TRIGGER packages_former BEFORE DELETE ON packages WHEN ${isNamed} BEGIN
  ${keep};
END;
CREATE TRIGGER tasks_former_packages AFTER DELETE ON tasks WHEN OLD.package_id IS NOT NULL BEGIN
  ${forget};
END;
`;

export const formerPackagesOfPostgres = `${tableOf('TEXT COLLATE "C"')}
CREATE FUNCTION keep_former_package() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ${isNamed} THEN
    ${keep};
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER packages_former BEFORE DELETE ON packages FOR EACH ROW EXECUTE FUNCTION keep_former_package();
CREATE FUNCTION forget_former_package() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ${forget};
  RETURN NULL;
END $$;
CREATE TRIGGER tasks_former_packages AFTER DELETE ON tasks FOR EACH ROW WHEN (OLD.package_id IS NOT NULL)
  EXECUTE FUNCTION forget_former_package();
`;
