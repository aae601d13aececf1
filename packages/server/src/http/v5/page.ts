import { asId } from '../../domain/ids.ts';
import { type Page, type PageRequest, offsetMax, pageSizeMax } from '../../domain/paging.ts';
import { Problem } from '../../domain/problem.ts';

/** The three members that every paged query schema decodes to. */
export interface DecodedPaging {
  readonly limit: number;
  readonly marker: string;
  readonly offset: number;
}

const markerShape = /^[0-9a-f]{24}$/;

/** v5 1, Paging: bad limit -> 000017, bad marker or offset -> 000018. `offsetBound` Infinity for ShowBatchTask alone. */
export function decodePage({ limit, marker, offset }: DecodedPaging, offsetBound: number = offsetMax): PageRequest {
  if (limit < 1 || limit > pageSizeMax) throw new Problem('limitOutOfRange', { field: 'limit' });
  if (!markerShape.test(marker)) throw new Problem('markerOutOfRange', { field: 'marker' });
  if (offset < 0 || offset > offsetBound) throw new Problem('offsetOutOfRange', { field: 'offset' });
  return { limit, marker: asId(marker), offset };
}

/** The `page` object of list answers. */
export function encodePage(page: Page<unknown>): { count: number; marker: string | null } {
  return { count: page.count, marker: page.marker };
}
