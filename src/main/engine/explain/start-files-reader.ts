import { NOTHING_WANTED, type FileState, type SceneReader } from '../ports';

/** What a file of a start may take to be looked at. */
const LIMIT_MS = 2000;

/** Looks at the files of starts, one start after the other: a thousand programs that start at once need no thousand looks at once. */
export class StartFilesReader {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly scenes: SceneReader) {}

  /** Never rejects; a file that does not answer is `unknown`. */
  read(files: readonly string[]): Promise<Readonly<Record<string, FileState>>> {
    const answer = this.last.then(async () => {
      return (await this.scenes.read({ ...NOTHING_WANTED, files }, LIMIT_MS)).files;
    });
    this.last = answer;
    return answer;
  }
}
