import { Type } from 'typebox';
import { defaulted } from '../schema.ts';
import { count } from './primitives.ts';

interface Sizes {
  readonly usual: number;
  readonly max: number;
  /** What a page that is out of range answers; absent: the family's bad input. */
  readonly code?: string;
}

const codeOf = (code: string | undefined) => (code === undefined ? {} : { 'x-error-code': code });

const sizeOf = ({ usual, max, code }: Sizes) =>
  defaulted(Type.Integer({ description: 'Entries per page.', minimum: 1, maximum: max, ...codeOf(code) }), usual);

/** Legacy 1.4: a list that is always paged. */
export const paged = (sizes: Sizes) => ({
  pageNo: defaulted(Type.Integer({ description: 'Page, from 0.', minimum: 0, ...codeOf(sizes.code) }), 0),
  pageSize: sizeOf(sizes),
});

/** Legacy 1.4: a list that is whole unless a page of it is asked for. */
export const pagedOrWhole = (sizes: Sizes) => ({
  pageNo: Type.Optional(
    Type.Integer({ description: 'Page, from 0; absent: the whole list.', minimum: 0, ...codeOf(sizes.code) }),
  ),
  pageSize: sizeOf(sizes),
});

/** What a list says of itself. */
export const pageMembers = {
  totalCount: count('All that match.'),
  pageNo: count('The page; 0 where the list is whole.'),
  pageSize: count('Entries per page; those that are there where the list is whole.'),
};
