import type { ProcessRow } from '../../../../shared/model/process';
import type { Connection } from '../database/database';

/** Arguments beyond this many characters are cut off: some programs are started with whole files. */
const MAX_ARGUMENT_CHARACTERS = 4000;

/** What a program's text holds: all that hardly ever changes in the life of a process. */
export type ProgramFacts = Pick<ProcessRow, 'name' | 'kernel' | 'uid' | 'user' | 'argv'>;

/** Gives texts their numbers, each text once, and knows those in use without asking the file. */
export class TableTexts {
  private readonly ids = new Map<string, number>();

  constructor(private readonly connection: Connection) {}

  /** The number of a text, which is new to the file or used again. */
  idOf(text: string, at: number): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const hash = hashOf(text);
    const found = this.connection.all('SELECT id, text FROM table_texts WHERE hash = ?', hash);
    let id = found.find((row) => row['text'] === text)?.['id'];
    if (typeof id === 'number') {
      this.connection.run('UPDATE table_texts SET used_at = ? WHERE id = ?', at, id);
    } else {
      this.connection.run('INSERT INTO table_texts (hash, text, used_at) VALUES (?, ?, ?)', hash, text, at);
      id = Number(this.connection.all('SELECT last_insert_rowid() AS id')[0]?.['id']);
    }
    this.ids.set(text, id);
    return id;
  }

  /** A new key holds these: they are marked as used, and all others forgotten here, not in the file. */
  keep(used: ReadonlySet<number>, at: number): void {
    for (const [text, id] of this.ids) {
      if (used.has(id)) this.connection.run('UPDATE table_texts SET used_at = ? WHERE id = ?', at, id);
      else this.ids.delete(text);
    }
  }
}

/** Name, owner and arguments as one text. */
export function programText({ name, kernel, uid, user, argv }: ProgramFacts): string {
  return JSON.stringify([name, kernel, uid, user, ...shortened(argv)]);
}

export function programFacts(text: string): ProgramFacts {
  const [name, kernel, uid, user, ...argv] = JSON.parse(text) as [string, boolean, number, string, ...string[]];
  return { name, kernel, uid, user, argv };
}

function shortened(argv: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let left = MAX_ARGUMENT_CHARACTERS;
  for (const argument of argv) {
    if (argument.length > left) {
      kept.push(`${argument.slice(0, left)}…`);
      break;
    }
    kept.push(argument);
    left -= argument.length;
  }
  return kept;
}

/** FNV-1a over UTF-16 units: it only separates most texts, the text itself decides. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
