import { item, list } from './kinds';

/** What is taken for a secret. */
export const SECRET_SETTINGS = {
  'mask.words': list({
    label: 'Further words of secrets',
    group: 'secrets',
    range: 'words, each of 2 to 64 letters, digits, ., _ and -',
    item: item('a word of 2 to 64 letters, digits, ., _ and -', /^[\p{L}\p{N}._-]{2,64}$/u),
    help: 'Further words that make a secret of what an option, variable or field of such a name holds, besides password, token, api-key and the like: its value is masked wherever arguments, variables and messages are shown, stored or sent.',
  }),
} as const;
