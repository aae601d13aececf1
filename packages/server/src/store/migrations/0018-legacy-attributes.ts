/**
 * What legacy clients say of a device and v5 has no name for (legacy 5.2): one JSON object, and the location by itself, because batch
 * tasks select devices by it; `modified_at`: when somebody last changed what the device is called and the like. Products are looked up by
 * their device type alone, too.
 */
const columnsOf = (text: string, int: string): string => `
ALTER TABLE devices ADD COLUMN location ${text};
ALTER TABLE devices ADD COLUMN legacy ${text};
ALTER TABLE devices ADD COLUMN modified_at ${int};
CREATE INDEX devices_by_location ON devices (project_id, location, record_id) WHERE location IS NOT NULL;
CREATE INDEX product_traits_type ON product_traits (app_id, device_type, record_id);
`;

export const legacyAttributes = columnsOf('TEXT', 'INTEGER');

export const legacyAttributesOfPostgres = columnsOf('TEXT COLLATE "C"', 'BIGINT');
