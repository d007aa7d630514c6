import { desktopWord } from '../words';
import { MARK, type ServiceManagerKind, type ServiceRequest } from './definition';

/** The window, opened by the desktop at each login (Desktop Application Autostart Specification). `isRunning` is false: it is asked for by name. */
export const autostart: ServiceManagerKind = {
  name: 'autostart',
  title: 'the desktop session',
  byHand: false,
  scopes: ['user'],
  isRunning: () => false,
  plan(request) {
    return {
      file: `${request.places.config()}/autostart/healdeck.desktop`,
      text: `# ${MARK}
[Desktop Entry]
Type=Application
Name=Healdeck
Comment=Keeps programs running
Exec=${windowArgv(request).map(desktopWord).join(' ')}
Terminal=false
X-GNOME-Autostart-enabled=true
`,
      mode: 0o644,
      enable: [],
      restart: null,
      disable: [],
      afterRemoval: [],
    };
  },
};

function windowArgv({ node, script, dataDir }: ServiceRequest): string[] {
  return [node, script, 'run', '--data-dir', dataDir];
}
