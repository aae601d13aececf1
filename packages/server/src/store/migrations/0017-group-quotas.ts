/** What legacy clients say of a group (legacy 6): how many devices it may have, 0 without a limit of its own, and who made it. */
const columnsOf = (text: string, int: string): string => `
ALTER TABLE device_groups ADD COLUMN max_devices ${int} NOT NULL DEFAULT 0;
ALTER TABLE device_groups ADD COLUMN creator ${text};
`;

export const groupQuotas = columnsOf('TEXT', 'INTEGER');

export const groupQuotasOfPostgres = columnsOf('TEXT COLLATE "C"', 'BIGINT');
