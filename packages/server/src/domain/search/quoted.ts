/** Text as the search language writes it (v5 6.1): a quote within is written twice. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
