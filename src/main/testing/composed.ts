import Conf from 'conf';
import { bundleThreads } from '../adapters/testing/bundle';
import { composeHealdeck, type Healdeck } from '../compose';

/** Engines in this process, composed as the headless shell does it, with their real threads. */
export interface ComposedEngines {
  compose(dataDir: string): Promise<Healdeck>;
  /** Removes what the threads were run from; the engines have ended before. */
  dispose(): void;
}

/** Builds the threads once, for all engines of a test file. */
export async function prepareEngines(): Promise<ComposedEngines> {
  const threads = await bundleThreads();
  return {
    compose: (dataDir) =>
      composeHealdeck({
        ...{ dataDir, threadsDir: threads.dir, shell: 'headless', keyring: null, desktop: null },
        openConfig: (options) => new Conf(options),
      }),
    dispose: threads.dispose,
  };
}
