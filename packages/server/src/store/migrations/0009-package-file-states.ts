/**
 * The row of a package file is there before its first byte and until after its last one (v5 10): whatever stops in between, a node or
 * the place of the bytes, what is left of the file is known and removed.
 */
const columnOf = (text: string): string => `
ALTER TABLE package_files ADD COLUMN state ${text} NOT NULL DEFAULT 'kept' CHECK (state IN ('incoming', 'kept', 'dropped'));
`;

export const packageFileStates = columnOf('TEXT');
export const packageFileStatesOfPostgres = columnOf('TEXT COLLATE "C"');
