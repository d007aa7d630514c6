import { NOTHING_WANTED, type FileState, type SceneReader } from '../ports';

/** What a file of a start may take to be looked at. */
const LIMIT_MS = 2000;

/** Looks at files for many watches, one after the other: a thousand programs that start at once need no thousand looks at once. */
export class StartFilesReader {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly scenes: SceneReader) {}

  /** Never rejects; a file that does not answer is `unknown`. `withEntries`: of a directory also what lies in it. */
  read(
    files: readonly string[],
    { withEntries = false }: { withEntries?: boolean } = {},
  ): Promise<Readonly<Record<string, FileState>>> {
    const answer = this.last.then(async () => {
      return (
        await this.scenes.read(
          { ...NOTHING_WANTED, files, ...(withEntries ? { withEntries: true as const } : {}) },
          LIMIT_MS,
        )
      ).files;
    });
    this.last = answer;
    return answer;
  }
}
