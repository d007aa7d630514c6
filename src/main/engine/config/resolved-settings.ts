import { resolveSettings, type Settings } from '../../../shared/model/settings';
import type { ConfigStore } from '../ports';

/** The settings for all watches and the engine, as the store has them by now. */
export class ResolvedSettings {
  /** Which overrides the settings were made of. */
  private made: { overrides: Partial<Settings>; settings: Settings } | null = null;

  constructor(private readonly config: Pick<ConfigStore, 'overrides'>) {}

  /** The very same settings until one of them is another: who depends on some of them looks only then. */
  get inForce(): Settings {
    const overrides = this.config.overrides();
    if (this.made?.overrides !== overrides) this.made = { overrides, settings: resolveSettings(overrides) };
    return this.made.settings;
  }
}
