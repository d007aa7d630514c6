import type { Command } from 'commander';
import type { EngineConnection } from '../client';
import { examples, withEngine, type CliContext } from '../context';
import { describeFailure, usage } from '../failure';
import { topScreen } from '../top/top-screen';
import type { Terminal } from '../top/terminal';
import { FIRST_TOP_STATE, onKey, withMessage, type TopEffect, type TopState } from '../top/top-state';
import { standing } from './watches';

/** Uptimes and countdowns go on while nothing else changes. */
const REDRAW_MS = 1000;

/** `top`: the watches as they are, until the operator leaves it. */
export function addTopCommand(program: Command, context: CliContext): void {
  program
    .command('top')
    .description('show the watches live in the terminal, and act on them by keys')
    .addHelpText(
      'after',
      '\nKeys: arrows select, r restart, s stop, a start, c reset cooldown, / filter, q quit;' +
        '\norder: P CPU, M memory, T uptime, N name, U what needs a look first.\n' +
        examples('healdeck top'),
    )
    .action(async (_options: object, command: Command) => {
      await withEngine(command, context, async (client) => {
        const terminal = context.io.terminal();
        if (terminal === null) throw usage('expected a terminal; for a script: healdeck status --json');
        try {
          await run(client, context, terminal);
        } finally {
          terminal.leave();
        }
      });
    });
}

async function run(client: EngineConnection['client'], context: CliContext, terminal: Terminal): Promise<void> {
  const { io, style, instant } = context;
  let state: TopState = FIRST_TOP_STATE;
  let quit: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (quit = resolve));
  const draw = (): void => {
    terminal.draw(topScreen(state, { ...terminal.size(), now: io.now(), style, instant }));
  };
  const show = (next: TopState): void => {
    state = next;
    draw();
  };
  const perform = (effect: TopEffect): void => {
    if (effect === null) return;
    if (effect.type === 'quit') return quit();
    const { watch } = effect.watch;
    client.watches[effect.action]({ watch: watch.id }).then(
      (status) => show({ ...state, notice: 'watch' in status ? standing(status, io.now()).trimEnd() : null }),
      (error: unknown) => show({ ...state, notice: describeFailure(error).message }),
    );
    show({ ...state, notice: `${watch.name}: …` });
  };
  terminal.onKey((key) => {
    const next = onKey(state, key);
    show(next.state);
    perform(next.effect);
  });
  terminal.onResize(draw);
  const timer = setInterval(draw, REDRAW_MS);
  const messages = (await client.live())[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([messages.next(), left]);
      if (next === undefined || next.done === true) return;
      show(withMessage(state, next.value));
    }
  } finally {
    clearInterval(timer);
    void messages.return?.();
  }
}
