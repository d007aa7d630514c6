import type { MantineColorScheme } from '@mantine/core';
import { instanceSets } from '../../shared/lib/format/instance-sets';
import { groupsOf } from '../../shared/lib/format/watch-groups';
import { scaledTo } from '../../shared/lib/scaled-to';
import type { WatchStatus } from '../../shared/model/snapshot';
import type { Actions } from '../api/actions';
import type { AlertActions } from '../api/alert-actions';
import type { UiStore } from '../store/ui';
import { COLOR_SCHEMES } from '../platform/color-scheme';
import { fuzzyFilter } from '../format/fuzzy';
import { byName, possibleActions, thoseThatCan } from '../words/present-watch';
import type { Route, Tab } from '../store/route';
import { SETTINGS_GROUPS } from '../drafts/settings-groups';
import { emptyDraft } from '../drafts/watch-draft';

/** Something that can be done from everywhere, by its name or by a key. */
export interface Command {
  /** Stays the same from start to start. */
  id: string;
  group: 'Go to' | 'Watches' | 'Alerts' | 'Window';
  title: string;
  /** The keys that do it, one after the other, while nobody is typing. */
  keys?: readonly string[];
  run: () => void;
}

/** What commands are made of. */
export interface CommandPorts {
  views: readonly { tab: Tab; title: string }[];
  watches: Iterable<WatchStatus>;
  ui: UiStore;
  actions: Actions;
  alertActions: AlertActions;
  navigate: (route: Route) => void;
  setColorScheme: (scheme: MantineColorScheme) => void;
  /** Pauses or follows what is shown. */
  togglePause: () => void;
  focusFilter: () => void;
}

/** The second key after `g`. */
const VIEW_KEYS: Readonly<Record<Tab, string>> = {
  overview: 'o',
  processes: 'p',
  watches: 'w',
  graph: 'd',
  incidents: 'i',
  crashes: 'r',
  anomalies: 'a',
  cooldowns: 'c',
  alerts: 't',
  log: 'l',
  settings: 's',
};

const SNOOZE_MS = 900_000;

/** Everything that can be done now. The palette, the keys and the help sheet all read this one list. */
export function commandsOf(ports: CommandPorts): readonly Command[] {
  const watches = byName(ports.watches);
  return [
    ...viewCommands(ports),
    ...generalCommands(ports),
    ...groupCommands(ports, watches),
    ...instanceCommands(ports, watches),
    ...watches.flatMap(watchCommands(ports)),
  ];
}

function viewCommands({ views, navigate }: CommandPorts): readonly Command[] {
  return [
    ...views.map(({ tab, title }): Command => ({
      id: `view ${tab}`,
      group: 'Go to',
      title: `Go to ${title}`,
      keys: ['g', VIEW_KEYS[tab]],
      run: () => navigate({ tab, item: null }),
    })),
    ...SETTINGS_GROUPS.map(({ id, title }): Command => ({
      id: `settings ${id}`,
      group: 'Go to',
      title: `Settings: ${title}`,
      run: () => navigate({ tab: 'settings', item: id }),
    })),
  ];
}

function generalCommands(ports: CommandPorts): readonly Command[] {
  const { ui, actions, alertActions, setColorScheme, togglePause, focusFilter } = ports;
  return [
    {
      id: 'palette',
      group: 'Window',
      title: 'Find a command',
      keys: ['Ctrl+K'],
      run: () => ui.show({ over: 'palette' }),
    },
    {
      id: 'help',
      group: 'Window',
      title: 'Show keyboard shortcuts and symbols',
      keys: ['?'],
      run: () => ui.show({ over: 'help' }),
    },
    { id: 'filter', group: 'Window', title: 'Filter what is shown', keys: ['/'], run: focusFilter },
    { id: 'pause', group: 'Window', title: 'Pause or follow processes and log', keys: ['Space'], run: togglePause },
    {
      id: 'add',
      group: 'Watches',
      title: 'Add watch',
      keys: ['n'],
      run: () => ui.show({ editor: { kind: 'add', draft: emptyDraft() } }),
    },
    { id: 'import', group: 'Watches', title: 'Import a file', run: () => ui.show({ importing: true }) },
    { id: 'drill', group: 'Watches', title: 'Run the drill', run: () => ui.show({ drill: true }) },
    {
      id: 'reset all',
      group: 'Watches',
      title: 'Reset all cooldowns and resume healing',
      run: () => void actions.resumeHealing(),
    },
    {
      id: 'snooze',
      group: 'Alerts',
      title: 'Snooze all alerts for 15 min',
      run: () => void alertActions.snooze({ kind: 'all' }, SNOOZE_MS),
    },
    ...Object.entries(COLOR_SCHEMES).map(([scheme, { word }]): Command => ({
      id: `colours ${scheme}`,
      group: 'Window',
      title: `Colours: ${word}`,
      run: () => setColorScheme(scheme as MantineColorScheme),
    })),
  ];
}

/** What can be done to the watches of a group as they are now. */
function groupCommands({ actions, ui, navigate }: CommandPorts, watches: readonly WatchStatus[]): readonly Command[] {
  return groupsOf(watches).flatMap(({ name, watches: members }) => {
    const command = (what: string, title: string, run: () => void): Command => ({
      id: `group ${name.toLowerCase()} ${what}`,
      group: 'Watches',
      title: `${title} group ${name}`,
      run,
    });
    const act = (action: 'start' | 'stop' | 'restart', word: string): readonly Command[] => {
      const those = thoseThatCan(action, members);
      return those.length === 0 ? [] : [command(action, word, () => void actions.actAll(action, those))];
    };
    return [
      command('show', 'Show', () => {
        ui.show({ watchFilter: '', watchGroup: name });
        navigate({ tab: 'watches', item: null });
      }),
      ...act('start', 'Start'),
      ...act('stop', 'Stop'),
      ...act('restart', 'Restart'),
      command('observe', 'Turn on observe mode of', () => void actions.observeAll(members, true)),
      command('heal', 'Turn off observe mode of', () => void actions.observeAll(members, false)),
      command('snooze', 'Snooze alerts for 15 min of', () => void actions.snoozeAll(members, SNOOZE_MS)),
    ];
  });
}

/** What can be done to all instances of a watch as they are now. */
function instanceCommands({ actions }: CommandPorts, watches: readonly WatchStatus[]): readonly Command[] {
  return instanceSets(watches).flatMap((set) => {
    const command = (what: string, title: string, run: () => void): Command => ({
      id: `instances ${set.of.id} ${what}`,
      group: 'Watches',
      title,
      run,
    });
    const isRolling = set.members.some(({ instance }) => instance?.rolling !== undefined);
    const mayScale = (by: 1 | -1): boolean => scaledTo(set.of, { by }).ok;
    return [
      ...(isRolling || set.members.length < 2
        ? []
        : [command('roll', `Restart ${set.name} one after another`, () => void actions.roll(set))]),
      ...(mayScale(1)
        ? [command('more', `Run one instance of ${set.name} more`, () => void actions.scale(set, 1))]
        : []),
      ...(mayScale(-1)
        ? [command('fewer', `Run one instance of ${set.name} fewer`, () => void actions.scale(set, -1))]
        : []),
    ];
  });
}

/** What can be done to a watch as it is now: bound to the processes that it is shown with. */
function watchCommands({ actions, navigate }: CommandPorts): (status: WatchStatus) => readonly Command[] {
  return (status) => {
    const { id, name } = status.watch;
    const possible = possibleActions(status);
    const command = (what: string, title: string, run: () => void): Command => ({
      id: `watch ${id} ${what}`,
      group: 'Watches',
      title: `${title} ${name}`,
      run,
    });
    return [
      command('open', 'Open', () => navigate({ tab: 'watches', item: id })),
      ...(possible.start ? [command('start', 'Start', () => void actions.act('start', status))] : []),
      ...(possible.stop ? [command('stop', 'Stop', () => void actions.act('stop', status))] : []),
      ...(possible.restart ? [command('restart', 'Restart', () => void actions.act('restart', status))] : []),
      ...(status.budget.cooldown === null
        ? []
        : [command('reset', 'Reset the cooldown of', () => void actions.resetCooldown(status))]),
      status.observed
        ? command('heal', 'Turn off observe mode of', () => void actions.observe(status, false))
        : command('observe', 'Turn on observe mode of', () => void actions.observe(status, true)),
    ];
  };
}

/** The incident that a number typed in the palette leads to; null when it is no number. */
function incidentCommand(query: string, navigate: CommandPorts['navigate']): Command | null {
  const number = /^#?([1-9]\d{0,14})$/.exec(query.trim())?.[1];
  if (number === undefined) return null;
  const run = () => navigate({ tab: 'incidents', item: number });
  return { id: 'incident', group: 'Go to', title: `Open incident ${number}`, run };
}

/** The commands that fit what was typed, best first; of those that fit alike, the ones used last. */
export function findCommands(
  commands: readonly Command[],
  query: string,
  recent: readonly string[],
  navigate: CommandPorts['navigate'],
): readonly Command[] {
  const rank = ({ id }: Command) => {
    const at = recent.indexOf(id);
    return at === -1 ? recent.length : at;
  };
  const byUse = commands.toSorted((one, other) => rank(one) - rank(other));
  const incident = incidentCommand(query, navigate);
  const found = fuzzyFilter(byUse, query, ({ title }) => title);
  return incident === null ? found : [incident, ...found];
}

/** Most commands that are remembered. */
const REMEMBERED = 8;

/** The list of what was used last, after a use. */
export function withRecent(recent: readonly string[], id: string): readonly string[] {
  return [id, ...recent.filter((one) => one !== id)].slice(0, REMEMBERED);
}
