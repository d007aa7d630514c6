import type { Command } from 'commander';
import {
  groupsOf,
  groupStatus,
  isInGroup,
  unknownGroupText,
  type GroupStatus,
  type WatchGroup,
} from '../../shared/lib/format/watch-groups';
import { definitionOf } from '../../shared/lib/instances';
import { findByReference } from '../../shared/lib/watch-reference';
import type { WatchStatus } from '../../shared/model/snapshot';
import type { EngineConnection } from '../client';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { afterColon, CliFailure, usage } from '../failure';
import { phasePaint, type Style } from '../output/style';
import type { Column } from '../output/table';
import { namesMeant } from './chosen-instances';
import { collect } from './collect';

/** A group as it is printed; its watches by name. */
interface GroupRow extends GroupStatus {
  name: string;
  watches: readonly string[];
}

/** `groups`. */
export function addGroupsCommand(program: Command, context: CliContext): void {
  program
    .command('groups')
    .description('list the groups of watches, and how each is')
    .option('--json', 'print the groups as one JSON array')
    .addHelpText('after', examples('healdeck groups', 'healdeck edit web --group shop', 'healdeck stop --group shop'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const groups = await withEngine(command, context, async (client) => groupsOf(await client.watches.list()));
      const rows = groups.map(rowOf);
      print(context, json, rows, () =>
        rows.length === 0
          ? 'No watch is in a group yet. Put one in a group with: healdeck edit NAME --group GROUP\n'
          : printTable(context, columns(context.style), rows),
      );
    });
}

function rowOf({ name, watches }: WatchGroup): GroupRow {
  return { name, ...groupStatus(watches), watches: watches.map(({ watch }) => watch.name) };
}

function columns(style: Style): readonly Column<GroupRow>[] {
  return [
    { title: 'GROUP', text: ({ name }) => name },
    { title: 'STATE', text: ({ text }) => text, paint: ({ phase }, cell) => phasePaint(style, phase)(cell) },
    { title: 'WATCHES', text: ({ watches }) => watches.join(', ') },
  ];
}

/** Adds `--group` to a command that is about watches. */
export function addGroupOption(command: Command): Command {
  return command.option('--group <name>', 'all watches of this group; can be repeated', collect);
}

/** Those of the watches that are in one of these groups. Fails when nobody is in one of them. */
export function inGroups(watches: readonly WatchStatus[], groups: readonly string[]): readonly WatchStatus[] {
  const known = groupsOf(watches);
  for (const group of groups) {
    if (watches.some((status) => isInGroup(status, group))) continue;
    throw new CliFailure(afterColon(unknownGroupText(group, known)));
  }
  return watches.filter((status) => groups.some((group) => isInGroup(status, group)));
}

/** What a command line is about: watches by name, one after the other; `asList`: also one of them is a list. */
export interface ChosenWatches {
  names: readonly string[];
  asList: boolean;
}

/**
 * The watches that a command line names, all instances for the name of a watch that has some, then those of its groups, each once; or
 * all. `order` puts those of groups in the order in which they are to be reached.
 */
export async function chosenWatches(
  client: EngineConnection['client'],
  { names, groups, all: isAll = false }: { names: readonly string[]; groups: readonly string[]; all?: boolean },
  order: (watches: readonly WatchStatus[]) => readonly WatchStatus[] = (watches) => watches,
): Promise<ChosenWatches> {
  if (isAll) {
    if (names.length > 0 || groups.length > 0) throw usage('expected --all, or names and groups, not both');
    return { names: order(await client.watches.list()).map(({ watch }) => watch.name), asList: true };
  }
  checkChosen(names, groups);
  const all = await client.watches.list();
  const meant = names.flatMap((name) => namesMeant(all, name));
  if (groups.length === 0) return { names: meant, asList: meant.length > 1 };
  const named = new Set(meant.map((name) => findByReference(all, name)?.watch.id));
  const members = order(inGroups(all, groups)).filter(({ watch }) => !named.has(watch.id));
  return { names: [...meant, ...members.map(({ watch }) => watch.name)], asList: true };
}

/** The same for what is done to definitions: a watch with instances is reached once, by its own name. */
export async function chosenDefinitions(
  client: EngineConnection['client'],
  { names, groups }: { names: readonly string[]; groups: readonly string[] },
): Promise<ChosenWatches> {
  checkChosen(names, groups);
  if (groups.length === 0) return { names, asList: names.length > 1 };
  const all = await client.watches.list();
  const named = new Set(names.map((name) => findByReference(all, name)?.watch.name ?? name));
  const members = [...new Set(inGroups(all, groups).map((status) => definitionOf(status).name))];
  return { names: [...names, ...members.filter((name) => !named.has(name))], asList: true };
}

function checkChosen(names: readonly string[], groups: readonly string[]): void {
  if (names.length === 0 && groups.length === 0) throw usage('expected the name of a watch, or --group NAME');
}
