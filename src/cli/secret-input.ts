import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';
import { CliFailure } from './failure';

/** Where a value that nobody else may see comes from. */
export interface SecretInput {
  input: Readable & { isTTY?: boolean };
  /** Where a person is asked; never the output of a command. */
  prompt: (text: string) => void;
}

/**
 * Reads a secret: on a terminal one line that is not shown while it is typed, else all of the input without the line break at its
 * end. Never from the arguments: `ps` shows those to every user of the machine.
 */
export async function readSecret({ input, prompt }: SecretInput, question: string): Promise<string> {
  if (input.isTTY === true) return typed(input, prompt, question);
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

function typed(input: Readable, prompt: SecretInput['prompt'], question: string): Promise<string> {
  // Readline writes what is typed to its output: this one takes it and shows nothing.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true });
  prompt(question);
  return new Promise<string>((resolve, reject) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('SIGINT', () => lines.close());
    // Ctrl-C and Ctrl-D; after a line it changes nothing.
    lines.once('close', () => {
      prompt('\n');
      reject(new CliFailure('nothing was changed'));
    });
  });
}
