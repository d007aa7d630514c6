import { NOTHING_WANTED, type FileState, type Scene, type SceneReader, type SceneRequest } from '../ports';
import { versionedAmong } from './start-files';

/** What a file of a start may take to be looked at. */
const LIMIT_MS = 2000;

/** Looks at files for many watches, one after the other: a thousand programs that start at once need no thousand looks at once. */
export class StartFilesReader {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly scenes: SceneReader) {}

  /** Never rejects; a file that does not answer is `unknown`. `withEntries`: of a directory also what lies in it. */
  async read(
    files: readonly string[],
    { withEntries = false }: { withEntries?: boolean } = {},
  ): Promise<Readonly<Record<string, FileState>>> {
    return (await this.scene({ files, ...(withEntries ? { withEntries: true as const } : {}) })).files;
  }

  /** The same with the versions of packages that some of these files name. */
  withVersions(files: readonly string[]): Promise<Pick<Scene, 'files' | 'versions'>> {
    return this.scene({ files, versionsIn: versionedAmong(files) });
  }

  private scene(wanted: Partial<SceneRequest>): Promise<Scene> {
    const answer = this.last.then(() => this.scenes.read({ ...NOTHING_WANTED, ...wanted }, LIMIT_MS));
    this.last = answer;
    return answer;
  }
}
