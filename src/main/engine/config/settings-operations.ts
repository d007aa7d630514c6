import type { Actor } from '../../../shared/model/event';
import {
  sameValue,
  SETTING_KEYS,
  type SettingKey,
  type Settings,
  type SettingValue,
} from '../../../shared/model/settings';
import type { SettingsControl } from '../engine';
import type { ChangeBus } from '../events/change-bus';
import { settingsChanged } from '../events/engine-reports';
import type { HiddenValues } from '../events/hidden-values';
import type { EnginePorts } from '../ports';
import { Refusal } from '../refusal';
import { changeSettings, type SettingValues } from '../settings-change';
import { changesOfSettings } from './changes';
import type { ResolvedSettings } from './resolved-settings';
import { UndoHistory } from './undo-history';

export interface SettingsOperationsDependencies extends Pick<EnginePorts, 'config'> {
  resolved: ResolvedSettings;
  changeBus: ChangeBus;
  hidden: HiddenValues;
  /** The settings for all watches may be others now. */
  changed: () => void;
}

/** The settings for all watches: each change is checked, then saved, then in force; what can't be saved changes nothing. */
export class SettingsOperations implements SettingsControl {
  private readonly history = new UndoHistory<{ before: Partial<Settings>; after: Partial<Settings> }>();
  /** The settings that were in force last. */
  private applied: Settings;

  constructor(private readonly dependencies: SettingsOperationsDependencies) {
    this.applied = this.inForce();
  }

  inForce(): Settings {
    return this.dependencies.resolved.inForce;
  }

  shown(): Settings {
    return this.dependencies.hidden.settings(this.inForce());
  }

  set(values: SettingValues, actor: Actor): Settings {
    const { config, hidden } = this.dependencies;
    const argv = values['command.argv'];
    const whole = isStringList(argv)
      ? { ...values, 'command.argv': hidden.restoreArguments(argv, this.inForce()['command.argv']) }
      : values;
    const before = config.overrides();
    config.saveOverrides(changeSettings(before, whole));
    this.history.keep(SETTINGS_FOR_ALL, { before, after: config.overrides() });
    this.apply(actor);
    return this.shown();
  }

  /** Takes the last change of settings back; `keys`: the settings that it is expected to be about, or null for any. */
  undo(keys: readonly SettingKey[] | null, actor: Actor): Settings {
    const { config } = this.dependencies;
    const change = this.history.last(SETTINGS_FOR_ALL);
    if (change === null) throw new Refusal('conflict', 'Expected settings that were changed since this engine started');
    const { before, after } = change;
    if (differing(after, config.overrides()).length > 0) {
      throw new Refusal(
        'conflict',
        'The settings were changed meanwhile by config.json or an import; review them before you change them again',
      );
    }
    const foreign = keys === null ? undefined : differing(before, after).find((key) => !keys.includes(key));
    if (foreign !== undefined) {
      throw new Refusal(
        'conflict',
        `${foreign} was changed meanwhile; review the settings before you change them again`,
      );
    }
    config.saveOverrides(before);
    this.history.drop(SETTINGS_FOR_ALL);
    this.apply(actor);
    return this.shown();
  }

  /** What the store has by now is in force, and reported where it differs. */
  apply(actor: Actor): void {
    const { changeBus, hidden, changed } = this.dependencies;
    const before = this.applied;
    this.applied = this.inForce();
    changed();
    const changes = changesOfSettings(before, this.applied, hidden);
    if (changes.length > 0) changeBus.record(settingsChanged(changes, actor));
  }
}

/** All settings together are one thing that changes. */
const SETTINGS_FOR_ALL = 'settings';

/** The settings in which two sets of overrides differ. */
function differing(one: Partial<Settings>, other: Partial<Settings>): readonly SettingKey[] {
  return SETTING_KEYS.filter((key) => !sameOverride(one[key], other[key]));
}

function sameOverride(one: SettingValue | undefined, other: SettingValue | undefined): boolean {
  return one === undefined || other === undefined ? one === other : sameValue(one, other);
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((word) => typeof word === 'string');
}
