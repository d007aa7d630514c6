import type { ProcessRow } from '../../model/process';

/** Which processes are wanted. */
export interface ProcessFilter {
  /** Every word of it must appear in the pid, name, user or command line, in any case. */
  text: string;
  /** null: of every user. */
  user: string | null;
  watchedOnly: boolean;
}

/** What the words are looked for in, kept as long as its row: a table asks for it at each update. */
const haystacks = new WeakMap<ProcessRow, string>();

/** Whether a process is one of those that are wanted. */
export function processFilter({ text, user, watchedOnly }: ProcessFilter): (row: ProcessRow) => boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (row) =>
    (!watchedOnly || row.watchId !== null) &&
    (user === null || row.user === user) &&
    words.every((word) => haystackOf(row).includes(word));
}

function haystackOf(row: ProcessRow): string {
  let text = haystacks.get(row);
  if (text === undefined) {
    text = `${row.pid}\n${row.name}\n${row.user}\n${row.argv.join(' ')}`.toLowerCase();
    haystacks.set(row, text);
  }
  return text;
}
