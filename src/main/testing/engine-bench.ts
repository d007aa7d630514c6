import { join } from 'node:path';
import { temporaryFolder } from '../adapters/testing/children';
import type { Healdeck } from '../compose';
import type { ComposedEngines } from './composed';

/** A folder with a data directory in it, and one engine after the other on that. */
export class EngineBench {
  private readonly folder = temporaryFolder();
  private healdeck: Healdeck | null = null;

  constructor(private readonly engines: ComposedEngines) {}

  /** For files of the test, beside the data directory. */
  get path(): string {
    return this.folder.path;
  }

  get dataDir(): string {
    return join(this.path, 'data');
  }

  /** The engine that runs. */
  get engine(): Healdeck['engine'] {
    if (this.healdeck === null) throw new Error('expected an engine that was started');
    return this.healdeck.engine;
  }

  async start(): Promise<Healdeck['engine']> {
    this.healdeck = await this.engines.compose(this.dataDir);
    return this.engine;
  }

  /** Ends the engine; its programs run on. */
  async end(): Promise<void> {
    const ended = this.healdeck;
    this.healdeck = null;
    await ended?.dispose('replaced');
  }

  /** Ends the programs, the engine and the folder. */
  async dispose(): Promise<void> {
    if (this.healdeck !== null) {
      const { watches } = this.engine;
      for (const { watch } of watches.list()) await watches.stop({ watch: watch.id, actor: 'cli' });
      await this.end();
    }
    this.folder.remove();
  }
}
