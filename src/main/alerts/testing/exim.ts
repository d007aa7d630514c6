import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually, procStat } from '../../adapters/testing/children';
import type { Certificate } from './certificates';
import { findAccount } from '../../adapters/launch/accounts';

const BINARY = '/usr/sbin/exim4';
const USER = 'Debian-exim';

/** Why Debian's Exim can't be run here; null when it can. */
export function whyNoExim(): string | null {
  if (!existsSync(BINARY)) return `${BINARY} is not there: npm test as root on Debian installs exim4-daemon-light`;
  if (process.getuid?.() !== 0) return 'only root may run it as its own user';
  return findAccount(USER) === null ? `there is no user ${USER}` : null;
}

/** A mail server of Debian's on 127.0.0.1, with all its files in one folder. */
export interface TestExim {
  host: '127.0.0.1';
  port: number;
  /** What it has put into its maildir so far, as it is there; it answers before it delivers. */
  mails(): readonly string[];
  dispose(): Promise<void>;
}

export interface EximOptions {
  /** An empty folder, which is removed by the caller. */
  folder: string;
  certificate: Certificate;
  /** Needed, and offered over STARTTLS only; mail is taken for ada@… and nobody else. */
  login: { user: string; password: string };
}

/** Starts it in the foreground under its own user, without any file of the system's mail server. */
export async function startExim({ folder, certificate, login }: EximOptions): Promise<TestExim> {
  const owner = findAccount(USER);
  if (owner === null) throw new Error(`there is no user ${USER}`);
  const port = await freePort();
  const path = (name: string): string => join(folder, name);
  const files = {
    'cert.pem': certificate.cert,
    'key.pem': certificate.key,
    'exim.conf': configuration({ folder, port, login }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text, { mode: 0o600 });
  mkdirSync(path('spool'));
  for (const name of ['', 'spool', ...Object.keys(files)]) chownSync(path(name), owner.uid, owner.gid);

  const daemon = spawn(BINARY, ['-bdf', '-C', path('exim.conf')], {
    uid: owner.uid,
    gid: owner.gid,
    detached: true,
    stdio: 'ignore',
    env: {},
    cwd: folder,
  });
  const ended = once(daemon, 'exit');
  const dispose = async (): Promise<void> => {
    daemon.kill('SIGTERM');
    await ended;
    // What still serves a connection would write its log into a folder that is gone, and make it anew.
    await eventually('the end of all of Exim', () => !groupLives(daemon.pid ?? 0));
  };
  const log = (): string => (existsSync(path('mainlog')) ? readFileSync(path('mainlog'), 'utf8') : '');
  try {
    await eventually('Exim to listen', () => log().includes('listening for SMTP'));
  } catch (error) {
    await dispose();
    throw new Error(`Exim did not start: ${log()}`, { cause: error });
  }
  const arrived = path('maildir/new');
  return {
    host: '127.0.0.1',
    port,
    mails: () =>
      (existsSync(arrived) ? readdirSync(arrived) : []).map((name) => readFileSync(join(arrived, name), 'utf8')),
    dispose,
  };
}

function configuration({ folder, port, login }: { folder: string; port: number; login: EximOptions['login'] }): string {
  return `
primary_hostname = localhost
spool_directory = ${folder}/spool
log_file_path = ${folder}/%slog
pid_file_path = ${folder}/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
tls_advertise_hosts = *
tls_certificate = ${folder}/cert.pem
tls_privatekey = ${folder}/key.pem
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}
acl_smtp_rcpt = rcpt
host_lookup =
keep_environment =
deliver_drop_privilege = true
begin acl
rcpt:
  deny message = Log in first
       !authenticated = *
  accept local_parts = ada
  deny message = No such user
begin routers
keep:
  driver = accept
  transport = keep
begin transports
keep:
  driver = appendfile
  directory = ${folder}/maildir
  maildir_format
  create_directory
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${login.user}}}{eq{$auth3}{${login.password}}}}}
  server_set_id = $auth2
`;
}

/** Whether any process of the group lives; what nobody has reaped does not. */
function groupLives(pgid: number): boolean {
  return readdirSync('/proc').some((name) => {
    const stat = /^\d+$/.test(name) ? procStat(Number(name)) : null;
    return stat !== null && stat.pgid === pgid && stat.state !== 'Z';
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
