import { Readable } from 'node:stream';

export interface StreamedListParts {
  /** The member that holds the list. */
  readonly member: string;
  readonly pages: AsyncIterable<readonly unknown[]>;
  readonly totalCount: number;
}

/** A list that is read while it is being sent, so that no list is ever held as a whole (legacy 1.4, "not paged"). */
export class StreamedList {
  readonly #parts: StreamedListParts;

  constructor(parts: StreamedListParts) {
    this.#parts = parts;
  }

  /** One JSON object; where reading fails on the way it breaks off, and so does the connection. */
  toReadable(): Readable {
    return Readable.from(textOf(this.#parts), { objectMode: false });
  }
}

/** How many there are is known at the end alone. */
async function* textOf({ member, pages, totalCount }: StreamedListParts): AsyncGenerator<string> {
  let rows = 0;
  let text = `{${JSON.stringify(member)}:[`;
  for await (const page of pages) {
    const entries = page.map((entry) => JSON.stringify(entry)).join(',');
    yield `${text}${rows > 0 && entries !== '' ? ',' : ''}${entries}`;
    rows += page.length;
    text = '';
  }
  yield `${text}],"totalCount":${totalCount},"pageNo":0,"pageSize":${rows}}`;
}
