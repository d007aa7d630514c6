import script from '../../../../resources/completion/healdeck.zsh?raw';
import type { CompletedShell } from './definition';

export const zsh: CompletedShell = {
  name: 'zsh',
  installed: 'healdeck completion zsh > "${fpath[1]}/_healdeck"',
  script,
};
