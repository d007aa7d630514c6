import script from '../../../../resources/completion/healdeck.fish?raw';
import type { CompletedShell } from './definition';

export const fish: CompletedShell = {
  name: 'fish',
  installed: 'healdeck completion fish > ~/.config/fish/completions/healdeck.fish',
  script,
};
