import { withEventArgv } from '../../../shared/lib/events/event-argv';
import { restoreArgv } from '../../../shared/lib/process/hidden-argv';
import { maskArgv } from '../../../shared/lib/process/mask-argv';
import { looksSecret } from '../../../shared/lib/process/secret-looks';
import type { EventDraft } from '../../../shared/model/event';
import type { Settings } from '../../../shared/model/settings';
import { startCommandOf, withStartCommand, type Command, type Target, type Watch } from '../../../shared/model/watch';
import { Refusal } from '../refusal';

/**
 * Secrets in commands: the engine works with whole ones, and what leaves it (to clients, into events and the history) has masked
 * arguments and the names of secret variables. What comes back so is made whole again here.
 */
export class HiddenValues {
  /** For these words; made again when they change. */
  private cache = newCache([]);

  constructor(private readonly words: () => readonly string[]) {}

  /** The same list for the same arguments, as long as the words are the same. */
  argv(argv: readonly string[]): readonly string[] {
    const { argvs, words } = this.current();
    let masked = argvs.get(argv);
    if (masked === undefined) argvs.set(argv, (masked = maskArgv(argv, words)));
    return masked;
  }

  /** A watch as clients see it. */
  watch(watch: Watch): Watch {
    const { watches } = this.current();
    let shown = watches.get(watch);
    if (shown === undefined) {
      shown = { ...watch, target: withStartCommand(watch.target, (command) => this.command(command)) };
      watches.set(watch, shown);
    }
    return shown;
  }

  /** Settings as clients see them. */
  settings(settings: Settings): Settings {
    const argv = settings['command.argv'];
    const shown = this.argv(argv);
    return shown === argv ? settings : { ...settings, 'command.argv': shown };
  }

  /** An event as it is kept and reported. */
  event(draft: EventDraft): EventDraft {
    return withEventArgv(draft, (argv) => this.argv(argv));
  }

  /**
   * A target from a client, whole. What it hides is that of the watch as it is (`before`), or of the arguments of a living
   * process that the operator has chosen. @throws Refusal `invalid` when nobody knows it
   */
  restore(target: Target, { before, living }: { before?: Target; living?: readonly string[] }): Target {
    const kept = before === undefined ? null : startCommandOf(before);
    return withStartCommand(target, (command) => ({
      ...this.restoreEnvironment(command, kept),
      argv: this.restoreArguments(command.argv, kept?.argv ?? living ?? []),
    }));
  }

  /** @throws Refusal `invalid` when an argument hides what `whole` does not have */
  restoreArguments(argv: readonly string[], whole: readonly string[]): string[] {
    const restored = restoreArgv(argv, whole, this.words());
    if (restored.ok) return restored.argv;
    throw new Refusal(
      'invalid',
      `Expected argument ${restored.at + 1} in full, got "${argv[restored.at]}": what it hides is not known; enter it again`,
    );
  }

  private restoreEnvironment(command: Command, kept: Command | null): Command {
    const { hiddenEnv = [], ...rest } = command;
    const env = { ...command.env };
    for (const name of hiddenEnv) {
      if (Object.hasOwn(env, name)) continue;
      const value = kept !== null && Object.hasOwn(kept.env, name) ? kept.env[name] : undefined;
      if (value === undefined) {
        throw new Refusal('invalid', `Expected a value for the variable ${name}: none is stored for it; set it again`);
      }
      env[name] = value;
    }
    // A variable that was marked as secret once stays so as long as it exists.
    const said = new Set([...hiddenEnv, ...(kept?.hiddenEnv ?? [])]);
    const needed = [...said].filter((name) => env[name] !== undefined && !this.isSecret(name, env[name])).sort();
    return { ...rest, env, ...(needed.length > 0 && { hiddenEnv: needed }) };
  }

  private command(command: Command): Command {
    const { hiddenEnv = [], ...rest } = command;
    const names = Object.keys(command.env);
    const hidden = names.filter((name) => hiddenEnv.includes(name) || this.isSecret(name, command.env[name] ?? ''));
    return {
      ...rest,
      argv: [...this.argv(command.argv)],
      ...(hidden.length > 0 && {
        env: Object.fromEntries(Object.entries(command.env).filter(([name]) => !hidden.includes(name))),
        hiddenEnv: hidden,
      }),
    };
  }

  private isSecret(name: string, value: string): boolean {
    return looksSecret(name, value, this.words());
  }

  private current(): Cache {
    const words = this.words();
    if (words !== this.cache.words) this.cache = newCache(words);
    return this.cache;
  }
}

interface Cache {
  words: readonly string[];
  argvs: WeakMap<readonly string[], readonly string[]>;
  watches: WeakMap<Watch, Watch>;
}

function newCache(words: readonly string[]): Cache {
  return { words, argvs: new WeakMap(), watches: new WeakMap() };
}
