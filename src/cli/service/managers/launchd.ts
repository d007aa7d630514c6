import { xml } from '../words';
import { MARK, serviceArgv, type ServiceManagerKind } from './definition';

const LABEL = 'org.healdeck.engine';

/** launchd.plist(5). Generated, and tested as text: it was never run on a Mac. */
export const launchd: ServiceManagerKind = {
  name: 'launchd',
  title: 'launchd',
  byHand: false,
  scopes: ['user', 'system'],
  isRunning: ({ platform }) => platform === 'darwin',
  plan(request) {
    const isUser = request.scope === 'user';
    const file = `${isUser ? `${request.places.home()}/Library/LaunchAgents` : '/Library/LaunchDaemons'}/${LABEL}.plist`;
    const domain = isUser ? `gui/${request.uid}` : 'system';
    return {
      file,
      text: `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${MARK} -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${serviceArgv(request)
  .map((word) => `    <string>${xml(word)}</string>`)
  .join('\n')}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>ThrottleInterval</key>
  <integer>1</integer>
  <key>AbandonProcessGroup</key>
  <true/>
  <key>ExitTimeOut</key>
  <integer>60</integer>
</dict>
</plist>
`,
      mode: 0o644,
      enable: [['launchctl', 'bootstrap', domain, file]],
      restart: ['launchctl', 'kickstart', '-k', `${domain}/${LABEL}`],
      disable: [['launchctl', 'bootout', `${domain}/${LABEL}`]],
      afterRemoval: [],
    };
  },
};
