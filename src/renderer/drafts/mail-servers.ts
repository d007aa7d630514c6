import type { SecretName } from '../../shared/model/secret';

/** A mail server of the setting `mail.fallbackServers`, as fields of a form. */
export interface MailServer {
  /** `smtp`: STARTTLS; `smtps`: encrypted from the first byte. */
  scheme: 'smtp' | 'smtps';
  user: string;
  host: string;
  port: string;
}

export const NEW_SERVER: MailServer = { scheme: 'smtp', user: '', host: '', port: '' };

/** Reads `smtp://user@host:port`; whatever is missing is empty. */
export function parseServer(address: string): MailServer {
  const [, scheme, user, host, port] = /^(smtps?):\/\/(?:(.*)@)?(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(address) ?? [];
  return {
    scheme: scheme === 'smtps' ? 'smtps' : 'smtp',
    user: decode(user ?? ''),
    host: host ?? '',
    port: port ?? '',
  };
}

/** Writes it as it is kept; {@link parseServer} reads it back. */
export function formatServer({ scheme, user, host, port }: MailServer): string {
  const login = user === '' ? '' : `${encodeURIComponent(user)}@`;
  return `${scheme}://${login}${host}${port === '' ? '' : `:${port}`}`;
}

/** The secret that holds its password; null while it has no name. */
export function passwordOf({ host }: MailServer): SecretName | null {
  return host === '' ? null : `mail.password@${host}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
