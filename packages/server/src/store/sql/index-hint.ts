/**
 * Names the index that a hot statement must use. SQLite's planner knows no statistics here (nobody runs ANALYZE) and takes a table's key
 * where a partial index holds a thousandth of the rows; with a name it uses that index or refuses the statement. A driver whose planner
 * knows better leaves the words out.
 */
export const indexedBy = (index: string): string => `INDEXED BY ${index}`;
