import { item, list } from './kinds';

/** What is taken for a secret. */
export const SECRET_SETTINGS = {
  'mask.words': list({
    label: 'Additional secret words',
    group: 'secrets',
    range: 'words, each of 2 to 64 letters, digits, ., _ and -',
    item: item('a word of 2 to 64 letters, digits, ., _ and -', /^[\p{L}\p{N}._-]{2,64}$/u),
    help: 'Additional words, besides password, token, api-key and the like, that mark an option, variable or field with such a name as a secret: its value is masked wherever arguments, variables and messages are displayed, stored or sent.',
  }),
} as const;
