import { InvalidArgumentError, type Command } from 'commander';
import { parseInstances } from '../../shared/lib/text/instances-text';
import { MAX_INSTANCES, type Instances } from '../../shared/model/instances';

/** `false`: `--no-instances`. */
export interface InstancesOption {
  instances?: Pick<Instances, 'min' | 'max'> | false;
}

export const INSTANCES_HELP = `
With --instances each instance is NAME#1, NAME#2, …; {instance} stands for its
number in the arguments, variables and directory of the command, in a pattern
and in probes, and {8000+instance} for a sum. docs/instances.md has more.
`;

/** Adds `--instances` to a command. */
export function addInstancesOption(command: Command): Command {
  return command.option(
    '--instances <n..m>',
    `keep it so many times: n at first, up to m by healdeck scale; at most ${MAX_INSTANCES}`,
    asInstances,
  );
}

function asInstances(text: string): Pick<Instances, 'min' | 'max'> {
  const parsed = parseInstances(text);
  if (!parsed.ok) throw new InvalidArgumentError(`${parsed.error}.`);
  return { min: parsed.min, max: parsed.max };
}

/** The instances of a watch that had those `before`: as many as now, as far as that is allowed. */
export function instancesFrom({ instances }: InstancesOption, before?: Instances): { instances?: Instances } {
  if (instances === false) return {};
  if (instances === undefined) return before === undefined ? {} : { instances: before };
  const count = Math.min(instances.max, Math.max(instances.min, before?.count ?? instances.min));
  return { instances: { ...instances, count } };
}
