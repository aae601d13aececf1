/** The application that uploaded a file through the legacy API, whose it is (legacy 3.3); null: a file of its project. */
const columnOf = (text: string): string => `
ALTER TABLE batch_files ADD COLUMN app_id ${text};
`;

export const ownedBatchFiles = columnOf('TEXT');

export const ownedBatchFilesOfPostgres = columnOf('TEXT COLLATE "C"');
