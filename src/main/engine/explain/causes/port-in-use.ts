import type { Obstacle } from '../../../../shared/model/crash-group';
import { readProgram } from '../../../../shared/lib/process/program';
import { truncate } from '../../../../shared/lib/text/escape';
import type { CauseRule, DeathFacts } from '../death-facts';
import type { PortHolder } from '../../ports';

/**
 * | its words name the port | a holder was found | the port is              |
 * |-------------------------|--------------------|--------------------------|
 * | yes                     | yes                | the reason, certainly    |
 * | yes                     | no                 | very likely: it is free again, or may not be looked at |
 * | no                      | yes                | likely: one that its arguments name |
 * | no                      | no                 | very likely, and unknown |
 */
export const portInUse: CauseRule = (facts) => {
  const { portFault, scene } = facts;
  if (portFault === null || facts.exit?.signal === 'SIGKILL') return null;
  const holder = scene.holders?.[0];
  const [wanted] = portFault.ports;
  if (holder !== undefined) {
    return {
      certainty: portFault.isGuess ? 'likely' : 'certain',
      reason: `it could not bind port ${holder.port}, which is in use by ${holderText(holder, facts)}`,
      isOfProgram: false,
    };
  }
  const which = portFault.isGuess || wanted === undefined ? 'a port' : `port ${wanted.port}`;
  const free = scene.holders === null || portFault.isGuess ? '' : '; it is free again by now';
  return {
    certainty: 'very_likely',
    reason: `it could not bind ${which}, since that was in use${free}`,
    isOfProgram: false,
  };
};

/** `pid 812 (node server.js)`. */
export function holderText({ process, uid }: PortHolder, { leftovers, programs }: HolderFacts): string {
  if (process === null) return `a process of user ${uid} that may not be looked at`;
  const { pid, name } = process;
  const own = leftovers.has(pid) ? ', which an earlier start of this watch has left' : '';
  return `pid ${pid} (${truncate(programs.get(pid) ?? name, 120)})${own}`;
}

type HolderFacts = Pick<DeathFacts, 'leftovers' | 'programs'>;

/** `node server.js`. Its other arguments may hold secrets. */
export function programText(process: { name: string; argv: readonly string[] }): string {
  const { base, script } = readProgram({ ...process, executable: null });
  return `${base}${script === null || script.kind === 'code' ? '' : ` ${'path' in script ? script.path : script.name}`}`;
}

/** The port that another start would fail to bind as this one did; null: none that is certain. */
export function obstacleOf(facts: DeathFacts): Obstacle | null {
  const { portFault, scene, leftovers } = facts;
  const [holder] = (scene.holders ?? []).filter(({ process }) => process === null || !leftovers.has(process.pid));
  if (portFault === null || portFault.isGuess || holder === undefined) return null;
  return { protocol: holder.protocol, port: holder.port, holder: holderText(holder, facts) };
}
