import type { SettingTable } from '../model/settings/merged-settings';

/** A secret of a channel: clients see its name and where it is kept, never its value. */
export interface ChannelSecret {
  name: string;
  /** Variable of the engine's environment that gives it; it can't be changed then. */
  variable: string;
  /** What it is called in a form. */
  label: string;
  /** What it is, in a list of names. */
  meaning: string;
  /** What it is for, in a form. */
  help: string;
  /** There may be one more for each of several servers, called `NAME@SERVER`: its meaning. */
  perServer?: string;
}

/** An alert channel: its name, its settings and its secrets. `main/compose-channels.ts` makes it. */
export interface ChannelDefinition {
  /** As events name it; the keys of its settings and the names of its secrets begin with it. */
  name: string;
  label: string;
  /** Its messages can have files attached. */
  takesFiles?: true;
  secrets: readonly ChannelSecret[];
  /** Flags first: they are shown above the other fields. */
  settings: SettingTable;
}
