import { startCommandOf, type Watch } from '../../model/watch';
import { argvSecrets } from './mask-argv';
import { looksSecret, PASSWORD_IN_ADDRESS } from './secret-looks';

/** What the commands of watches hold that is secret: values of variables, the passwords of addresses alone, parts of arguments. */
export function watchSecrets(
  watches: readonly Pick<Watch, 'target'>[],
  words: readonly string[] = [],
): readonly string[] {
  return watches.flatMap(({ target }) => {
    const command = startCommandOf(target);
    if (command === null) return [];
    const { env, hiddenEnv = [], argv } = command;
    const variables = Object.entries(env).flatMap(([name, value]) => {
      if (!hiddenEnv.includes(name) && !looksSecret(name, value, words)) return [];
      const password = PASSWORD_IN_ADDRESS.exec(value)?.[1];
      return password === undefined ? [value] : [value, password];
    });
    return [...variables, ...argvSecrets(argv, words)];
  });
}
