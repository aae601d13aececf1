/**
 * A condition that only checks the rows which the key has found. Named as the column itself it could be taken to find them: statistics
 * that do not know a new project or task yet think of one row where there are a million.
 */
export const checked = (column: string): string => `(${column} || '')`;

/** The same of a number. */
export const checkedNumber = (column: string): string => `(${column} + 0)`;

/**
 * Ends an EXISTS that is to be looked at for each row by itself: a planner that makes a join of it may begin at its end, with all that a
 * task has.
 */
export const forEach = 'LIMIT 1 OFFSET 0';
